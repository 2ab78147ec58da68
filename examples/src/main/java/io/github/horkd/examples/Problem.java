package io.github.horkd.examples;

import java.io.PrintStream;
import java.io.UncheckedIOException;

/**
 * A problem that ends an example, as one message. What a user can put right says so in its own words; only what nobody foresaw shows where it happened.
 */
final class Problem implements Thread.UncaughtExceptionHandler {

    private final PrintStream out;

    Problem(PrintStream out) {
        this.out = out;
    }

    /** From now on, in this program. */
    static void asOneMessage() {
        Thread.setDefaultUncaughtExceptionHandler(new Problem(System.err));
    }

    @Override
    public void uncaughtException(Thread thread, Throwable problem) {
        boolean foreseen = problem.getMessage() != null
                && (problem instanceof IllegalArgumentException
                        || problem instanceof IllegalStateException
                        || problem instanceof UncheckedIOException
                        || problem.getClass().getName().startsWith("io.github.horkd."));
        if (foreseen && !Boolean.getBoolean("horkd.trace")) {
            out.println(System.lineSeparator() + problem.getMessage());
        } else {
            problem.printStackTrace(out);
        }
    }
}
