package io.github.horkd.examples.benchmarkstraining;

import io.github.horkd.accelerate.Acceleration;
import io.github.horkd.accelerate.CpuThreads;
import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * How many images per second an 87k-parameter residual network trains and answers on the CPU. One line per measurement:
 * {@code side what shape batch threads images/s}, which {@code compare.py} puts beside PyTorch's.
 * Arguments: {@code plain} or {@code fast}, seconds of training that come first and are not measured, seconds per measurement, shapes such as
 * {@code 1x16 3x32}. The JVM's compiler works for half a minute on what a training step runs through, and on as many cores as there are
 * threads it takes them from the step; the PyTorch side is given the same time.
 */
public final class TrainingSpeed {

    public static void main(String[] arguments) {
        boolean fast = arguments[0].equals("fast");
        double warmUp = Double.parseDouble(arguments[1]);
        double seconds = Double.parseDouble(arguments[2]);
        for (String shape : Arrays.copyOfRange(arguments, 3, arguments.length)) {
            int channels = Integer.parseInt(shape.split("x")[0]);
            int side = Integer.parseInt(shape.split("x")[1]);
            ComputationGraph network = residual(channels, side);
            if (fast) {
                Acceleration.forTraining(network);
            }
            Nd4j.getRandom().setSeed(1);
            INDArray images = Nd4j.rand(64, channels, side, side);
            INDArray labels = Nd4j.zeros(64, 10);
            for (int i = 0; i < 64; i++) {
                labels.putScalar(i, i * 7 % 10, 1);
            }
            var batch = new MultiDataSet(images, labels);
            for (long start = System.nanoTime(); System.nanoTime() - start < warmUp * 1e9; ) {
                network.fit(batch);
            }
            warmUp = 0; // Once: the next shape runs through the same code.
            measure(arguments[0], "fit", shape, 64, seconds, () -> network.fit(batch));
            INDArray one = images.dup()
                    .get(org.nd4j.linalg.indexing.NDArrayIndex.interval(0, 1))
                    .dup();
            // From the images' values to an array of their own for the answers; the softmax at the end is more than
            // PyTorch's side does.
            Network answering = !fast
                    ? null
                    : Network.of(
                                    network,
                                    "out",
                                    null,
                                    new Input(new ImageShape(channels, side, side), Scaling.ZERO_ONE),
                                    List.of())
                            .folded();
            for (INDArray seen : List.of(images, one)) {
                Runnable answer = fast ? () -> answering.embed(seen) : () -> network.outputSingle(seen);
                measure(arguments[0], "output", shape, (int) seen.size(0), seconds / 2, answer);
            }
        }
    }

    /** The median over the second half of the time; the first half warms up. */
    private static void measure(String who, String what, String shape, int batch, double seconds, Runnable work) {
        long start = System.nanoTime();
        double[] times = new double[1 << 20];
        int n = 0;
        while (n < 5 || System.nanoTime() - start < seconds * 1e9) {
            long before = System.nanoTime();
            work.run();
            if (before - start > seconds * 0.5e9 && n < times.length) {
                times[n++] = (System.nanoTime() - before) / 1e9;
            }
        }
        Arrays.sort(times, 0, n);
        System.out.printf(
                Locale.ROOT,
                "%s %s %s %d %d %.0f %.0f%n",
                who,
                what,
                shape,
                batch,
                threads(who),
                batch / times[n / 2],
                batch / times[0]);
    }

    private static int threads(String who) {
        return who.equals("fast") ? CpuThreads.count() : Nd4j.getEnvironment().maxThreads();
    }

    static ComputationGraph residual(int channels, int side) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Adam(1e-3))
                .weightInit(WeightInit.RELU)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(side, side, channels));
        String x = relu(graph, convolution(graph, "stem", "in", 3, 1, 16));
        for (int block = 0; block < 3; block++) {
            int width = 16 << block;
            int stride = block == 0 ? 1 : 2;
            String a = relu(graph, convolution(graph, "a" + block, x, 3, stride, width));
            String b = convolution(graph, "b" + block, a, 3, 1, width);
            String shortcut = stride == 1 ? x : convolution(graph, "s" + block, x, 1, stride, width);
            graph.addVertex("sum" + block, new ElementWiseVertex(ElementWiseVertex.Op.Add), b, shortcut);
            x = relu(graph, "sum" + block);
        }
        graph.addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), x)
                .addLayer(
                        "embedding",
                        new DenseLayer.Builder()
                                .nOut(128)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "pool")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                                .nOut(10)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "embedding")
                .setOutputs("out");
        var network = new ComputationGraph(graph.build());
        network.init();
        return network;
    }

    /** A convolution and its batch norm. */
    private static String convolution(GraphBuilder graph, String name, String from, int kernel, int stride, int width) {
        graph.addLayer(
                name,
                new ConvolutionLayer.Builder(kernel, kernel)
                        .stride(stride, stride)
                        .nOut(width)
                        .hasBias(false)
                        .convolutionMode(ConvolutionMode.Same)
                        .activation(Activation.IDENTITY)
                        .build(),
                from);
        graph.addLayer(name + "-norm", new BatchNormalization.Builder().build(), name);
        return name + "-norm";
    }

    private static String relu(GraphBuilder graph, String from) {
        graph.addLayer(
                from + "-relu",
                new ActivationLayer.Builder().activation(Activation.RELU).build(),
                from);
        return from + "-relu";
    }
}
