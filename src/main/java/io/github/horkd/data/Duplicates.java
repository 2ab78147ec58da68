package io.github.horkd.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pictures that are there more than once, sample for sample in the high-resolution view. One of them in two classes is a wrong
 * label; one of them in training and test makes a figure look better than it is.
 *
 * @param pairs every later picture with the first one that is equal to it
 */
public record Duplicates(List<Pair> pairs) {

    /**
     * Two equal pictures.
     *
     * @param first     the name of the one
     * @param second    the name of the other
     * @param sameClass whether both are of one class, or of none
     */
    public record Pair(String first, String second, boolean sameClass) {

        @Override
        public String toString() {
            return first + " = " + second;
        }
    }

    /** Copies the list. */
    public Duplicates {
        pairs = List.copyOf(pairs);
    }

    /**
     * Looks within one source. Reads every image once.
     *
     * @param images the source
     * @return what is there more than once
     */
    public static Duplicates within(PairedImages images) {
        Map<Long, List<Integer>> seen = new HashMap<>();
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            find(images, seen, images, i, pairs);
            seen.computeIfAbsent(images.fingerprint(i), f -> new ArrayList<>(1)).add(i);
        }
        return new Duplicates(pairs);
    }

    /**
     * Looks for pictures of one source in another. Reads every image once.
     *
     * @param train the one
     * @param test  the other; its pictures are the second of each pair
     * @return what is in both
     */
    public static Duplicates between(PairedImages train, PairedImages test) {
        Map<Long, List<Integer>> seen = new HashMap<>();
        for (int i = 0; i < train.size(); i++) {
            seen.computeIfAbsent(train.fingerprint(i), f -> new ArrayList<>(1)).add(i);
        }
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < test.size(); i++) {
            find(train, seen, test, i, pairs);
        }
        return new Duplicates(pairs);
    }

    /** Those of two classes. */
    public Duplicates acrossClasses() {
        return new Duplicates(pairs.stream().filter(p -> !p.sameClass).toList());
    }

    /** Whether no picture is there twice. */
    public boolean isEmpty() {
        return pairs.isEmpty();
    }

    @Override
    public String toString() {
        return pairs.size()
                + (pairs.size() == 1 ? " pair" : " pairs")
                + (pairs.isEmpty()
                        ? ""
                        : ": " + FirstFew.of(pairs.stream().map(Pair::toString).toList()));
    }

    /** Equal fingerprints are not yet equal pictures. */
    private static void find(
            PairedImages images, Map<Long, List<Integer>> seen, PairedImages others, int other, List<Pair> pairs) {
        List<Integer> candidates = seen.getOrDefault(others.fingerprint(other), List.of());
        if (candidates.isEmpty() || !images.shape(Resolution.HIGH).equals(others.shape(Resolution.HIGH))) {
            return;
        }
        float[] view = high(others, other);
        for (int candidate : candidates) {
            if (Arrays.equals(view, high(images, candidate))) {
                pairs.add(new Pair(
                        images.name(candidate),
                        others.name(other),
                        classOf(images, candidate).equals(classOf(others, other))));
                return;
            }
        }
    }

    private static String classOf(PairedImages images, int index) {
        int label = images.label(index);
        return label == PairedImages.UNLABELLED ? "" : images.classes().get(label);
    }

    private static float[] high(PairedImages images, int index) {
        float[] view = new float[images.shape(Resolution.HIGH).size()];
        images.read(index, Pose.IDENTITY, view, 0, null, 0);
        return view;
    }
}
