package io.github.horkd.examples.watchlist;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Guide;
import io.github.horkd.recognise.Threshold;
import java.util.ArrayList;
import java.util.List;
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
        int[] all = IntStream.range(0, heldOut.size()).toArray();
        float[][] high = unit(teacher.toMatch(student)
                .output(heldOut.batch(Resolution.HIGH, all, Pose.IDENTITY))
                .embeddings());
        float[][] low = unit(student.output(heldOut.batch(Resolution.LOW, all, Pose.IDENTITY))
                .embeddings());
        List<Float> genuine = new ArrayList<>();
        List<Float> impostors = new ArrayList<>();
        for (int i : all) {
            for (int j : all) {
                // A small picture and the sharp one it was made from say nothing about another day.
                if (i != j) {
                    (heldOut.label(i) == heldOut.label(j) ? genuine : impostors).add(inner(low[i], high[j]));
                }
            }
        }
        Threshold threshold = Threshold.calibrate(array(genuine), array(impostors), rate);
        return new Recognisers(
                teacher,
                student,
                threshold.similarity(),
                String.format(
                        Locale.ROOT,
                        "share of comparisons that reach it: %.2f %% with somebody else, %.0f %% with the same person, measured on %d people it was not trained on",
                        100 * threshold.falseAccepted(),
                        100 * threshold.trueAccepted(),
                        heldOut.classes().size()));
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

    private static float[] array(List<Float> values) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }
}
