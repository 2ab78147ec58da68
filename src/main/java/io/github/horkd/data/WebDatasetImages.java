package io.github.horkd.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Images in the shards of a WebDataset: tars (plain or gzipped) in which {@code 000123.jpg} and {@code 000123.cls} are one
 * sample. The class is the text of {@code .cls}; else the field {@code cls}, {@code label}, {@code class}, {@code class_id}, {@code identity} or
 * {@code target} of {@code .json}; else the line in {@code .txt}. Samples that have none at all are unlabelled; some with and some without is an error. An image's name
 * is its path in its shard.
 *
 * <p>Images are read as {@link ImageFolder} reads them.
 */
public final class WebDatasetImages {

    private static final int MOST_SHARDS = 100_000;

    private WebDatasetImages() {}

    /**
     * Opens shards.
     *
     * @param shards      a path in which braces stand for numbers or words, all of them:
     *                    {@code train-{000000..000012}.tar}, {@code {train,test}.tar}
     * @param highShape   the high-resolution view; its channels decide between gray and colour
     * @param degradation how the low-resolution view is made
     * @return the pairs
     * @throws java.io.UncheckedIOException when a shard or one of its images cannot be read
     */
    public static PairedImages open(String shards, ImageShape highShape, Degradation degradation) {
        return open(shards, highShape, degradation, ImageOptions.defaults());
    }

    /**
     * Opens shards.
     *
     * @param shards      a path in which braces stand for numbers or words
     * @param highShape   the high-resolution view; its channels decide between gray and colour
     * @param degradation how the low-resolution view is made
     * @param options     how images are read; of layouts, only {@link Layout#UNLABELLED} has a meaning here
     * @return the pairs
     * @throws java.io.UncheckedIOException when a shard or one of its images cannot be read
     */
    public static PairedImages open(
            String shards, ImageShape highShape, Degradation degradation, ImageOptions options) {
        return ImageFolder.derived(
                WebDatasetTree.of(shards), Path.of(shards), highShape.channels(), highShape, degradation, options);
    }

    /** Every text that a pattern with braces means, in its order. */
    static List<String> expand(String pattern) {
        int open = pattern.indexOf('{');
        if (open < 0) {
            return List.of(pattern);
        }
        int close = closing(pattern, open);
        String inner = pattern.substring(open + 1, close);
        List<String> rest = expand(pattern.substring(close + 1));
        List<String> all = new ArrayList<>();
        for (String option : options(inner, pattern)) {
            for (String tail : rest) {
                if (all.size() == MOST_SHARDS) {
                    throw new IllegalArgumentException(
                            "shards: wanted at most " + MOST_SHARDS + ", got more by " + pattern);
                }
                all.add(pattern.substring(0, open) + option + tail);
            }
        }
        return all;
    }

    private static int closing(String pattern, int open) {
        int depth = 0;
        for (int i = open; i < pattern.length(); i++) {
            depth += pattern.charAt(i) == '{' ? 1 : pattern.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("shards: wanted a closing brace for every opening one, got " + pattern);
    }

    private static List<String> options(String inner, String pattern) {
        if (inner.matches("\\d{1,9}\\.\\.\\d{1,9}")) {
            String first = inner.substring(0, inner.indexOf('.'));
            int from = Integer.parseInt(first);
            int to = Integer.parseInt(inner.substring(inner.lastIndexOf('.') + 1));
            if (to < from || to - from >= MOST_SHARDS) {
                throw new IllegalArgumentException(
                        "shards: wanted numbers that rise, at most " + MOST_SHARDS + " of them, got " + pattern);
            }
            List<String> numbers = new ArrayList<>();
            for (int k = from; k <= to; k++) {
                numbers.add(String.format(Locale.ROOT, "%0" + first.length() + "d", k));
            }
            return numbers;
        }
        List<String> words = new ArrayList<>();
        int depth = 0;
        int begin = 0;
        for (int i = 0; i <= inner.length(); i++) {
            char c = i < inner.length() ? inner.charAt(i) : ',';
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (i == inner.length() || c == ',' && depth == 0) {
                words.addAll(expand(inner.substring(begin, i)));
                begin = i + 1;
            }
        }
        return words;
    }
}
