package io.github.horkd.distill;

/** Arguments that must be there, and weights. */
final class Arguments {

    private Arguments() {}

    static <T> T present(String name, T value) {
        if (value == null) {
            throw new IllegalArgumentException(name + ": wanted a value, got null");
        }
        return value;
    }

    static void weight(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + ": wanted a finite value of at least 0, got " + value);
        }
    }
}
