package io.github.horkd.examples;

import java.util.stream.LongStream;

/** The system properties that examples take: {@code -Dname=value}; an empty one counts as not given. */
final class Options {

    private Options() {
    }

    static String text(String name, String otherwise) {
        String value = System.getProperty(name, "");
        return value.isBlank() ? otherwise : value;
    }

    static int number(String name, int otherwise) {
        String value = text(name, Integer.toString(otherwise));
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("-D" + name + ": wanted a whole number, got '" + value + "'", e);
        }
    }

    /** The seeds 1 … n, n by {@code -Dseeds=}. */
    static long[] seeds(int otherwise) {
        return LongStream.rangeClosed(1, number("seeds", otherwise)).toArray();
    }
}
