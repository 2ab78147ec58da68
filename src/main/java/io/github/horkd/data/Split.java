package io.github.horkd.data;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two parts of one source without an image in common.
 *
 * @param train what to learn from
 * @param test  what to judge by
 */
public record Split(PairedImages train, PairedImages test) {

    private static final Logger LOG = LoggerFactory.getLogger(Split.class);

    /** Comparing reads every image; of more than these, whoever wants to know asks. */
    static final int MOST_COMPARED = 100_000;

    static Split of(PairedImages images, double trainFraction, long seed) {
        boolean[] train = training(images, trainFraction, seed);
        return said(new Split(images.where(i -> train[i]), images.where(i -> !train[i])));
    }

    /**
     * Which images {@link PairedImages#split} puts into the training part, for who has something else by the same indices.
     *
     * @param images        the images
     * @param trainFraction between 0 and 1
     * @param seed          the same seed, the same part
     * @return indices, rising
     */
    public static int[] trainIndices(PairedImages images, double trainFraction, long seed) {
        boolean[] train = training(images, trainFraction, seed);
        return IntStream.range(0, train.length).filter(i -> train[i]).toArray();
    }

    private static boolean[] training(PairedImages images, double trainFraction, long seed) {
        check(trainFraction);
        boolean[] train = new boolean[images.size()];
        List<String> single = new ArrayList<>();
        int[][] members = members(images);
        for (int group = 0; group < members.length; group++) {
            int[] shuffled = members[group];
            boolean labelled = group < images.classes().size();
            if (labelled && shuffled.length == 1) {
                single.add(images.classes().get(group));
            }
            Seeds.shuffle(shuffled, new SplittableRandom(Seeds.mix(seed, group)));
            int most = Math.max(shuffled.length - 1, labelled ? 0 : shuffled.length);
            long wanted = Math.max(Math.round(trainFraction * shuffled.length), Math.min(1, most));
            for (int k = 0; k < Math.min(wanted, most); k++) {
                train[shuffled[k]] = true;
            }
        }
        if (!single.isEmpty()) {
            throw new IllegalArgumentException("split: wanted at least 2 images of every class, got one of "
                    + FirstFew.of(single) + "; leave such classes out with classesWithAtLeast(2)");
        }
        return train;
    }

    static Split byClass(PairedImages images, double trainFraction, long seed) {
        check(trainFraction);
        int[] present = IntStream.range(0, images.size())
                .map(images::label)
                .filter(l -> l != PairedImages.UNLABELLED)
                .distinct()
                .sorted()
                .toArray();
        if (present.length < 2) {
            throw new IllegalArgumentException(
                    "splitByClass: wanted at least 2 classes with labelled images, got " + present.length);
        }
        Seeds.shuffle(present, new SplittableRandom(seed));
        long wanted = Math.round(trainFraction * present.length);
        boolean[] train = new boolean[images.classes().size()];
        for (int k = 0; k < Math.min(Math.max(wanted, 1), present.length - 1); k++) {
            train[present[k]] = true;
        }
        PairedImages labelled = images.labelled();
        if (labelled.size() < images.size()) {
            LOG.warn("splitByClass: left out, {} images without a label", images.size() - labelled.size());
        }
        return said(new Split(
                labelled.where(i -> train[labelled.label(i)]).withoutUnusedClasses(),
                labelled.where(i -> !train[labelled.label(i)]).withoutUnusedClasses()));
    }

    private static void check(double trainFraction) {
        if (!(trainFraction > 0 && trainFraction < 1)) {
            throw new IllegalArgumentException("trainFraction: wanted 0 < fraction < 1, got " + trainFraction);
        }
    }

    /** A picture on both sides is memorised and not recognised. */
    private static Split said(Split split) {
        if (split.train.size() + split.test.size() > MOST_COMPARED) {
            return split;
        }
        Duplicates both = Duplicates.between(split.train, split.test);
        if (!both.isEmpty()) {
            LOG.warn(
                    "split: the same picture is in training and test, {}; Duplicates.between(train, test) tells all",
                    both);
        }
        return split;
    }

    /** The indices of every class, and last those of the unlabelled. */
    private static int[][] members(PairedImages images) {
        int classes = images.classes().size();
        List<IntStream.Builder> builders = IntStream.rangeClosed(0, classes)
                .mapToObj(g -> IntStream.builder())
                .toList();
        for (int i = 0; i < images.size(); i++) {
            int label = images.label(i);
            builders.get(label == PairedImages.UNLABELLED ? classes : label).add(i);
        }
        return builders.stream().map(b -> b.build().toArray()).toArray(int[][]::new);
    }
}
