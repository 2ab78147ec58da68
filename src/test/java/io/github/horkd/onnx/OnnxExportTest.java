package io.github.horkd.onnx;

import ai.onnx.proto.OnnxMl;
import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OnnxExportTest {

    private static final double TOLERANCE = 1e-5;

    @TempDir
    Path folder;

    /** Everything between an image "in" and a vertex "end" that is to come out the same. */
    private static Stream<Arguments> bodies() {
        List<Arguments> all = new ArrayList<>();
        for (ConvolutionMode mode : List.of(ConvolutionMode.Same, ConvolutionMode.Truncate)) {
            for (int kernel : new int[] {2, 3, 5}) {
                for (int stride : new int[] {kernel == 5 ? 3 : kernel == 2 ? 1 : 2}) {
                    all.add(body(
                            "convolution " + mode + " " + kernel + "/" + stride,
                            g -> flat(
                                    g.addLayer(
                                            "c",
                                            convolution(kernel, stride, mode)
                                                    .nOut(3)
                                                    .build(),
                                            "in"),
                                    "c")));
                    for (SubsamplingLayer.PoolingType type :
                            List.of(SubsamplingLayer.PoolingType.MAX, SubsamplingLayer.PoolingType.AVG)) {
                        for (boolean includePad : type == SubsamplingLayer.PoolingType.AVG
                                ? new boolean[] {false, true}
                                : new boolean[] {false}) {
                            all.add(body(
                                    type + " pool " + mode + " " + kernel + "/" + stride
                                            + (includePad ? " with pad" : ""),
                                    g -> flat(
                                            g.addLayer(
                                                    "p",
                                                    new SubsamplingLayer.Builder(
                                                                    type,
                                                                    new int[] {kernel, kernel},
                                                                    new int[] {stride, stride})
                                                            .convolutionMode(mode)
                                                            .avgPoolIncludePadInDivisor(includePad)
                                                            .build(),
                                                    "in"),
                                            "p")));
                        }
                    }
                }
            }
        }
        all.add(body(
                "convolution 1/2",
                g -> flat(
                        g.addLayer(
                                "c",
                                convolution(1, 2, ConvolutionMode.Same).nOut(3).build(),
                                "in"),
                        "c")));
        all.add(body(
                "convolution padded",
                g -> flat(
                        g.addLayer(
                                "c",
                                convolution(3, 2, ConvolutionMode.Truncate)
                                        .padding(2, 1)
                                        .nOut(3)
                                        .build(),
                                "in"),
                        "c")));
        all.add(body(
                "convolution dilated",
                g -> flat(
                        g.addLayer(
                                "c",
                                convolution(3, 1, ConvolutionMode.Same)
                                        .dilation(2, 2)
                                        .nOut(3)
                                        .build(),
                                "in"),
                        "c")));
        all.add(body(
                "convolution dilated, truncate",
                g -> flat(
                        g.addLayer(
                                "c",
                                convolution(3, 1, ConvolutionMode.Truncate)
                                        .dilation(2, 2)
                                        .nOut(3)
                                        .build(),
                                "in"),
                        "c")));
        all.add(body(
                "convolution without bias",
                g -> flat(
                        g.addLayer(
                                "c",
                                convolution(3, 1, ConvolutionMode.Same)
                                        .hasBias(false)
                                        .nOut(3)
                                        .build(),
                                "in"),
                        "c")));
        for (SubsamplingLayer.PoolingType type :
                List.of(SubsamplingLayer.PoolingType.MAX, SubsamplingLayer.PoolingType.AVG)) {
            for (boolean includePad : new boolean[] {false, true}) {
                all.add(body(
                        type + " pool padded " + includePad,
                        g -> flat(
                                g.addLayer(
                                        "p",
                                        new SubsamplingLayer.Builder(type, new int[] {3, 3}, new int[] {2, 2})
                                                .padding(1, 1)
                                                .convolutionMode(ConvolutionMode.Truncate)
                                                .avgPoolIncludePadInDivisor(includePad)
                                                .build(),
                                        "in"),
                                "p")));
            }
        }
        for (PoolingType type : PoolingType.values()) {
            for (boolean collapse : new boolean[] {true, false}) {
                all.add(body("global " + type + " " + collapse, g -> {
                    g.addLayer(
                            "pool",
                            new GlobalPoolingLayer.Builder(type)
                                    .pnorm(2)
                                    .collapseDimensions(collapse)
                                    .build(),
                            "in");
                    end(g, "pool");
                }));
            }
        }
        for (boolean locked : new boolean[] {true, false}) {
            for (boolean logStd : new boolean[] {true, false}) {
                var norm = new BatchNormalization.Builder(locked)
                        .gamma(1.5)
                        .beta(0.5)
                        .useLogStd(logStd)
                        .eps(1e-3);
                all.add(body(
                        "batch-norm alone " + locked + " " + logStd,
                        g -> flat(g.addLayer("n", norm.build(), "in"), "n")));
                all.add(body(
                        "batch-norm after convolution " + locked + " " + logStd,
                        g -> flat(
                                g.addLayer(
                                                "c",
                                                convolution(3, 2, ConvolutionMode.Same)
                                                        .nOut(4)
                                                        .build(),
                                                "in")
                                        .addLayer("n", norm.build(), "c"),
                                "n")));
                all.add(body(
                        "batch-norm after dense " + locked + " " + logStd,
                        g -> end(g.addLayer("d", dense(6).build(), "in").addLayer("n", norm.build(), "d"), "n")));
            }
        }
        all.add(body(
                "batch-norm after a convolution that others read",
                g -> flat(
                        g.addLayer(
                                        "c",
                                        convolution(3, 1, ConvolutionMode.Same)
                                                .nOut(4)
                                                .build(),
                                        "in")
                                .addLayer("n", new BatchNormalization(), "c")
                                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "c", "n"),
                        "sum")));
        all.add(body(
                "batch-norm after a convolution with ReLU",
                g -> flat(
                        g.addLayer(
                                        "c",
                                        convolution(3, 1, ConvolutionMode.Same)
                                                .activation(Activation.RELU)
                                                .nOut(4)
                                                .build(),
                                        "in")
                                .addLayer("n", new BatchNormalization(), "c"),
                        "n")));
        for (Activation activation : List.of(
                Activation.RELU,
                Activation.IDENTITY,
                Activation.TANH,
                Activation.SIGMOID,
                Activation.LEAKYRELU,
                Activation.ELU,
                Activation.RELU6,
                Activation.HARDTANH,
                Activation.SWISH,
                Activation.SOFTPLUS,
                Activation.SOFTSIGN)) {
            all.add(body(
                    "activation " + activation,
                    g -> flat(wide(g).addLayer("a", new ActivationLayer(activation), "wide"), "a")));
        }
        for (IActivation activation : List.of(
                new ActivationReLU(6.0, null, 0.1),
                new ActivationReLU(2.0, 0.0, null),
                new ActivationReLU(null, null, 0.25))) {
            all.add(body(
                    "activation " + activation,
                    g -> flat(wide(g).addLayer("a", new ActivationLayer(activation), "wide"), "a")));
        }
        all.add(body(
                "dense with tanh",
                g -> end(g.addLayer("d", dense(5).activation(Activation.TANH).build(), "in"), "d")));
        all.add(body(
                "softmax",
                g -> end(g.addLayer("d", dense(5).activation(Activation.SOFTMAX).build(), "in"), "d")));
        all.add(body(
                "PReLU",
                g -> flat(
                        wide(g).addLayer(
                                        "a",
                                        new PReLULayer.Builder()
                                                .inputShape(3, 7, 10)
                                                .sharedAxes(2, 3)
                                                .build(),
                                        "wide"),
                        "a")));
        all.add(body(
                "PReLU, one slope a pixel",
                g -> flat(
                        wide(g).addLayer(
                                        "a",
                                        new PReLULayer.Builder()
                                                .inputShape(3, 7, 10)
                                                .build(),
                                        "wide"),
                        "a")));
        for (ElementWiseVertex.Op op : ElementWiseVertex.Op.values()) {
            int inputs = op == ElementWiseVertex.Op.Subtract ? 2 : 3;
            all.add(body("element-wise " + op, g -> {
                String[] names = branches(g, inputs);
                flat(g.addVertex("join", new ElementWiseVertex(op), names), "join");
            }));
        }
        all.add(body("merge of images", g -> flat(g.addVertex("join", new MergeVertex(), branches(g, 3)), "join")));
        all.add(body(
                "merge of features",
                g -> end(
                        g.addLayer("a", dense(4).build(), "in")
                                .addLayer("b", dense(3).build(), "in")
                                .addVertex("join", new MergeVertex(), "a", "b"),
                        "join")));
        all.add(body(
                "two inputs of one layer",
                g -> end(
                        g.addLayer("a", dense(4).build(), "in")
                                .addLayer("b", dense(3).build(), "in")
                                .addLayer("d", dense(2).build(), "a", "b"),
                        "d")));
        all.add(body(
                "scale, shift, subset",
                g -> end(
                        g.addLayer("a", dense(7).build(), "in")
                                .addVertex("s", new ScaleVertex(-2.5), "a")
                                .addVertex("t", new ShiftVertex(0.75), "s")
                                .addVertex("u", new SubsetVertex(2, 4), "t"),
                        "u")));
        all.add(body(
                "unit features",
                g -> end(g.addLayer("a", dense(7).build(), "in").addVertex("u", new L2NormalizeVertex(), "a"), "u")));
        all.add(body("unit images", g -> flat(wide(g).addVertex("u", new L2NormalizeVertex(), "wide"), "u")));
        all.add(body(
                "dropout",
                g -> end(
                        g.addLayer("a", dense(7).dropOut(0.5).build(), "in").addLayer("x", new DropoutLayer(0.5), "a"),
                        "x")));
        all.add(body(
                "zero padding",
                g -> flat(g.addLayer("p", new ZeroPaddingLayer.Builder(new int[] {1, 2, 3, 4}).build(), "in"), "p")));
        all.add(body(
                "frozen",
                g -> flat(
                        g.addLayer(
                                        "c",
                                        new FrozenLayer(convolution(3, 2, ConvolutionMode.Same)
                                                .nIn(2 + 1)
                                                .nOut(4)
                                                .build()),
                                        "in")
                                .addLayer("n", new BatchNormalization(), "c"),
                        "n")));
        all.add(body(
                "output layer",
                g -> end(
                        g.addLayer(
                                "a",
                                new OutputLayer.Builder(LossFunction.MCXENT)
                                        .nOut(4)
                                        .activation(Activation.SOFTMAX)
                                        .build(),
                                "in"),
                        "a")));
        return all.stream();
    }

    private static Arguments body(String name, Consumer<GraphBuilder> body) {
        return Arguments.of(name, body);
    }

    private static ConvolutionLayer.Builder convolution(int kernel, int stride, ConvolutionMode mode) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .stride(stride, stride)
                .convolutionMode(mode)
                .activation(Activation.IDENTITY);
    }

    private static DenseLayer.Builder dense(int width) {
        return new DenseLayer.Builder().nOut(width).activation(Activation.IDENTITY);
    }

    /** Values far on both sides of zero. */
    private static GraphBuilder wide(GraphBuilder graph) {
        return graph.addVertex("shifted", new ShiftVertex(-0.5), "in")
                .addVertex("wide", new ScaleVertex(15), "shifted");
    }

    private static String[] branches(GraphBuilder graph, int count) {
        IntStream.range(0, count)
                .forEach(i -> graph.addLayer(
                        "branch" + i,
                        convolution(3, 2, ConvolutionMode.Same).nOut(4).build(),
                        "in"));
        return IntStream.range(0, count).mapToObj(i -> "branch" + i).toArray(String[]::new);
    }

    private static void flat(GraphBuilder graph, String last) {
        end(graph.addLayer("flat", dense(9).build(), last), "flat");
    }

    private static void end(GraphBuilder graph, String last) {
        graph.addVertex("end", new ScaleVertex(1), last).setOutputs("end");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void exportedAndOriginalAgree(String name, Consumer<GraphBuilder> body) {
        ImageShape shape = new ImageShape(3, 7, 10);
        ComputationGraph graph = Graphs.graph(shape, body);
        Path file = folder.resolve("net.onnx");
        // A pooled map is not [N, D]; its flattened form is.
        boolean features = graph.outputSingle(Graphs.images(shape, 1, 1)).rank() == 2;
        if (!features) {
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> OnnxExport.of(graph, new Input(shape, Scaling.ZERO_ONE))
                            .embedding("end")
                            .write(file));
            assertTrue(refused.getMessage().contains("[N, D]"), refused.getMessage());
            return;
        }
        OnnxExport.of(graph, new Input(shape, Scaling.ZERO_ONE))
                .embedding("end")
                .write(file);
        // Whatever can be written can be planned, too: both are made of the same steps.
        Network planned = Network.of(graph, "end", null, new Input(shape, Scaling.ZERO_ONE), List.of())
                .folded();
        assertTrue(planned.isPlanned());
        for (int count : new int[] {1, 5}) {
            INDArray images = Graphs.images(shape, count, 11);
            assertClose(graph.outputSingle(images), planned.embed(images), TOLERANCE);
        }
        try (OnnxGuide guide = OnnxGuide.from(file).threads(1).open()) {
            for (int count : new int[] {1, 5}) {
                INDArray images = Graphs.images(shape, count, 11);
                assertClose(graph.outputSingle(images), guide.output(images).embeddings(), TOLERANCE);
            }
        }
    }

    private static void assertClose(INDArray wanted, INDArray got, double tolerance) {
        assertEquals(List.of(wanted.size(0), wanted.size(1)), List.of(got.size(0), got.size(1)));
        double scale = wanted.amaxNumber().doubleValue();
        assertTrue(scale > 0, "all zero: nothing was tested");
        double worst = wanted.sub(got).amaxNumber().doubleValue() / scale;
        assertTrue(worst <= tolerance, () -> "differs by " + worst + " of " + scale);
    }

    private static Stream<Arguments> networks() {
        List<Arguments> all = new ArrayList<>();
        for (Scaling scaling : List.of(
                Scaling.PLUS_MINUS_ONE,
                Scaling.ZERO_ONE,
                Scaling.ZERO_255,
                Scaling.STANDARDISED,
                Scaling.perChannel(new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225}),
                new Scaling(true, List.of(0.5), List.of(0.25)))) {
            all.add(Arguments.of(
                    Backbone.residual(4, 16).withPooledGrid(scaling == Scaling.STANDARDISED ? 2 : 1),
                    new Head.Softmax(),
                    new Input(ImageShape.colour(16), scaling)));
        }
        all.add(Arguments.of(
                Backbone.residual(4, 16), new Head.Softmax(), new Input(ImageShape.gray(12), Scaling.STANDARDISED)));
        // Cells that overlap: 2 x 2 of a map of 4 x 5.
        all.add(Arguments.of(
                Backbone.residual(4, 16).withPooledGrid(2),
                new Head.Softmax(),
                new Input(new ImageShape(3, 13, 18), Scaling.ZERO_ONE)));
        all.add(Arguments.of(
                Backbone.plain(4, 16),
                new Head.CosFace(16, 0.3),
                new Input(ImageShape.gray(16), Scaling.STANDARDISED)));
        all.add(Arguments.of(
                Backbone.plain(4, 16),
                new Head.ArcFace(16, 0.3),
                new Input(ImageShape.colour(48), Scaling.PLUS_MINUS_ONE)));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void networksOfOursComeBackAsGuides(Backbone backbone, Head head, Input input) {
        Network network = Network.create(backbone, head, input, List.of("anna", "bert, \"b\"", "çelik"), 7);
        Graphs.disturb(network.graph());
        Path file = folder.resolve("student.onnx");
        OnnxExport.write(network, file);
        try (OnnxGuide guide = OnnxGuide.from(file).threads(1).open()) {
            assertEquals(input, guide.input());
            assertEquals(network.embeddingWidth(), guide.embeddingWidth());
            assertEquals(3, guide.classes().size());
            for (int count : new int[] {1, 64}) {
                INDArray images = Graphs.images(input.shape(), count, 23);
                Guide.Output wanted = network.output(images);
                Guide.Output got = guide.output(images);
                assertClose(wanted.embeddings(), got.embeddings(), TOLERANCE);
                assertClose(wanted.logits().orElseThrow(), got.logits().orElseThrow(), TOLERANCE);
            }
        }
        try (OnnxGuide guide =
                OnnxGuide.from(file).embedding("probabilities").threads(1).open()) {
            INDArray images = Graphs.images(input.shape(), 3, 29);
            assertClose(network.classify(images), guide.output(images).embeddings(), TOLERANCE);
        }
    }

    @Test
    void aFlatImageStaysFinite() {
        Network network = Network.create(
                Backbone.residual(4, 16),
                new Head.Softmax(),
                new Input(ImageShape.gray(12), Scaling.STANDARDISED),
                List.of(),
                7);
        Path file = folder.resolve("student.onnx");
        OnnxExport.write(network, file);
        try (OnnxGuide guide = OnnxGuide.from(file).threads(1).open()) {
            assertEquals(0, guide.classes().size());
            INDArray flat = Nd4j.valueArrayOf(new long[] {2, 1, 12, 12}, 0.25f);
            assertEquals(
                    0,
                    network.embed(flat)
                            .sub(guide.output(flat).embeddings())
                            .amaxNumber()
                            .doubleValue(),
                    TOLERANCE);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 64, 64", "3, 96, 80", "3, 128, 128"})
    void largeImagesAreStandardisedAsExactlyAsHere(int channels, int height, int width) {
        ImageShape shape = new ImageShape(channels, height, width);
        ComputationGraph graph = Graphs.graph(
                shape,
                g -> end(
                        g.addVertex(
                                "flat",
                                new PreprocessorVertex(new CnnToFeedForwardPreProcessor(height, width, channels)),
                                "in"),
                        "flat"));
        Path file = folder.resolve("pixels.onnx");
        OnnxExport.of(graph, new Input(shape, Scaling.STANDARDISED))
                .embedding("end")
                .write(file);
        // Pale images of little contrast: a large mean, of which little remains.
        INDArray images = Graphs.images(shape, 3, 13).muli(0.3).addi(0.7);
        INDArray wanted = Scaling.STANDARDISED.apply(images).reshape(3, shape.size());
        for (int atOnce : new int[] {1, 3}) {
            try (OnnxGuide guide =
                    OnnxGuide.from(file).atOnce(atOnce).threads(1).open()) {
                assertClose(wanted, guide.output(images).embeddings(), 1e-6);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"STANDARDISED", "ZERO_255"})
    void scalingMayStayOutside(Scaling scaling) {
        Input input = new Input(ImageShape.gray(12), scaling);
        Network network = Network.create(Backbone.residual(4, 16), new Head.Softmax(), input, List.of("a", "b"), 7);
        Path file = folder.resolve("student.onnx");
        OnnxExport.of(network).scalingOutside().write(file);
        INDArray images = Graphs.images(input.shape(), 5, 1);
        try (OnnxGuide guide = OnnxGuide.from(file).threads(1).open()) {
            assertClose(network.embed(images), guide.output(images).embeddings(), TOLERANCE);
        }
        try (OnnxGuide same = OnnxGuide.from(file).scaling(scaling).threads(1).open()) {
            assertClose(network.embed(images), same.output(images).embeddings(), TOLERANCE);
        }
    }

    @Test
    void withoutMetadataAFileIsAsOneFromElsewhere() {
        Input input = new Input(ImageShape.gray(12), Scaling.ZERO_255);
        Network network = Network.create(Backbone.residual(4, 16), new Head.Softmax(), input, List.of("a", "b"), 7);
        Path file = folder.resolve("student.onnx");
        OnnxExport.of(network).scalingOutside().withoutMetadata().write(file);
        INDArray images = Graphs.images(input.shape(), 5, 1);
        String unsaid = assertThrows(
                        IllegalArgumentException.class,
                        () -> OnnxGuide.from(file)
                                .embedding("embedding")
                                .threads(1)
                                .open())
                .getMessage();
        assertTrue(unsaid.contains("the file does not say how it wants intensities"), unsaid);
        try (OnnxGuide right = OnnxGuide.from(file)
                        .embedding("embedding")
                        .scaling(Scaling.ZERO_255)
                        .threads(1)
                        .open();
                OnnxGuide wrong = OnnxGuide.from(file)
                        .embedding("embedding")
                        .scaling(Scaling.ZERO_ONE)
                        .threads(1)
                        .open()) {
            assertClose(network.embed(images), right.output(images).embeddings(), TOLERANCE);
            assertTrue(wrong.output(images).embeddings().distance2(network.embed(images)) > 0.01, "taken as stated");
        }
    }

    /** What a file says of itself is not overruled by what would make other pictures or other classes of it. */
    @Test
    void whatAFileSaysOfItselfIsNotContradicted() {
        Input input = new Input(ImageShape.gray(12), Scaling.PLUS_MINUS_ONE);
        Network network = Network.create(Backbone.residual(4, 16), new Head.Softmax(), input, List.of("a", "b"), 7);
        Path file = folder.resolve("student.onnx");
        OnnxExport.write(network, file);
        String twice = assertThrows(
                        IllegalArgumentException.class,
                        () -> OnnxGuide.from(file)
                                .scaling(Scaling.PLUS_MINUS_ONE)
                                .open())
                .getMessage();
        assertTrue(twice.contains("it wants ZERO_ONE and scales images itself; leave scaling(…)"), twice);
        assertThrows(
                IllegalArgumentException.class,
                () -> OnnxGuide.from(file)
                        .normalisation(new double[] {0.5}, new double[] {0.5})
                        .open());
        String other = assertThrows(
                        IllegalArgumentException.class,
                        () -> OnnxGuide.from(file).classes(List.of("b", "a")).open())
                .getMessage();
        assertTrue(other.contains("logit 1 is 'b' by the file, got it as the name of logit 0"), other);
        try (OnnxGuide renamed = OnnxGuide.from(file)
                .scaling(Scaling.ZERO_ONE)
                .classes(List.of("anna", "b"))
                .open()) {
            assertEquals(List.of("anna", "b"), renamed.classes());
        }
    }

    @Test
    void batchNormIsFoldedAndTheFileSaysWhatItIs() throws IOException {
        Input input = new Input(ImageShape.gray(16), Scaling.STANDARDISED);
        Network network = Network.create(Backbone.residual(4, 16), new Head.Softmax(), input, List.of("a", "b"), 7);
        Path file = folder.resolve("student.onnx");
        OnnxExport.write(network, file);
        OnnxMl.ModelProto model = OnnxMl.ModelProto.parseFrom(Files.readAllBytes(file));
        assertEquals(13, model.getOpsetImport(0).getVersion());
        List<String> operators = model.getGraph().getNodeList().stream()
                .map(OnnxMl.NodeProto::getOpType)
                .toList();
        assertFalse(operators.contains("BatchNormalization"), operators.toString());
        assertEquals(
                "batch",
                model.getGraph()
                        .getInput(0)
                        .getType()
                        .getTensorType()
                        .getShape()
                        .getDim(0)
                        .getDimParam());
        assertEquals(
                List.of("embedding", "logits", "probabilities"),
                model.getGraph().getOutputList().stream()
                        .map(OnnxMl.ValueInfoProto::getName)
                        .toList());
        Map<String, String> properties = model.getMetadataPropsList().stream()
                .collect(java.util.stream.Collectors.toMap(
                        OnnxMl.StringStringEntryProto::getKey, OnnxMl.StringStringEntryProto::getValue));
        assertEquals("1x16x16", properties.get("horkd.input"));
        assertEquals("STANDARDISED", properties.get("horkd.scaling"));
        assertEquals("true", properties.get("horkd.scaling.inside"));
        assertEquals("[\"a\",\"b\"]", properties.get("horkd.classes"));
        assertTrue(properties.get("horkd.provenance").contains("\"seed\":\"7\""), properties.toString());
    }

    @ParameterizedTest
    @CsvSource({"FLOAT16, 0.55, 2e-3", "INT8, 0.35, 5e-2"})
    void smallerWeightsCostLittle(WeightPrecision weights, double size, double error) throws IOException {
        Input input = new Input(ImageShape.gray(16), Scaling.STANDARDISED);
        Network network = Network.create(Backbone.residual(16, 64), new Head.Softmax(), input, List.of("a", "b"), 7);
        Graphs.disturb(network.graph());
        Path whole = folder.resolve("whole.onnx");
        Path small = folder.resolve("small.onnx");
        OnnxExport.write(network, whole);
        OnnxExport.of(network).weights(weights).write(small);
        assertTrue(Files.size(small) < size * Files.size(whole), Files.size(small) + " of " + Files.size(whole));
        INDArray images = Graphs.images(input.shape(), 8, 1);
        try (OnnxGuide guide = OnnxGuide.from(small).threads(1).open()) {
            assertClose(network.embed(images), guide.output(images).embeddings(), error);
        }
    }

    @Test
    void weightsTooLargeForFloat16AreRefused() {
        ImageShape shape = ImageShape.gray(4);
        ComputationGraph graph = Graphs.graph(shape, g -> end(g.addLayer("d", dense(2).build(), "in"), "d"));
        graph.getLayer("d").getParam("W").putScalar(3, 1e5);
        assertRefused(
                "d/W",
                OnnxExport.of(graph, new Input(shape, Scaling.ZERO_ONE))
                        .embedding("end")
                        .weights(WeightPrecision.FLOAT16));
    }

    private void assertRefused(String part, OnnxExport export) {
        Path file = folder.resolve("refused.onnx");
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> export.write(file));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
        assertEquals(0, folder.toFile().list().length, "something was written");
    }

    private static Stream<Arguments> unsupported() {
        return Stream.of(
                Arguments.of("Upsampling2D", (Consumer<GraphBuilder>)
                        g -> flat(g.addLayer("odd", new Upsampling2D.Builder(2).build(), "in"), "odd")),
                Arguments.of("L2Vertex", (Consumer<GraphBuilder>) g -> end(
                        g.addLayer("a", dense(3).build(), "in")
                                .addLayer("b", dense(3).build(), "in")
                                .addVertex("odd", new L2Vertex(), "a", "b"),
                        "odd")),
                Arguments.of("Cube", (Consumer<GraphBuilder>) g -> end(
                        g.addLayer("odd", dense(3).activation(Activation.CUBE).build(), "in"), "odd")),
                Arguments.of("threshold", (Consumer<GraphBuilder>) g -> end(
                        g.addLayer(
                                "odd",
                                dense(3).activation(new ActivationReLU(null, 1.0, null))
                                        .build(),
                                "in"),
                        "odd")),
                Arguments.of("layer normalisation", (Consumer<GraphBuilder>)
                        g -> end(g.addLayer("odd", dense(3).hasLayerNorm(true).build(), "in"), "odd")),
                Arguments.of("PNORM", (Consumer<GraphBuilder>) g -> flat(
                        g.addLayer(
                                "odd",
                                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.PNORM, new int[] {2, 2})
                                        .pnorm(2)
                                        .build(),
                                "in"),
                        "odd")),
                Arguments.of("CnnLossLayer", (Consumer<GraphBuilder>) g -> g.addLayer(
                                "odd",
                                new CnnLossLayer.Builder()
                                        .activation(Activation.IDENTITY)
                                        .build(),
                                "in")
                        .addVertex("end", new ScaleVertex(1), "odd")
                        .setOutputs("end")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unsupported")
    void whatCannotBeTranslatedIsRefusedByNameBeforeAnythingIsWritten(String kind, Consumer<GraphBuilder> body) {
        ImageShape shape = ImageShape.gray(8);
        ComputationGraph graph = Graphs.graph(shape, body);
        assertRefused(
                "vertex 'odd': ",
                OnnxExport.of(graph, new Input(shape, Scaling.ZERO_ONE)).embedding("end"));
        assertRefused(
                kind, OnnxExport.of(graph, new Input(shape, Scaling.ZERO_ONE)).embedding("end"));
    }

    @Test
    void whatIsNotNeededNeedNotBeTranslated() {
        ImageShape shape = ImageShape.gray(8);
        ComputationGraph graph = Graphs.graph(
                shape,
                g -> g.addLayer("a", dense(3).build(), "in")
                        .addLayer("odd", dense(3).activation(Activation.CUBE).build(), "a")
                        .setOutputs("odd"));
        Path file = folder.resolve("part.onnx");
        OnnxExport.of(graph, new Input(shape, Scaling.ZERO_ONE)).embedding("a").write(file);
        assertTrue(Files.exists(file));
    }

    @Test
    void wrongOrdersAreRefused() {
        ImageShape shape = ImageShape.gray(8);
        ComputationGraph graph = Graphs.graph(shape, g -> end(g.addLayer("d", dense(3).build(), "in"), "d"));
        Input input = new Input(shape, Scaling.ZERO_ONE);
        assertRefused("at least one", OnnxExport.of(graph, input));
        assertRefused("got [1, 3]", OnnxExport.of(graph, input).logits("end").classes(List.of("a", "b")));
        assertRefused(
                "does not take images of 1x9x9",
                OnnxExport.of(graph, new Input(ImageShape.gray(9), Scaling.ZERO_ONE))
                        .embedding("end"));
        IllegalArgumentException unknown = assertThrows(
                IllegalArgumentException.class,
                () -> OnnxExport.of(graph, input).embedding("nowhere"));
        assertTrue(
                unknown.getMessage().contains("no vertex 'nowhere'")
                        && unknown.getMessage().contains("end"),
                unknown.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> OnnxExport.of(graph, input).logits("d").probabilities("end"));
    }

    @Test
    void theSpaceGoesWithTheFileAndBackToTheTeachersOwn() {
        Network network = Network.create(
                Backbone.residual(2, 4),
                new Head.Softmax(),
                new Input(ImageShape.gray(8), Scaling.ZERO_ONE),
                List.of("a", "b"),
                1);
        Graphs.disturb(network.graph());
        var space = io.github.horkd.guide.EmbeddingSpace.fit(Nd4j.rand(20, 4).addi(3));
        Path file = folder.resolve("space.onnx");
        OnnxExport.write(network.withSpace(space), file);
        try (OnnxGuide guide = OnnxGuide.from(file).threads(1).open()) {
            assertEquals(space, guide.embeddingSpace().orElseThrow());
        }
        OnnxExport.of(network).rawEmbedding(space).write(file);
        INDArray images = Nd4j.rand(3, 1, 8, 8);
        try (OnnxGuide own = OnnxGuide.from(file).threads(1).open();
                OnnxGuide raw = OnnxGuide.from(file)
                        .embedding(OnnxExport.RAW_EMBEDDING)
                        .threads(1)
                        .open()) {
            assertEquals(space, own.embeddingSpace().orElseThrow());
            assertTrue(raw.embeddingSpace().isEmpty());
            assertEquals(
                    0,
                    space.toRaw(network.embed(images))
                            .sub(raw.output(images).embeddings())
                            .amaxNumber()
                            .doubleValue(),
                    1e-5);
        }
        var wide = io.github.horkd.guide.EmbeddingSpace.raw(5);
        assertThrows(
                IllegalArgumentException.class,
                () -> OnnxExport.of(network).space(wide).write(file));
    }

    @Test
    void aSaveIsWholeOrNotThere() throws IOException {
        Network network = Network.create(
                Backbone.residual(2, 4),
                new Head.Softmax(),
                new Input(ImageShape.gray(8), Scaling.ZERO_ONE),
                List.of("a", "b"),
                1);
        Path taken = Files.createDirectories(folder.resolve("taken.onnx/full")).getParent();
        UncheckedIOException failure = assertThrows(UncheckedIOException.class, () -> OnnxExport.write(network, taken));
        assertTrue(failure.getMessage().contains("taken.onnx"), failure.getMessage());
        assertEquals(1, folder.toFile().list().length, "a part was left behind");
    }

    @ParameterizedTest
    @EnumSource(WeightPrecision.class)
    void theGraphIsLeftAsItIs(WeightPrecision weights) {
        Network network = Network.create(
                Backbone.residual(2, 4),
                new Head.Softmax(),
                new Input(ImageShape.gray(8), Scaling.ZERO_ONE),
                List.of("a", "b"),
                1);
        Graphs.disturb(network.graph());
        INDArray before = network.graph().params().dup();
        OnnxExport.of(network).weights(weights).write(folder.resolve("student.onnx"));
        assertEquals(before, network.graph().params());
    }

    @Test
    void networksOfLayersAndRetrainedOnesGoTheSameWay() {
        ImageShape shape = new ImageShape(3, 9, 8);
        MultiLayerNetwork layers = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(convolution(3, 2, ConvolutionMode.Same).nOut(4).build())
                .layer(new BatchNormalization())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(dense(6).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(9, 8, 3))
                .build());
        layers.init();
        ComputationGraph graph = layers.toComputationGraph();
        Graphs.disturb(graph);
        String last = graph.getConfiguration().getNetworkOutputs().get(0);
        ComputationGraph retrained = new TransferLearning.GraphBuilder(graph)
                .fineTuneConfiguration(
                        new FineTuneConfiguration.Builder().seed(2).build())
                .setFeatureExtractor(
                        graph.getConfiguration().getVertexInputs().get(last).get(0))
                .build();
        INDArray images = Graphs.images(shape, 4, 5);
        for (ComputationGraph each : List.of(graph, retrained)) {
            Path file = folder.resolve("layers.onnx");
            OnnxExport.of(each, new Input(shape, Scaling.ZERO_ONE))
                    .probabilities(last)
                    .classes(List.of("a", "b", "c"))
                    .write(file);
            try (OnnxGuide guide = OnnxGuide.from(file).threads(1).open()) {
                assertClose(each.outputSingle(images), guide.output(images).embeddings(), TOLERANCE);
            }
        }
    }

    @Test
    void aGraphInDoublePrecisionIsWrittenInSingle() {
        ImageShape shape = ImageShape.gray(8);
        ComputationGraph graph = Graphs.graph(
                        shape,
                        g -> flat(
                                g.addLayer(
                                                "c",
                                                convolution(3, 2, ConvolutionMode.Same)
                                                        .nOut(4)
                                                        .build(),
                                                "in")
                                        .addLayer("n", new BatchNormalization(), "c"),
                                "n"))
                .convertDataType(DataType.DOUBLE);
        Path file = folder.resolve("double.onnx");
        OnnxExport.of(graph, new Input(shape, Scaling.ZERO_ONE))
                .embedding("end")
                .write(file);
        INDArray images = Graphs.images(shape, 4, 2);
        try (OnnxGuide guide = OnnxGuide.from(file).threads(1).open()) {
            assertClose(
                    graph.outputSingle(images.castTo(DataType.DOUBLE)).castTo(DataType.FLOAT),
                    guide.output(images).embeddings(),
                    TOLERANCE);
        }
    }

    @Test
    void softmaxOfLogitsIsWhatTheOutputSays() {
        ImageShape shape = ImageShape.gray(8);
        ComputationGraph graph = Graphs.graph(shape, g -> end(g.addLayer("d", dense(3).build(), "in"), "d"));
        Path file = folder.resolve("logits.onnx");
        OnnxExport.of(graph, new Input(shape, Scaling.ZERO_ONE)).logits("end").write(file);
        INDArray images = Graphs.images(shape, 4, 2);
        INDArray wanted = Nd4j.exec(new SoftMax(graph.outputSingle(images).dup(), 1))[0];
        try (OnnxGuide guide =
                OnnxGuide.from(file).embedding("probabilities").threads(1).open()) {
            assertClose(wanted, guide.output(images).embeddings(), TOLERANCE);
        }
    }
}
