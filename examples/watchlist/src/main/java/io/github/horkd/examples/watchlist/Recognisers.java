package io.github.horkd.examples.watchlist;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.Guide;
import io.github.horkd.recognise.Threshold;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Who recognises, and when it is believed.
 *
 * @param teacher    sees the sharp pictures that are enrolled
 * @param student    sees the small pictures that are asked about, in the teacher's space
 * @param similarity what the most similar person needs; below it, nobody is there
 * @param reason     where that number comes from, for people
 */
record Recognisers(Guide teacher, Guide student, double similarity, String reason) {

    /** Pictures of strangers that a threshold is calibrated on at most: four million comparisons. */
    private static final int MOST = 2000;

    /** Believes at a similarity that somebody chose. */
    static Recognisers at(double similarity, Guide teacher, Guide student) {
        if (!(similarity > -1 && similarity < 1)) {
            throw new IllegalArgumentException("threshold: wanted a cosine between -1 and 1, got " + similarity);
        }
        return new Recognisers(teacher, student, similarity, "set by hand, not calibrated");
    }

    /**
     * Believes where no more than a share of comparisons with somebody else would be accepted: every small picture is held against every
     * sharp one.
     *
     * @param heldOut people who were not in the training
     * @param rate    the share of comparisons with somebody else that may be accepted
     */
    static Recognisers calibrated(Guide teacher, Guide student, PairedImages heldOut, double rate) {
        int n = Math.min(MOST, heldOut.size());
        PairedImages some = heldOut.subset(IntStream.range(0, n).toArray()).withoutUnusedClasses();
        float[][] high = unit(Embeddings.by(teacher.toMatch(student)).of(some, Resolution.HIGH));
        float[][] low = unit(Embeddings.by(student).of(some, Resolution.LOW));
        float[] genuine = new float[n * n];
        float[] impostors = new float[n * n];
        int same = 0;
        int other = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (i == j) {
                    continue; // A small picture and the sharp one it was made from say nothing about another day.
                }
                if (some.label(i) == some.label(j)) {
                    genuine[same++] = inner(low[i], high[j]);
                } else {
                    impostors[other++] = inner(low[i], high[j]);
                }
            }
        }
        Threshold threshold = Threshold.calibrate(Arrays.copyOf(genuine, same), Arrays.copyOf(impostors, other), rate);
        return new Recognisers(
                teacher,
                student,
                threshold.similarity(),
                String.format(
                        Locale.ROOT,
                        "share of comparisons that reach it: %.2f\u00a0%% with somebody else, %.0f\u00a0%% with the same person, measured on %d people who were not in the training",
                        100 * threshold.falseAccepted(),
                        100 * threshold.trueAccepted(),
                        some.classes().size()));
    }

    private static float[][] unit(INDArray embeddings) {
        return embeddings.divColumnVector(embeddings.norm2(true, 1).addi(1e-12)).toFloatMatrix();
    }

    private static float inner(float[] one, float[] other) {
        double sum = 0;
        for (int d = 0; d < one.length; d++) {
            sum += (double) one[d] * other[d];
        }
        return (float) sum;
    }
}
