package io.github.horkd.internal.inference;

import io.github.horkd.accelerate.Acceleration;
import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** An accelerated network belongs to no thread: several train side by side, and one may move from thread to thread. */
class ThreadsTest {

    private static final int STEPS = 8;

    // 16: oneDNN's blocks; 20: none of them, where it needs working memory of its own.
    @ParameterizedTest
    @ValueSource(ints = {16, 20})
    void trainingSideBySideIsTrainingInTurn(int width) throws Exception {
        List<INDArray> inTurn = networks(width).stream()
                .map(network -> trained(network, 0, 2 * STEPS))
                .toList();
        // Made one after the other: DL4J draws weights from a generator that all threads share.
        List<ComputationGraph> networks = networks(width);
        ExecutorService threads = Executors.newFixedThreadPool(networks.size());
        try {
            var start = new CyclicBarrier(networks.size());
            List<Future<INDArray>> sideBySide = new ArrayList<>();
            for (ComputationGraph network : networks) {
                sideBySide.add(threads.submit(() -> {
                    start.await();
                    return trained(network, 0, 2 * STEPS);
                }));
            }
            for (int i = 0; i < sideBySide.size(); i++) {
                assertEquals(inTurn.get(i), sideBySide.get(i).get());
            }
        } finally {
            threads.shutdown();
        }
    }

    private static List<ComputationGraph> networks(int width) {
        return List.of(network(width, 1), network(width, 2), network(width, 3));
    }

    /** oneDNN's primitives are made in the thread of the first step. */
    @ParameterizedTest
    @ValueSource(ints = {16, 20})
    void trainingGoesOnInAnotherThread(int width) throws Exception {
        INDArray here = trained(network(width, 1), 0, 2 * STEPS);
        ComputationGraph moving = network(width, 1);
        trained(moving, 0, STEPS);
        INDArray there = inAnotherThread(() -> trained(moving, STEPS, 2 * STEPS));
        assertEquals(here, there);
    }

    @Test
    void whatOneThreadTaughtAnotherAsks() throws Exception {
        ComputationGraph network = network(20, 2);
        INDArray images = batch(99).getFeatures(0);
        INDArray here = network.outputSingle(images).dup();
        assertEquals(here, inAnotherThread(() -> network.outputSingle(images).dup()));
        inAnotherThread(() -> trained(network, 0, 1));
        assertEquals(
                network.outputSingle(images).dup(),
                inAnotherThread(() -> network.outputSingle(images).dup()));
    }

    /** Passes are made in the thread that asks first. */
    @ParameterizedTest
    @ValueSource(ints = {16, 20})
    void aFoldedNetworkAnswersInAnotherThread(int width) throws Exception {
        Network folded = Network.of(
                        network(width, 2),
                        "out",
                        null,
                        new Input(new ImageShape(3, 12, 12), Scaling.ZERO_ONE),
                        List.of())
                .folded();
        INDArray images = batch(99).getFeatures(0);
        INDArray here = folded.embed(images);
        assertEquals(here, inAnotherThread(() -> folded.embed(images)));
    }

    private static <T> T inAnotherThread(Callable<T> work) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            return thread.submit(work).get();
        } finally {
            thread.shutdown();
        }
    }

    private static INDArray trained(ComputationGraph network, int from, int to) {
        for (int step = from; step < to; step++) {
            network.fit(batch(step));
        }
        return network.params().dup();
    }

    private static MultiDataSet batch(int step) {
        Random random = new Random(step);
        int count = step % 3 == 2 ? 5 : 12;
        INDArray labels = Nd4j.zeros(count, 4);
        float[] pixels = new float[count * 3 * 12 * 12];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat();
        }
        for (int i = 0; i < count; i++) {
            labels.putScalar(i, random.nextInt(4), 1);
        }
        return new MultiDataSet(
                new INDArray[] {Nd4j.createFromArray(pixels).reshape(count, 3, 12, 12)}, new INDArray[] {labels});
    }

    private static ComputationGraph network(int width, long seed) {
        GraphBuilder g = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(3e-3))
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(12, 12, 3));
        stage(g, "stem", "in", width, 1);
        stage(g, "a", "stem", width, 1);
        g.addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "stem");
        stage(g, "b", "sum", 2 * width, 2);
        g.addLayer(
                        "odd",
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(7)
                                .convolutionMode(ConvolutionMode.Same)
                                .build(),
                        "b")
                // Padding beyond the kernel: a matrix product to oneDNN, which wants working memory.
                .addLayer(
                        "far",
                        new ConvolutionLayer.Builder(2, 2)
                                .padding(2, 2)
                                .nOut(8)
                                .convolutionMode(ConvolutionMode.Truncate)
                                .build(),
                        "odd")
                .addLayer("pool", new GlobalPoolingLayer.Builder().build(), "far")
                .addLayer(
                        "out",
                        new OutputLayer.Builder()
                                .nOut(4)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "pool")
                .setOutputs("out");
        var network = new ComputationGraph(g.build());
        network.init();
        Acceleration.forTraining(network);
        return network;
    }

    private static void stage(GraphBuilder g, String name, String from, int width, int stride) {
        g.addLayer(
                        name + "-conv",
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(width)
                                .stride(stride, stride)
                                .hasBias(stride == 2)
                                .convolutionMode(ConvolutionMode.Same)
                                .build(),
                        from)
                .addLayer(name + "-norm", new BatchNormalization.Builder().build(), name + "-conv")
                .addLayer(
                        name,
                        new ActivationLayer.Builder()
                                .activation(Activation.RELU)
                                .build(),
                        name + "-norm");
    }
}
