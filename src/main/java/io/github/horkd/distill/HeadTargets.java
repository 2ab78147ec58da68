package io.github.horkd.distill;

import io.github.horkd.data.PairedBatch;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.knowledge.Knowledge;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What each loss head wants to see for a batch: one-hot labels, or the rows of a guide's knowledge. */
record HeadTargets(List<LossHead> heads, int classes, Map<String, Knowledge> knowledge) {

    INDArray[] wanted(PairedBatch batch) {
        return wanted(batch.indices(), batch.labels(), batch.poses());
    }

    /** For images as they are, not moved. */
    INDArray[] wanted(PairedImages images, int[] indices) {
        Pose[] poses = new Pose[indices.length];
        Arrays.fill(poses, Pose.IDENTITY);
        return wanted(indices, IntStream.of(indices).map(images::label).toArray(), poses);
    }

    private INDArray[] wanted(int[] indices, int[] labels, Pose[] poses) {
        return heads.stream()
                .map(head -> switch (head.source()) {
                    case LABELS -> oneHot(labels);
                    case EMBEDDINGS -> knowledge.get(head.guide()).embeddings(indices, poses);
                    case LOGITS ->
                        knowledge.get(head.guide()).logits(indices, poses).orElseThrow();
                })
                .toArray(INDArray[]::new);
    }

    /** [B, C]; the row of an image without label is all zero, which the label losses pass over. */
    private INDArray oneHot(int[] labels) {
        float[] rows = new float[labels.length * classes];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] != PairedImages.UNLABELLED) {
                rows[i * classes + labels[i]] = 1;
            }
        }
        return Nd4j.createFromArray(rows).reshape(labels.length, classes);
    }
}
