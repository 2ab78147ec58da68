package io.github.horkd.report;

import io.github.horkd.data.PairedImages;
import io.github.horkd.eval.Identification;
import io.github.horkd.eval.OpenSetIdentification;
import io.github.horkd.eval.PairWeight;
import io.github.horkd.eval.Verification;
import io.github.horkd.internal.rows.UnitRows;
import java.util.Arrays;

/**
 * A recogniser with its figures.
 *
 * @param by             the recogniser
 * @param testLabels     whom each probe shows
 * @param galleryLabels  whom each picture of the gallery shows
 * @param identification against the gallery
 * @param verification   probes against the other test pictures at high resolution, one vote a person
 * @param openSet        with every second person of the gallery taken out of it
 * @param nearest        for each probe the row of the gallery that is nearest, −1 for an empty gallery
 * @param cosines        how near
 */
record Judged(
        ComparedEmbeddings by,
        int[] testLabels,
        int[] galleryLabels,
        Identification identification,
        Verification verification,
        OpenSetIdentification openSet,
        int[] nearest,
        float[] cosines) {

    static Judged of(ComparedEmbeddings by, int[] testLabels, int[] galleryLabels) {
        int[] nearest = new int[testLabels.length];
        float[] cosines = new float[testLabels.length];
        UnitRows.of(by.name(), by.probes()).compare(UnitRows.of(by.name(), by.gallery()), (probe, row, at) -> {
            int best = -1;
            for (int j = 0; j < galleryLabels.length; j++) {
                if (galleryLabels[j] != PairedImages.UNLABELLED && (best < 0 || row[at + j] > row[at + best])) {
                    best = j;
                }
            }
            nearest[probe] = best;
            cosines[probe] = best < 0 ? Float.NaN : row[at + best];
        });
        return new Judged(
                by,
                testLabels,
                galleryLabels,
                Identification.of(by.probes(), testLabels, by.gallery(), galleryLabels),
                Verification.allPairs(by.sharp(), by.probes(), testLabels, PairWeight.PER_PERSON),
                OpenSetIdentification.of(by.probes(), testLabels, by.gallery(), everySecond(galleryLabels)),
                nearest,
                cosines);
    }

    private static int[] everySecond(int[] labels) {
        int[] people = Arrays.stream(labels)
                .filter(l -> l != PairedImages.UNLABELLED)
                .distinct()
                .sorted()
                .toArray();
        return Arrays.stream(labels)
                .map(l -> l != PairedImages.UNLABELLED && Arrays.binarySearch(people, l) % 2 == 0
                        ? l
                        : PairedImages.UNLABELLED)
                .toArray();
    }

    /** Whom it takes a probe for, or {@link PairedImages#UNLABELLED}. */
    int answer(int probe) {
        return nearest[probe] < 0 ? PairedImages.UNLABELLED : galleryLabels[nearest[probe]];
    }

    boolean right(int probe) {
        return answer(probe) == testLabels[probe];
    }
}
