package io.github.horkd.eval;

import java.util.Locale;

/** How shares print: percent with one decimal, or words where there was nothing to measure. */
final class PercentText {

    private static final String NOTHING = "n/a";

    private PercentText() {}

    static String of(double share) {
        return Double.isNaN(share) ? NOTHING : number(100 * share, 1);
    }

    static String number(double value, int decimals) {
        return Double.isNaN(value) ? NOTHING : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
