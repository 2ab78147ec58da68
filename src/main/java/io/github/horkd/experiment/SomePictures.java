package io.github.horkd.experiment;

import io.github.horkd.data.PairedImages;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which pictures of a large set stand for all of it. Sources are sorted by class as a rule, so the first ones would be a few classes. Of many people some are taken whole, since one picture of each would
 * have no other to be found by; of few classes, pictures evenly over the set.
 */
final class SomePictures {

    /** Pictures a class, on average, from which classes are large. */
    private static final int LARGE = 20;

    private SomePictures() {}

    /**
     * The rows that are taken.
     *
     * @param images the set
     * @param most   so many at most
     * @return in order
     */
    static int[] of(PairedImages images, int most) {
        int size = images.size();
        if (size <= most) {
            return IntStream.range(0, size).toArray();
        }
        if (images.classes().isEmpty() || size / images.classes().size() >= LARGE) {
            return IntStream.range(0, most)
                    .map(i -> (int) ((long) i * size / most))
                    .toArray();
        }
        // A class is taken while not more than its share of what was seen so far is.
        int[] counts = new int[images.classes().size() + 1]; // the last one: whoever has no label
        IntStream.range(0, size).forEach(i -> counts[place(images, i)]++);
        boolean[] taken = new boolean[counts.length];
        long seen = 0;
        int kept = 0;
        for (int c = 0; c < counts.length; c++) {
            seen += counts[c];
            if (kept + counts[c] <= most && kept + counts[c] <= seen * most / size + counts[c] / 2) {
                taken[c] = true;
                kept += counts[c];
            }
        }
        int[] rows =
                IntStream.range(0, size).filter(i -> taken[place(images, i)]).toArray();
        return Arrays.copyOf(rows, Math.min(rows.length, most));
    }

    private static int place(PairedImages images, int index) {
        int label = images.label(index);
        return label == PairedImages.UNLABELLED ? images.classes().size() : label;
    }
}
