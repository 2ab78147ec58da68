package io.github.horkd.data;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Two parts of one source without an image in common.
 *
 * @param train what to learn from
 * @param test  what to judge by
 */
public record Split(PairedImages train, PairedImages test) {

    static Split of(PairedImages images, double trainFraction, long seed) {
        if (!(trainFraction > 0 && trainFraction < 1)) {
            throw new IllegalArgumentException("trainFraction: wanted 0 < fraction < 1, got " + trainFraction);
        }
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
        return new Split(images.where(i -> train[i]), images.where(i -> !train[i]));
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
