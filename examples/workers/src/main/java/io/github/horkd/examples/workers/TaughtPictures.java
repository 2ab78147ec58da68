package io.github.horkd.examples.workers;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.model.Network;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a student learns from, in memory: its own view of every picture, and what is known about it. Fits pictures that are drawn once; for poses drawn anew
 * in every epoch, read them by {@link io.github.horkd.data.BatchLoader}.
 *
 * <p>In Java arrays: to copy rows of an INDArray ({@code getRows}) takes long, and makes workers wait for each other.
 *
 * @param shape      of one image: channels, height, width
 * @param images     one row a picture, scaled as the student takes them
 * @param labels     one row a picture, one-hot
 * @param embeddings the guide's, one row a picture
 * @param logits     the guide's, one row a picture
 */
record TaughtPictures(long[] shape, float[][] images, float[][] labels, float[][] embeddings, float[][] logits) {

    static TaughtPictures of(PairedImages pictures, Network student, Knowledge knowledge) {
        int[] all = IntStream.range(0, pictures.size()).toArray();
        Pose[] asTheyAre = new Pose[all.length];
        Arrays.fill(asTheyAre, Pose.IDENTITY);
        float[][] labels = new float[all.length][student.classes().size()];
        for (int i : all) {
            labels[i][pictures.label(i)] = 1;
        }
        INDArray images = student.input().scaling().apply(pictures.batch(Resolution.LOW, all, Pose.IDENTITY));
        return new TaughtPictures(
                Arrays.copyOfRange(images.shape(), 1, 4),
                images.reshape(all.length, -1).toFloatMatrix(),
                labels,
                knowledge.embeddings(all, asTheyAre).toFloatMatrix(),
                knowledge.logits(all, asTheyAre).orElseThrow().toFloatMatrix());
    }

    /** Some of them as a batch of DL4J: images, then labels, embeddings and logits. */
    MultiDataSet batch(int[] indices) {
        return new MultiDataSet(
                new INDArray[] {rows(images, indices).reshape(indices.length, shape[0], shape[1], shape[2])},
                new INDArray[] {rows(labels, indices), rows(embeddings, indices), rows(logits, indices)});
    }

    private static INDArray rows(float[][] of, int[] indices) {
        int width = of[0].length;
        float[] some = new float[indices.length * width];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(of[indices[i]], 0, some, i * width, width);
        }
        return Nd4j.createFromArray(some).reshape(indices.length, width);
    }
}
