package io.github.horkd.distill;

import io.github.horkd.data.Pose;
import io.github.horkd.internal.rows.ArrayCopy;
import io.github.horkd.knowledge.Knowledge;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows that are all the same: whoever gives them for different images has collapsed, and every relation between them is 0, which looks like a perfect loss. */
final class Collapse {

    /** Of the length of the mean row: what is closer together than this is rounding. */
    private static final double SAME = 1e-6;

    private static final int LOOKED_AT = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Collapse.class);

    private Collapse() {}

    /**
     * What is wrong with rows for different images, [N, D].
     *
     * @return "all zero", "the same for all N images", or null when nothing is
     */
    static String of(INDArray rows) {
        if (rows.size(0) < 2) {
            return null;
        }
        INDArray mean = rows.mean(true, 0);
        double length = mean.norm2Number().doubleValue();
        double spread = rows.subRowVector(mean).norm2Number().doubleValue() / Math.sqrt((double) rows.size(0));
        if (!(spread <= SAME * length)) { // also when it is no number: that is told elsewhere
            return null;
        }
        return length == 0 ? "all zero" : "the same for all " + rows.size(0) + " images looked at";
    }

    /** Tables of answers often have zeros where nothing was found in a picture. */
    private static void sayZeros(String stage, String guide, INDArray rows) {
        int zeros = zeros(rows);
        if (zeros > 0) {
            LOG.warn(
                    "stage {}: guide '{}' answers nothing but zeros about {} of the {} images looked at, as where no face was found;"
                            + " leave such images out, or no answer is learned as one",
                    stage,
                    guide,
                    zeros,
                    rows.size(0));
        }
    }

    /** How many rows have no value but 0. */
    static int zeros(INDArray rows) {
        int width = Math.toIntExact(rows.size(1));
        float[] values = ArrayCopy.floats(rows);
        int count = 0;
        for (int at = 0; at < values.length; at += width) {
            boolean empty = true;
            for (int d = 0; d < width && empty; d++) {
                empty = values[at + d] == 0;
            }
            count += empty ? 1 : 0;
        }
        return count;
    }

    /** Refuses a guide whose answers teach nothing, before a space is fitted to them. */
    static void refuseGuide(String stage, GuideLoss loss, Knowledge knowledge, int images) {
        int count = Math.min(LOOKED_AT, images);
        int[] some = IntStream.range(0, count)
                .map(i -> (int) ((long) i * images / count))
                .toArray();
        Pose[] poses =
                IntStream.of(some).mapToObj(i -> knowledge.poses().pose(i, 0)).toArray(Pose[]::new);
        String what = loss.onEmbeddings().isEmpty() ? null : of(knowledge.embeddings(some, poses));
        String kind = "embeddings";
        if (what == null && !loss.onLogits().isEmpty()) {
            what = knowledge.logits(some, poses).map(Collapse::of).orElse(null);
            kind = "logits";
        }
        if (what == null && !loss.onEmbeddings().isEmpty()) {
            sayZeros(stage, loss.guide(), knowledge.embeddings(some, poses));
        }
        if (what != null) {
            throw new IllegalArgumentException("stage " + stage + ": guide '" + loss.guide() + "' has collapsed: its "
                    + kind + " are " + what
                    + ", so there is nothing to learn from it; was it trained, and does it take these images?");
        }
    }
}
