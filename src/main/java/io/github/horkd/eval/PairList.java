package io.github.horkd.eval;

import io.github.horkd.data.PairedImages;
import io.github.horkd.internal.file.ComposedName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pairs of a protocol file of Labeled Faces in the Wild ({@code pairs.txt}, {@code pairsDevTrain.txt}, {@code
 * pairsDevTest.txt}). Fields are separated by tabs. The first line holds the number of pairs of each kind (one fold),
 * or the number of folds and that of pairs of each kind per fold; then, fold by fold, come the matched pairs (name, n₁,
 * n₂) and the mismatched ones (name₁, n₁, name₂, n₂).
 *
 * @param pairs in the order of the file
 * @param folds how many folds there are, at least 1
 */
public record PairList(List<Entry> pairs, int folds) {

    public PairList {
        pairs = List.copyOf(pairs);
    }

    /**
     * One pair.
     *
     * @param firstName    who is on the first image
     * @param firstNumber  which image of theirs, from 1
     * @param secondName   who is on the second image
     * @param secondNumber which image of theirs, from 1
     * @param fold         0 … folds − 1
     * @param line         its line in the file, from 1
     */
    public record Entry(String firstName, int firstNumber, String secondName, int secondNumber, int fold, int line) {

        /**
         * Whether both images show the same person.
         *
         * @return true for a matched pair
         */
        public boolean same() {
            return firstName.equals(secondName);
        }
    }

    /**
     * Reads a file.
     *
     * @param file a protocol file
     * @return its pairs
     * @throws java.io.UncheckedIOException when it cannot be read
     * @throws IllegalArgumentException     when a line is not what its place wants; file and line are named
     */
    public static PairList read(Path file) {
        return parse(ProtocolLines.read(file));
    }

    static PairList parse(ProtocolLines lines) {
        String head = "a number of pairs, or folds and pairs per fold";
        String[] first = lines.take(head);
        if (first.length > 2) {
            throw lines.wrong(head, first.length + " fields");
        }
        int folds = first.length == 1 ? 1 : lines.number(first[0], head);
        int each = lines.number(first[first.length - 1], head);
        List<Entry> pairs = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            for (long i = 0; i < 2L * each; i++) {
                pairs.add(entry(lines, fold, i < each));
            }
        }
        lines.wantEnd(folds + " folds of " + each + " matched and " + each + " mismatched pairs");
        return new PairList(pairs, folds);
    }

    private static Entry entry(ProtocolLines lines, int fold, boolean matched) {
        String wanted = matched
                ? "a matched pair (name, number, number)"
                : "a mismatched pair (name, number, other name, number)";
        String[] fields = lines.take(wanted);
        if (fields.length != (matched ? 3 : 4)) {
            throw lines.wrong(wanted, fields.length + " fields");
        }
        String first = lines.name(fields[0]);
        String second = matched ? first : lines.name(fields[2]);
        if (!matched && first.equals(second)) {
            throw lines.wrong(wanted, first + " twice");
        }
        return new Entry(
                first,
                lines.number(fields[1], wanted),
                second,
                lines.number(fields[fields.length - 1], wanted),
                fold,
                lines.number());
    }

    /**
     * The pairs whose people are both among some.
     *
     * @param people names, for example those no network was trained on
     * @return a shorter list, with its folds as they were
     */
    public PairList among(Set<String> people) {
        Set<String> composed = people.stream().map(ComposedName::of).collect(Collectors.toSet());
        return new PairList(
                pairs.stream()
                        .filter(pair -> composed.contains(pair.firstName()) && composed.contains(pair.secondName()))
                        .toList(),
                folds);
    }

    /**
     * Finds the images. Image n of {@code Some_One} is the one whose name, without its extension, ends in
     * {@code Some_One/Some_One_000n}.
     *
     * @param images where to look
     * @return the pairs by index
     * @throws IllegalArgumentException when an image is missing, or two have the same name
     */
    public ImagePairs in(PairedImages images) {
        Map<String, Integer> index = index(images);
        int[] first = new int[pairs.size()];
        int[] second = new int[pairs.size()];
        boolean[] same = new boolean[pairs.size()];
        int[] fold = new int[pairs.size()];
        for (int i = 0; i < first.length; i++) {
            Entry pair = pairs.get(i);
            first[i] = find(index, pair.firstName(), pair.firstNumber(), pair.line());
            second[i] = find(index, pair.secondName(), pair.secondNumber(), pair.line());
            same[i] = pair.same();
            fold[i] = pair.fold();
        }
        return ImagePairs.of(first, second, same, fold);
    }

    private static int find(Map<String, Integer> index, String name, int number, int line) {
        String wanted = String.format(Locale.ROOT, "%s/%s_%04d", name, name, number);
        Integer found = index.get(wanted);
        if (found == null) {
            throw new IllegalArgumentException(
                    "pair of line " + line + ": wanted an image " + wanted + ", got none among " + index.size()
                            + "; restrict the list with among(...) or give the whole set of images");
        }
        return found;
    }

    private static Map<String, Integer> index(PairedImages images) {
        Map<String, Integer> index = new HashMap<>();
        for (int i = 0; i < images.size(); i++) {
            String name = images.name(i).replace('\\', '/');
            int dot = name.lastIndexOf('.');
            String plain = dot > name.lastIndexOf('/') ? name.substring(0, dot) : name;
            int folder = plain.lastIndexOf('/', plain.lastIndexOf('/') - 1);
            Integer other = index.put(ComposedName.of(plain.substring(folder + 1)), i);
            if (other != null) {
                throw new IllegalArgumentException("images " + images.name(other) + " and " + images.name(i)
                        + ": wanted names that differ in more than extension and outer folders");
            }
        }
        return index;
    }
}
