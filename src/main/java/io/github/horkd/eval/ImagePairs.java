package io.github.horkd.eval;

import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.LocalScaling;
import io.github.horkd.internal.rows.UnitRows;
import java.util.Arrays;
import java.util.HashMap;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Pairs of images by their indices, whether they show the same identity, and the fold each belongs to. Immutable. */
public final class ImagePairs {

    private static final long MOST = 50_000_000;

    private final int[] first;
    private final int[] second;
    private final boolean[] same;
    private final int[] folds;

    private ImagePairs(int[] first, int[] second, boolean[] same, int[] folds) {
        this.first = first;
        this.second = second;
        this.same = same;
        this.folds = folds;
    }

    /**
     * Puts pairs together.
     *
     * @param first  indices of the first images
     * @param second indices of the second images
     * @param same   whether a pair is matched
     * @param folds  fold numbers; all 0 where there are none
     * @return the pairs
     */
    public static ImagePairs of(int[] first, int[] second, boolean[] same, int[] folds) {
        if (second.length != first.length || same.length != first.length || folds.length != first.length) {
            throw new IllegalArgumentException("pairs: wanted as many second images, flags and folds as first images ("
                    + first.length + "), got " + second.length + ", " + same.length + " and " + folds.length);
        }
        return new ImagePairs(first.clone(), second.clone(), same.clone(), folds.clone());
    }

    /**
     * Every unordered pair of labelled images, matched where the labels are equal, all in fold 0. For whole sets that are measured only once,
     * {@link Verification#allPairs} needs no memory for pairs.
     *
     * @param labels who is on each image; unlabelled ones are left out
     * @return the pairs, ordered by their first and then by their second image
     * @throws IllegalArgumentException when there are more than 50 million
     */
    public static ImagePairs all(int[] labels) {
        int[] known = IntStream.range(0, labels.length)
                .filter(i -> labels[i] != PairedImages.UNLABELLED)
                .toArray();
        long count = (long) known.length * (known.length - 1) / 2;
        if (count > MOST) {
            throw new IllegalArgumentException("pairs: wanted at most " + MOST + ", got " + count
                    + "; Verification.allPairs measures them without keeping them");
        }
        int[] first = new int[(int) count];
        int[] second = new int[first.length];
        boolean[] same = new boolean[first.length];
        int at = 0;
        for (int i = 0; i < known.length; i++) {
            for (int j = i + 1; j < known.length; j++) {
                first[at] = known[i];
                second[at] = known[j];
                same[at++] = labels[known[i]] == labels[known[j]];
            }
        }
        return new ImagePairs(first, second, same, new int[first.length]);
    }

    /**
     * These pairs followed by themselves with first and second exchanged. Across resolutions the two directions differ:
     * here one's HR with the other's LR, there the other way round.
     *
     * @return twice as many pairs
     */
    public ImagePairs bothWays() {
        boolean[] twice = Arrays.copyOf(same, 2 * same.length);
        System.arraycopy(same, 0, twice, same.length, same.length);
        return new ImagePairs(joined(first, second), joined(second, first), twice, joined(folds, folds));
    }

    private static int[] joined(int[] head, int[] tail) {
        return IntStream.concat(Arrays.stream(head), Arrays.stream(tail)).toArray();
    }

    /**
     * How many pairs there are.
     *
     * @return a count, at least 0
     */
    public int size() {
        return first.length;
    }

    /**
     * The first image of every pair.
     *
     * @return a copy
     */
    public int[] first() {
        return first.clone();
    }

    /**
     * The second image of every pair.
     *
     * @return a copy
     */
    public int[] second() {
        return second.clone();
    }

    /**
     * Whether each pair is matched.
     *
     * @return a copy
     */
    public boolean[] same() {
        return same.clone();
    }

    /**
     * The fold of every pair.
     *
     * @return a copy
     */
    public int[] folds() {
        return folds.clone();
    }

    /**
     * The cosine of every pair: the row of its first image in one array with that of its second in the other. An embedding of
     * zeros has cosine 0.
     *
     * @param firsts  [N, D], what the first images are looked up in
     * @param seconds [M, D], what the second images are looked up in; the same array within one network and resolution
     * @return one score per pair
     */
    public float[] cosines(INDArray firsts, INDArray seconds) {
        UnitRows these = UnitRows.of("first", firsts);
        UnitRows those = firsts == seconds ? these : UnitRows.of("second", seconds);
        these.wantSameWidth(those);
        float[] scores = new float[first.length];
        for (int i = 0; i < scores.length; i++) {
            wantRow(i, first[i], these.count());
            wantRow(i, second[i], those.count());
            scores[i] = these.cosine(first[i], those, second[i]);
        }
        return scores;
    }

    /**
     * The cosine of every pair with local scaling: the row of its first image in the gallery with that of its second among the probes.
     *
     * @param gallery [N, D], what the first images are looked up in
     * @param probes  [M, D], what the second images are looked up in
     * @param scaling by a cohort of other images, embedded as these are
     * @return one score per pair
     */
    public float[] scores(INDArray gallery, INDArray probes, LocalScaling scaling) {
        float[] scores = cosines(gallery, probes);
        float[] ofGallery = scaling.ofGallery(gallery);
        float[] ofProbes = scaling.ofProbes(probes);
        for (int i = 0; i < scores.length; i++) {
            scores[i] = LocalScaling.score(scores[i], ofProbes[second[i]], ofGallery[first[i]]);
        }
        return scores;
    }

    private static void wantRow(int pair, int index, int rows) {
        if (index < 0 || index >= rows) {
            throw new IllegalArgumentException(
                    "pair " + pair + ": wanted an image 0 to " + (rows - 1) + ", got " + index);
        }
    }

    /**
     * Verifies these pairs by the cosines of their embeddings.
     *
     * @param firsts  as for {@link #cosines}
     * @param seconds as for {@link #cosines}
     * @return the verification, every pair counting the same
     */
    public Verification verify(INDArray firsts, INDArray seconds) {
        return Verification.of(cosines(firsts, seconds), same);
    }

    /**
     * Verifies these pairs by the cosines of their embeddings with local scaling.
     *
     * @param gallery as for {@link #scores}
     * @param probes  as for {@link #scores}
     * @param scaling as for {@link #scores}
     * @return the verification, every pair counting the same
     */
    public Verification verify(INDArray gallery, INDArray probes, LocalScaling scaling) {
        return Verification.of(scores(gallery, probes, scaling), same);
    }

    /**
     * Verifies these pairs fold by fold.
     *
     * @param firsts   as for {@link #cosines}
     * @param seconds  as for {@link #cosines}
     * @param accuracy what to count
     * @return the accuracy over the folds
     */
    public FoldAccuracy verifyFolds(INDArray firsts, INDArray seconds, Accuracy accuracy) {
        return FoldAccuracy.of(cosines(firsts, seconds), same, folds, accuracy);
    }

    /**
     * Weights that give every person one vote: the matched pairs of a person weigh 1 together, mismatched pairs 1 each.
     * Rates of {@link Verification} look at one kind at a time, so the two scales do not meet, except in {@link
     * Accuracy#PLAIN}.
     *
     * @param labels who is on each image
     * @return one weight per pair
     */
    public double[] onePersonOneVote(int[] labels) {
        var counts = new HashMap<Integer, Integer>();
        for (int i = 0; i < first.length; i++) {
            wantRow(i, first[i], labels.length);
            if (same[i]) {
                counts.merge(labels[first[i]], 1, Integer::sum);
            }
        }
        return IntStream.range(0, first.length)
                .mapToDouble(i -> same[i] ? 1.0 / counts.get(labels[first[i]]) : 1)
                .toArray();
    }

    @Override
    public String toString() {
        long matched = IntStream.range(0, same.length).filter(i -> same[i]).count();
        return matched + " matched and " + (same.length - matched) + " mismatched pairs in "
                + Arrays.stream(folds).distinct().count() + " folds";
    }
}
