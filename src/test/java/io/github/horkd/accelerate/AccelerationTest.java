package io.github.horkd.accelerate;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Random;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
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
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An accelerated network computes what DL4J computes, and only it is touched. */
public class AccelerationTest {

    private static final double TOLERANCE = 1e-5;

    @ParameterizedTest
    @CsvSource({"ENABLED,ONEDNN", "NONE,ONEDNN", "ENABLED,ND4J", "NONE,ND4J", "ENABLED,DL4J"})
    void trainsAndPredictsLikeDl4j(WorkspaceMode mode, Acceleration.Convolver convolver) {
        var plain = residual(DataType.FLOAT, CNN2DFormat.NCHW, mode);
        var fast = residual(DataType.FLOAT, CNN2DFormat.NCHW, mode);
        assertEquals(plain.params(), fast.params());
        int convolutions = switch (convolver) {
            case ONEDNN -> 6;
            case ND4J -> 5;
            case DL4J -> 0;
        };
        assertEquals(new Acceleration.Report(convolutions, 6, convolver), Acceleration.on(fast, convolver));
        // Batches of several sizes, the short last one included; workspaces learn sizes from the first.
        for (int step = 0; step < 6; step++) {
            MultiDataSet batch = batch(step % 3 == 2 ? 5 : 12, step);
            plain.fit(batch);
            fast.fit(batch);
            assertEquals(plain.score(), fast.score(), TOLERANCE);
        }
        assertClose(plain.params(), fast.params()); // running means and variances are parameters, too
        INDArray images = batch(7, 99).getFeatures(0);
        assertClose(plain.outputSingle(images), fast.outputSingle(images));
        assertClose(plain.outputSingle(true, images), fast.outputSingle(true, images));
        assertNothingFellBack(fast.getLayers());
    }

    // 16 and 32 channels: whole blocks of oneDNN; 20, 36, 9 and 8: the last one partly filled; 5: too few for blocks.
    // With a ReLU behind the sum or none, which is done by the sum.
    @ParameterizedTest
    @CsvSource({
        "ENABLED,16,32,true",
        "ENABLED,16,32,false",
        "NONE,16,32,true",
        "NONE,16,32,false",
        "ENABLED,8,32,true",
        "ENABLED,16,20,true",
        "ENABLED,20,36,true",
        "NONE,20,36,false",
        "ENABLED,5,20,true",
        "ENABLED,9,5,true"
    })
    void trainsInBlockedOrderLikeDl4j(WorkspaceMode mode, int width, int wider, boolean reluBehindSum) {
        var plain = residual(DataType.FLOAT, CNN2DFormat.NCHW, mode, width, wider, reluBehindSum);
        var fast = residual(DataType.FLOAT, CNN2DFormat.NCHW, mode, width, wider, reluBehindSum);
        Acceleration.forTraining(fast);
        for (int step = 0; step < 6; step++) {
            MultiDataSet batch = batch(step % 3 == 2 ? 5 : 12, step);
            plain.fit(batch);
            fast.fit(batch);
            assertEquals(plain.score(), fast.score(), TOLERANCE);
            if (step == 3) {
                // Inference in between, and once more made ready for training.
                INDArray images = batch(3, 17).getFeatures(0);
                assertClose(plain.outputSingle(images), fast.outputSingle(images));
                Acceleration.on(fast);
                Acceleration.forTraining(fast);
            }
        }
        assertClose(plain.params(), fast.params());
        INDArray images = batch(7, 99).getFeatures(0);
        assertClose(plain.outputSingle(true, images), fast.outputSingle(true, images));
        plain.feedForward(images, false)
                .forEach((name, activation) ->
                        assertClose(activation, fast.feedForward(images, false).get(name)));
        assertNothingFellBack(fast.getLayers());
    }

    @Test
    void gradientsEqualDl4j() {
        var plain = residual(DataType.FLOAT, CNN2DFormat.NCHW, WorkspaceMode.NONE);
        var fast = plain.clone();
        Acceleration.on(fast);
        for (var net : new ComputationGraph[] {plain, fast}) {
            MultiDataSet batch = batch(9, 5);
            net.setInputs(batch.getFeatures());
            net.setLabels(batch.getLabels());
            net.computeGradientAndScore();
        }
        plain.gradient()
                .gradientForVariable()
                .forEach((name, gradient) -> assertClose(
                        gradient, fast.gradient().gradientForVariable().get(name)));
    }

    @Test
    void accelerationCanBeRepeated() {
        var net = residual(DataType.FLOAT, CNN2DFormat.NCHW, WorkspaceMode.ENABLED);
        assertEquals(Acceleration.on(net), Acceleration.on(net));
        net.fit(batch(4, 1));
        assertEquals(6, Acceleration.on(net).batchNorms());
        net.fit(batch(4, 2));
        assertNothingFellBack(net.getLayers());
    }

    @Test
    void leavesDoubleAlone() {
        var net = residual(DataType.DOUBLE, CNN2DFormat.NCHW, WorkspaceMode.ENABLED);
        Acceleration.Report report = Acceleration.on(net);
        assertEquals(0, report.convolutions() + report.batchNorms());
        for (Layer layer : net.getLayers()) {
            assertNull(layer.getHelper());
        }
    }

    @Test
    void leavesNhwcAlone() {
        var net = residual(DataType.FLOAT, CNN2DFormat.NHWC, WorkspaceMode.ENABLED);
        Acceleration.Report report = Acceleration.on(net);
        // The one behind the dense layer has no layout and is taken.
        assertEquals(new Acceleration.Report(0, 1, report.convolver()), report);
    }

    @Test
    void takesFrozenLayers() {
        var plain = frozen();
        var fast = frozen();
        Acceleration.Report report = Acceleration.on(fast);
        assertEquals(6, report.batchNorms());
        assertNotNull(((BaseWrapperLayer) fast.getLayer("n0")).getUnderlying().getHelper());
        for (int step = 0; step < 3; step++) {
            plain.fit(batch(6, step));
            fast.fit(batch(6, step));
        }
        assertClose(plain.params(), fast.params());
    }

    @Test
    void savedNetworkIsPlainDl4j(@TempDir Path folder) throws IOException {
        var fast = residual(DataType.FLOAT, CNN2DFormat.NCHW, WorkspaceMode.ENABLED);
        Acceleration.on(fast);
        fast.fit(batch(8, 1));
        File file = folder.resolve("net.zip").toFile();
        ModelSerializer.writeModel(fast, file, true);
        ComputationGraph loaded = ModelSerializer.restoreComputationGraph(file);
        assertEquals(fast.params(), loaded.params());
        assertEquals(fast.getConfiguration().toJson(), loaded.getConfiguration().toJson());
        for (Layer layer : loaded.getLayers()) {
            assertNull(layer.getHelper());
        }
        INDArray images = batch(5, 2).getFeatures(0);
        assertClose(loaded.outputSingle(images), fast.outputSingle(images));
    }

    @Test
    void takesMultiLayerNetworks() {
        var plain = stack();
        var fast = stack();
        assertEquals(3, Acceleration.on(fast).batchNorms());
        for (int step = 0; step < 4; step++) {
            var batch = batch(10, step);
            var set = new DataSet(batch.getFeatures(0), batch.getLabels(0));
            plain.fit(set);
            fast.fit(set);
        }
        assertClose(plain.params(), fast.params());
        assertNothingFellBack(fast.getLayers());
    }

    @Test
    void wantsAnInitialisedNetwork() {
        var net = new MultiLayerNetwork(stack().getLayerWiseConfigurations().clone());
        var error = assertThrows(IllegalArgumentException.class, () -> Acceleration.on(net));
        assertTrue(error.getMessage().contains("init()"), error.getMessage());
    }

    private static void assertClose(INDArray expected, INDArray actual) {
        double largest = expected.sub(actual).amaxNumber().doubleValue();
        double scale = Math.max(1, expected.amaxNumber().doubleValue());
        assertTrue(largest <= TOLERANCE * scale, "differ by " + largest + " at values up to " + scale);
    }

    /** DL4J swallows a helper's exception and counts it. */
    private static void assertNothingFellBack(Layer[] layers) {
        for (Layer outer : layers) {
            Layer layer = outer instanceof BaseWrapperLayer wrapper ? wrapper.getUnderlying() : outer;
            if (layer.getHelper() != null) {
                try {
                    Class<?> declaring = layer.getClass();
                    while (declaring.getPackageName().startsWith("io.github.horkd")) {
                        declaring = declaring.getSuperclass();
                    }
                    Field count = declaring.getDeclaredField("helperCountFail");
                    count.setAccessible(true);
                    assertEquals(0, count.getInt(layer), layer.conf().getLayer().getLayerName());
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    public static MultiDataSet batch(int size, long seed) {
        var random = new Random(seed);
        float[] pixels = new float[size * 2 * 12 * 12];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        float[][] labels = new float[size][4];
        for (float[] row : labels) {
            row[random.nextInt(4)] = 1;
        }
        return new MultiDataSet(Nd4j.createFromArray(pixels).reshape(size, 2, 12, 12), Nd4j.createFromArray(labels));
    }

    private static NeuralNetConfiguration.Builder base(DataType type, WorkspaceMode mode) {
        return new NeuralNetConfiguration.Builder()
                .seed(11)
                .dataType(type)
                .updater(new Sgd(0.05))
                .activation(Activation.IDENTITY)
                .trainingWorkspaceMode(mode)
                .inferenceWorkspaceMode(mode);
    }

    /** Six convolutions of all kinds, one of them dilated, five batch norms on images and one on vectors, a sum of two branches. */
    public static ComputationGraph residual(DataType type, CNN2DFormat format, WorkspaceMode mode) {
        return residual(type, format, mode, 8, 20, false);
    }

    public static ComputationGraph residual(
            DataType type, CNN2DFormat format, WorkspaceMode mode, int width, int wider, boolean reluBehindSum) {
        var g = base(type, mode)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(12, 12, 2, format));
        conv(g, "c0", "in", width, 3, 1, 1, ConvolutionMode.Same, false);
        relu(g, norm(g, "n0", "c0"));
        conv(g, "c1", "n0r", width, 3, 1, 2, ConvolutionMode.Same, true);
        relu(g, norm(g, "n1", "c1"));
        conv(g, "c2", "n1r", width, 1, 1, 1, ConvolutionMode.Truncate, true);
        norm(g, "n2", "c2");
        g.addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "n2", "n0r");
        String sum = "sum";
        if (reluBehindSum) {
            relu(g, sum);
            sum = "sumr";
        }
        conv(g, "c3", sum, wider, 3, 2, 1, ConvolutionMode.Same, false);
        relu(g, norm(g, "n3", "c3"));
        g.addLayer(
                "c4",
                new ConvolutionLayer.Builder(3, 2)
                        .stride(2, 1)
                        .padding(1, 0)
                        .nOut(7)
                        .activation(Activation.TANH)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .dataFormat(format)
                        .build(),
                "n3r");
        norm(g, "n4", "c4");
        conv(g, "c5", "n4", 9, 2, 1, 1, ConvolutionMode.Strict, false);
        g.addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "c5");
        g.addLayer("dense", new DenseLayer.Builder().nOut(13).build(), "pool");
        norm(g, "n5", "dense");
        g.addLayer(
                "out",
                new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(4)
                        .activation(Activation.SOFTMAX)
                        .build(),
                "n5");
        var net = new ComputationGraph(g.setOutputs("out").build());
        net.init();
        return net;
    }

    private static ComputationGraph frozen() {
        return new TransferLearning.GraphBuilder(residual(DataType.FLOAT, CNN2DFormat.NCHW, WorkspaceMode.ENABLED))
                .setFeatureExtractor("n1r")
                .build();
    }

    private static MultiLayerNetwork stack() {
        var net = new MultiLayerNetwork(base(DataType.FLOAT, WorkspaceMode.ENABLED)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(6)
                        .convolutionMode(ConvolutionMode.Same)
                        .activation(Activation.RELU)
                        .build())
                .layer(new BatchNormalization.Builder().build())
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .stride(2, 2)
                        .nOut(8)
                        .activation(Activation.SIGMOID)
                        .build())
                .layer(new BatchNormalization.Builder()
                        .useLogStd(false)
                        .decay(0.5)
                        .build())
                .layer(new DenseLayer.Builder().nOut(10).build())
                .layer(new BatchNormalization.Builder().eps(1e-3).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(4)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(12, 12, 2))
                .build());
        net.init();
        return net;
    }

    private static void conv(
            ComputationGraphConfiguration.GraphBuilder g,
            String name,
            String from,
            int out,
            int kernel,
            int stride,
            int dilation,
            ConvolutionMode mode,
            boolean bias) {
        g.addLayer(
                name,
                new ConvolutionLayer.Builder(kernel, kernel)
                        .stride(stride, stride)
                        .dilation(dilation, dilation)
                        .nOut(out)
                        .convolutionMode(mode)
                        .hasBias(bias)
                        .build(),
                from);
    }

    private static String norm(ComputationGraphConfiguration.GraphBuilder g, String name, String from) {
        g.addLayer(name, new BatchNormalization.Builder().build(), from);
        return name;
    }

    private static void relu(ComputationGraphConfiguration.GraphBuilder g, String from) {
        g.addLayer(
                from + "r",
                new ActivationLayer.Builder().activation(Activation.RELU).build(),
                from);
    }
}
