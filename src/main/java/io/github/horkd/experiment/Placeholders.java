package io.github.horkd.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts values in the place of {@code ${name}} in the texts of a file, or what {@code ${name:otherwise}} says. A text that is nothing else becomes a number, or true or false, where the value is
 * one.
 */
final class Placeholders {

    private static final Pattern NAME = Pattern.compile("\\$\\{([A-Za-z0-9_-]{1,100})(?::([^{}]{0,1000}))?}");

    private static final int MOST = 200_000;
    /** An alias may lead back to what it stands in. */
    private static final int DEEPEST = 100;

    private Placeholders() {}

    static Object filled(Object tree, Map<String, String> values, String at) {
        return filled(tree, values, at, new int[1], 0);
    }

    /** What is repeated by an alias is one object in memory and many here: a few lines of nested aliases could stand for more than any memory holds. */
    private static Object filled(Object tree, Map<String, String> values, String at, int[] seen, int depth) {
        if (++seen[0] > MOST) {
            throw new IllegalArgumentException(
                    at + ": holds more than the " + MOST + " values allowed, aliases spelt out");
        }
        if (depth > DEEPEST) {
            throw new IllegalArgumentException(at.substring(0, Math.min(at.length(), 200)) + "…: nested deeper than "
                    + DEEPEST + ", or in itself");
        }
        if (tree instanceof Map<?, ?> items) {
            Map<String, Object> all = new LinkedHashMap<>();
            items.forEach((name, item) ->
                    all.put(String.valueOf(name), filled(item, values, at + "." + name, seen, depth + 1)));
            return all;
        }
        if (tree instanceof List<?> items) {
            return items.stream()
                    .map(item -> filled(item, values, at, seen, depth + 1))
                    .toList();
        }
        return tree instanceof String text ? filled(text, values, at) : tree;
    }

    private static Object filled(String text, Map<String, String> values, String at) {
        Matcher found = NAME.matcher(text);
        StringBuilder whole = new StringBuilder();
        boolean alone = found.matches();
        found.reset();
        while (found.find()) {
            String value = values.getOrDefault(found.group(1), found.group(2));
            if (value == null) {
                throw new IllegalArgumentException(at + ": wanted a value for ${" + found.group(1)
                        + "}, got none; give it with -D" + found.group(1) + "=…");
            }
            found.appendReplacement(whole, Matcher.quoteReplacement(value));
        }
        String all = found.appendTail(whole).toString();
        return alone ? plain(all) : all;
    }

    private static Object plain(String text) {
        if (text.matches("-?\\d{1,18}")) {
            return Long.parseLong(text);
        }
        if (text.matches("-?\\d+\\.\\d+([eE]-?\\d+)?")) {
            return Double.parseDouble(text);
        }
        return text.equals("true") || text.equals("false") ? (Object) Boolean.valueOf(text) : text;
    }
}
