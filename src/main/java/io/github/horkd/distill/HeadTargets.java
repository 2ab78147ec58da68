package io.github.horkd.distill;

import io.github.horkd.data.PairedBatch;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What each loss head is held against for a batch: one-hot labels, or the rows of a guide's knowledge.
 *
 * @param heads     in the order of the graph's outputs
 * @param classes   how many the learner tells apart
 * @param knowledge by the guide's name, in the space that is learned
 */
record HeadTargets(List<LossHead> heads, int classes, Map<String, GuideKnowledge> knowledge) {

    /** For one batch: an array a head, and the rows of it that count, null for all. */
    record Batch(INDArray[] arrays, int[][] rows) {}

    Batch of(PairedBatch batch) {
        return of(batch.indices(), batch.labels(), batch.poses());
    }

    /** For images as they are, not moved. */
    Batch of(PairedImages images, int[] indices) {
        Pose[] poses = new Pose[indices.length];
        Arrays.fill(poses, Pose.IDENTITY);
        return of(indices, IntStream.of(indices).map(images::label).toArray(), poses);
    }

    private Batch of(int[] indices, int[] labels, Pose[] poses) {
        INDArray[] arrays = new INDArray[heads.size()];
        int[][] rows = new int[heads.size()][];
        for (int h = 0; h < arrays.length; h++) {
            LossHead head = heads.get(h);
            GuideKnowledge guide = knowledge.get(head.guide());
            arrays[h] = switch (head.source()) {
                case LABELS -> oneHot(labels, head.columns());
                case EMBEDDINGS, CENTRES -> guide.embeddings(indices, poses);
                case MAPS -> guide.map(head.maps().guideMap(), indices, poses);
                case LOGITS -> some(guide.logits(indices, poses), head.columns());
            };
            if (head.source() != LossHead.Source.LABELS && !guide.agreement().countsEverything()) {
                rows[h] = guide.agreement()
                        .kept(guide.logits(indices, poses), labels, head.source() != LossHead.Source.LOGITS);
            }
            if (!head.classes().isEmpty()) {
                int[] numbers = IntStream.of(labels)
                        .map(label -> label == PairedImages.UNLABELLED
                                ? -1
                                : head.classes().get(label))
                        .toArray();
                arrays[h] = Nd4j.hstack(arrays[h], column(numbers));
                rows[h] = labelled(rows[h], numbers);
            }
        }
        return new Batch(arrays, rows);
    }

    private static INDArray column(int[] numbers) {
        float[] values = new float[numbers.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers[i];
        }
        return Nd4j.createFromArray(values).reshape(numbers.length, 1);
    }

    /** Of some rows, null for all, those that have a class. */
    private static int[] labelled(int[] rows, int[] numbers) {
        IntStream all = rows == null ? IntStream.range(0, numbers.length) : IntStream.of(rows);
        int[] kept = all.filter(i -> numbers[i] >= 0).toArray();
        return kept.length == numbers.length ? null : kept;
    }

    /** [B, C]; the row of an image without label, or with one that the learner does not know, is all zero. Label losses pass over it. */
    private INDArray oneHot(int[] labels, List<Integer> columns) {
        float[] rows = new float[labels.length * classes];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] != PairedImages.UNLABELLED && columns.get(labels[i]) >= 0) {
                rows[i * classes + columns.get(labels[i])] = 1;
            }
        }
        return Nd4j.createFromArray(rows).reshape(labels.length, classes);
    }

    private static INDArray some(INDArray logits, List<Integer> columns) {
        return IntStream.range(0, columns.size()).allMatch(i -> columns.get(i) == i) && columns.size() == logits.size(1)
                ? logits
                : logits.getColumns(columns.stream().mapToInt(Integer::intValue).toArray());
    }
}
