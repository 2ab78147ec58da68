package io.github.horkd.examples;

import io.github.horkd.accelerate.Acceleration;
import io.github.horkd.data.Batches;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Schedule;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

/**
 * One of our losses in a graph and a {@code fit} loop of your own, without our trainer: a {@code LossLayer} on the embedding, whose labels are what the teacher
 * saw. Prints the loss, which falls, and what each order contributes at the end.
 */
public final class CustomTraining {

    private CustomTraining() {}

    public static void main(String[] args) {
        PairedImages faces = faces();
        Network teacher = Classifier.train(
                Backbone.residual(8, 32),
                faces,
                Resolution.HIGH,
                Schedule.epochs(4).withBatchSize(32),
                1);

        HybridOrderLoss loss = HybridOrderLoss.defaults();
        ComputationGraph student = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(2)
                .updater(new Adam(3e-3))
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(12, 12, 1))
                .addLayer(
                        "conv1",
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(16)
                                .activation(Activation.RELU)
                                .build(),
                        "image")
                .addLayer(
                        "conv2",
                        new ConvolutionLayer.Builder(3, 3)
                                .stride(2, 2)
                                .nOut(32)
                                .activation(Activation.RELU)
                                .build(),
                        "conv1")
                .addLayer("pool", new GlobalPoolingLayer.Builder().build(), "conv2")
                .addLayer(
                        "embedding",
                        new DenseLayer.Builder()
                                .nOut(32)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "pool")
                .addLayer(
                        "distilled",
                        new LossLayer.Builder(loss)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "embedding")
                .setOutputs("distilled")
                .build());
        student.init();
        Acceleration.on(student); // the speed of oneDNN for any DL4J network

        INDArray known = teacher.embed(
                faces.batch(Resolution.HIGH, IntStream.range(0, faces.size()).toArray(), Pose.IDENTITY));
        Batches batches = Batches.shuffled(faces, 32, 3);
        for (int epoch = 0; epoch < 100; epoch++) {
            for (int[] batch : batches.epoch(epoch)) {
                INDArray images = faces.batch(Resolution.LOW, batch, Pose.IDENTITY);
                student.fit(new MultiDataSet(new INDArray[] {images}, new INDArray[] {known.getRows(batch)}));
            }
            if (epoch % 20 == 19) {
                System.out.printf("epoch %d: loss %.3f%n", epoch + 1, student.score());
            }
        }
        int[] some = batches.epoch(0).get(0);
        INDArray answers = student.outputSingle(faces.batch(Resolution.LOW, some, Pose.IDENTITY));
        loss.breakdown(known.getRows(some), answers).forEach(System.out::println);
    }

    private static PairedImages faces() {
        return new DrawnFaces(64, false, 1).pairs(20, 16, Degradation.downscaleTo(12));
    }
}
