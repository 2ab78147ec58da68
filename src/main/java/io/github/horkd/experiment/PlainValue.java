package io.github.horkd.experiment;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Values that are one text, number or word in a file; and how what is wrong there is said, with its place. */
final class PlainValue {

    private static final Set<Class<?>> WHOLE = Set.of(int.class, Integer.class, long.class, Long.class);
    private static final Set<Class<?>> OTHERS =
            Set.of(String.class, Path.class, boolean.class, Boolean.class, double.class, Double.class);

    private PlainValue() {}

    static boolean is(Class<?> type) {
        return type.isEnum() || WHOLE.contains(type) || OTHERS.contains(type);
    }

    static Object read(Class<?> wanted, Object tree, String at) {
        if (wanted.isEnum()) {
            return constant(wanted, tree, at);
        }
        if (WHOLE.contains(wanted)) {
            return whole(wanted, tree, at);
        }
        if (wanted == boolean.class || wanted == Boolean.class) {
            return tree instanceof Boolean ? tree : refuse(at, "true or false", tree);
        }
        if (wanted == double.class || wanted == Double.class) {
            return tree instanceof Number number ? (Object) number.doubleValue() : notFinite(tree, at);
        }
        if (tree instanceof Map || tree instanceof List) {
            throw wrong(at, "a text", tree);
        }
        return wanted == Path.class ? checked(at, () -> Path.of(String.valueOf(tree))) : String.valueOf(tree);
    }

    private static Object whole(Class<?> wanted, Object tree, String at) {
        boolean small = wanted == int.class || wanted == Integer.class;
        if (tree instanceof Number number && (tree instanceof Integer || tree instanceof Long)) {
            long value = number.longValue();
            if (!small) {
                return value;
            }
            if (value == (int) value) {
                return (int) value;
            }
        }
        throw wrong(at, "a whole number", tree);
    }

    private static Object notFinite(Object tree, String at) {
        return switch (String.valueOf(tree)) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> refuse(at, "a number", tree);
        };
    }

    private static Object constant(Class<?> wanted, Object tree, String at) {
        for (Object constant : wanted.getEnumConstants()) {
            if (word((Enum<?>) constant).equals(tree)) {
                return constant;
            }
        }
        List<String> words = Arrays.stream(wanted.getEnumConstants())
                .map(constant -> word((Enum<?>) constant))
                .toList();
        throw new IllegalArgumentException(
                at + ": there is no '" + tree + "' here" + NearestName.advice(String.valueOf(tree), words));
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String describe(Class<?> wanted) {
        return wanted.isEnum() || wanted.isRecord() || wanted.isInterface()
                ? ("AEIOU".indexOf(wanted.getSimpleName().charAt(0)) < 0 ? "a " : "an ") + wanted.getSimpleName()
                : wanted == boolean.class ? "true or false" : wanted == String.class ? "a text" : "a number";
    }

    private static Object refuse(String at, String wanted, Object got) {
        throw wrong(at, wanted, got);
    }

    static IllegalArgumentException nothing(String at, String wanted) {
        return new IllegalArgumentException(at + ": wanted " + wanted + ", got nothing");
    }

    static IllegalArgumentException wrong(String at, String wanted, Object got) {
        return new IllegalArgumentException(
                at + ": wanted " + wanted + ", got " + (got instanceof String ? "'" + got + "'" : got));
    }

    /** What a value refuses is said with its place in the file. */
    static <T> T checked(String at, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException | NullPointerException | ArithmeticException e) {
            String said = String.valueOf(e.getMessage());
            throw said.startsWith(at) ? e : new IllegalArgumentException(at + ": " + said, e);
        }
    }
}
