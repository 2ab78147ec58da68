package io.github.horkd.experiment;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A seed that follows from that of a run: {@code times · run + plus}. Written as {@code 10 * seed + 1}, {@code seed}, or a number, which is the same for all runs.
 *
 * @param times what the run's seed is multiplied by; 0 for a seed that is the same for all runs
 * @param plus  what is added
 */
public record Seed(long times, long plus) {

    private static final Pattern FORM =
            Pattern.compile("(?:(-?\\d{1,18})\\s*\\*\\s*)?seed(?:\\s*([+-])\\s*(\\d{1,18}))?");

    /**
     * The seed of the run itself.
     *
     * @return 1 · run + 0
     */
    public static Seed ofRun() {
        return new Seed(1, 0);
    }

    /**
     * The same seed for all runs.
     *
     * @param value the seed
     * @return 0 · run + value
     */
    public static Seed fixed(long value) {
        return new Seed(0, value);
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @param text {@code 10 * seed + 1} for instance
     * @return the seed
     * @throws IllegalArgumentException when it is no such text
     */
    public static Seed parse(String text) {
        String stripped = text.strip();
        if (stripped.matches("-?\\d{1,18}")) {
            return fixed(Long.parseLong(stripped));
        }
        Matcher matcher = FORM.matcher(stripped);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "seed: wanted a number, 'seed', or something like '10 * seed + 1', got '" + text + "'");
        }
        long times = matcher.group(1) == null ? 1 : Long.parseLong(matcher.group(1));
        long plus = matcher.group(3) == null ? 0 : Long.parseLong(matcher.group(3));
        return new Seed(times, "-".equals(matcher.group(2)) ? -plus : plus);
    }

    /**
     * The seed of one run.
     *
     * @param run the run's own
     * @return what follows from it
     */
    public long of(long run) {
        return times * run + plus;
    }

    /** Whether it differs from run to run. */
    boolean varies() {
        return times != 0;
    }

    @Override
    public String toString() {
        if (times == 0) {
            return Long.toString(plus);
        }
        String run = times == 1 ? "seed" : times + " * seed";
        return plus == 0 ? run : run + (plus > 0 ? " + " + plus : " - " + -plus);
    }
}
