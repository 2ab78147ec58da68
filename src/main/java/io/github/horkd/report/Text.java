package io.github.horkd.report;

import java.util.Locale;

/** Names and numbers as text that is safe to put into a page, whoever named the pictures. */
final class Text {

    private static final int LONGEST = 200;

    private Text() {}

    /** For HTML, text or a quoted attribute. */
    static String html(String raw) {
        String shown = visible(raw);
        StringBuilder safe = new StringBuilder(shown.length() + 16);
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append(c);
            }
        }
        return safe.toString();
    }

    /** For Markdown, in running text or a cell. */
    static String markdown(String raw) {
        return visible(raw).replaceAll("([\\\\`*_\\[\\]|<>#~!])", "\\\\$1").replace("&", "&amp;");
    }

    /** Without what steers a terminal or turns the writing direction, and not longer than a page bears. */
    static String visible(String raw) {
        StringBuilder shown = new StringBuilder(raw.length());
        raw.codePoints()
                .limit(LONGEST * 20L)
                .map(c -> {
                    int type = Character.getType(c);
                    boolean steers =
                            type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE;
                    return c == '\n' || c == '\t' ? ' ' : steers ? 0xFFFD : c;
                })
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }

    /** For HTML. Names of people and of methods may be broken between their parts on a narrow screen, and nowhere else. */
    static String broken(String name) {
        return html(name).replace("_", "_<wbr>").replace("(", "<wbr>(").replace(").", ")<wbr>.");
    }

    /** A name within a sentence. */
    static String quoted(String name) {
        return "\"" + shortened(name) + "\"";
    }

    /** Not longer than a heading of a column bears. */
    static String shortened(String raw) {
        return raw.length() <= LONGEST ? raw : raw.substring(0, LONGEST - 1) + "…";
    }

    /** A number with four digits that count; "–" for none. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "∞" : "−∞";
        }
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e7) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        if (size < 1e-3 || size >= 1e6) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        int decimals = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
        return String.format(Locale.ROOT, "%." + Math.min(decimals, 4) + "f", value);
    }

    /** A share in percent with a decimal; "–" for none. */
    static String percent(double share) {
        return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.1f", 100 * share);
    }

    /** Whole numbers with their thousands apart. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A duration as people say it. */
    static String duration(double seconds) {
        if (!(seconds >= 0)) {
            return "–";
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    }
}
