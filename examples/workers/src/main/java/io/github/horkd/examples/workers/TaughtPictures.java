package io.github.horkd.examples.workers;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Knowledge;
import io.github.horkd.model.Network;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What a student learns from, in memory: its own view of every picture, and what is known about it. Fits pictures that are drawn once; for poses drawn anew
 * in every epoch, read them by {@link io.github.horkd.data.BatchLoader}.
 *
 * @param images [N, channels, height, width], scaled as the student takes them
 * @param labels [N, classes], one-hot
 * @param embeddings the guide's, [N, D]
 * @param logits the guide's, [N, classes]
 */
record TaughtPictures(INDArray images, INDArray labels, INDArray embeddings, INDArray logits) {

    static TaughtPictures of(PairedImages pictures, Network student, Knowledge knowledge) {
        int[] all = IntStream.range(0, pictures.size()).toArray();
        Pose[] asTheyAre = new Pose[all.length];
        Arrays.fill(asTheyAre, Pose.IDENTITY);
        float[][] labels = new float[all.length][student.classCount()];
        for (int i : all) {
            labels[i][pictures.label(i)] = 1;
        }
        return new TaughtPictures(student.input().scaling().apply(pictures.batch(Resolution.LOW, all, Pose.IDENTITY)), Nd4j.createFromArray(labels),
                knowledge.embeddings(all, asTheyAre), knowledge.logits(all, asTheyAre).orElseThrow());
    }

    /** Some of them as a batch of DL4J: images, then labels, embeddings and logits. */
    MultiDataSet batch(int[] indices) {
        long[] shape = images.shape();
        INDArray some = images.reshape(shape[0], -1).getRows(indices).reshape(indices.length, shape[1], shape[2], shape[3]);
        return new MultiDataSet(new INDArray[]{some}, new INDArray[]{labels.getRows(indices), embeddings.getRows(indices), logits.getRows(indices)});
    }
}
