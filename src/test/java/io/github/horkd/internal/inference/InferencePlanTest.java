package io.github.horkd.internal.inference;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A plan answers as the graph it was made from. */
class InferencePlanTest {

    /** 300 is more than a forward pass of DL4J takes at once. */
    private static final int[] BATCHES = {1, 5, 64, 300, 2};

    static Stream<Arguments> networks() {
        List<Backbone> backbones = List.of(
                Backbone.residual(8, 24),
                Backbone.plain(12, 16),
                Backbone.residual(16, 32).withDropout(0.3),
                Backbone.residual(5, 7));
        List<Head> heads = List.of(new Head.Softmax(), new Head.CosFace(16, 0.2), new Head.ArcFace(32, 0.5));
        List<ImageShape> shapes =
                List.of(ImageShape.gray(16), ImageShape.colour(12), new ImageShape(1, 10, 21), ImageShape.colour(48));
        Arguments cells = Arguments.of(
                Backbone.residual(6, 16).withBlocks(8, 10).withPooledGrid(2),
                heads.get(0),
                ImageShape.colour(16),
                Scaling.STANDARDISED);
        return Stream.concat(
                Stream.of(cells),
                IntStream.range(0, 8)
                        .mapToObj(i -> Arguments.of(
                                backbones.get(i % 4),
                                heads.get(i % 3),
                                shapes.get((i + i / 4) % 4),
                                List.of(Scaling.PLUS_MINUS_ONE, Scaling.ZERO_ONE, Scaling.STANDARDISED)
                                        .get((i + i / 3) % 3))));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void everyBackboneAndHeadAnswersTheSame(Backbone backbone, Head head, ImageShape shape, Scaling scaling) {
        Network network =
                Network.create(backbone, head, new Input(shape, scaling), List.of("a", "b", "c", "d", "e"), 5);
        shake(network.graph());
        Network folded = network.folded();
        assertTrue(folded.isPlanned());
        for (int batch : BATCHES) {
            INDArray images = Nd4j.rand(batch, shape.channels(), shape.height(), shape.width());
            assertClose(network.embed(images), folded.embed(images));
            assertClose(network.classify(images), folded.classify(images));
            Guide.Output wanted = network.output(images);
            Guide.Output got = folded.output(images);
            assertClose(wanted.embeddings(), got.embeddings());
            assertClose(wanted.logits().orElseThrow(), got.logits().orElseThrow());
        }
    }

    static Stream<Consumer<GraphBuilder>> graphs() {
        return Stream.of(
                g -> g.addLayer(
                                "c",
                                convolution(5, 3, Activation.RELU)
                                        .convolutionMode(ConvolutionMode.Same)
                                        .build(),
                                "in")
                        .addLayer(
                                "p",
                                new SubsamplingLayer.Builder(
                                                SubsamplingLayer.PoolingType.MAX, new int[] {3, 3}, new int[] {2, 2})
                                        .convolutionMode(ConvolutionMode.Same)
                                        .build(),
                                "c")
                        .addLayer("d", dense(9, Activation.TANH), "p"),
                g -> g.addLayer(
                                "c",
                                convolution(16, 5, Activation.ELU)
                                        .stride(2, 1)
                                        .padding(1, 2)
                                        .build(),
                                "in")
                        .addLayer(
                                "p",
                                new SubsamplingLayer.Builder(
                                                SubsamplingLayer.PoolingType.AVG, new int[] {2, 3}, new int[] {2, 2})
                                        .build(),
                                "c")
                        .addLayer("d", dense(33, Activation.SIGMOID), "p"),
                g -> g.addLayer(
                                "c",
                                convolution(20, 3, Activation.LEAKYRELU)
                                        .dilation(2, 2)
                                        .convolutionMode(ConvolutionMode.Same)
                                        .build(),
                                "in")
                        .addLayer("p", new GlobalPoolingLayer.Builder(PoolingType.MAX).build(), "c")
                        .addLayer("d", dense(8, Activation.SWISH), "p"),
                // A sum of three, one of them read again; a norm behind an activation, which cannot be folded.
                g -> g.addLayer(
                                "a",
                                convolution(16, 3, Activation.RELU)
                                        .convolutionMode(ConvolutionMode.Same)
                                        .build(),
                                "in")
                        .addLayer(
                                "b",
                                convolution(16, 3, Activation.IDENTITY)
                                        .convolutionMode(ConvolutionMode.Same)
                                        .build(),
                                "a")
                        .addLayer(
                                "c",
                                convolution(16, 1, Activation.IDENTITY)
                                        .hasBias(false)
                                        .build(),
                                "a")
                        .addVertex("s", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b", "c")
                        .addLayer("n", new BatchNormalization(), "s")
                        .addVertex("t", new ElementWiseVertex(ElementWiseVertex.Op.Add), "n", "a")
                        .addLayer(
                                "r",
                                new ActivationLayer.Builder()
                                        .activation(Activation.RELU)
                                        .build(),
                                "t")
                        .addLayer("d", dense(12, Activation.IDENTITY), "r"),
                // A value and its own convolution.
                g -> g.addLayer(
                                "a",
                                convolution(16, 3, Activation.RELU)
                                        .convolutionMode(ConvolutionMode.Same)
                                        .build(),
                                "in")
                        .addLayer(
                                "b",
                                convolution(16, 3, Activation.IDENTITY)
                                        .convolutionMode(ConvolutionMode.Same)
                                        .build(),
                                "a")
                        .addVertex("s", new ElementWiseVertex(ElementWiseVertex.Op.Add), "b", "a")
                        .addVertex("scaled", new ScaleVertex(-0.5), "s")
                        .addVertex("shifted", new ShiftVertex(0.25), "scaled")
                        .addLayer("p", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "shifted")
                        .addVertex("l", new L2NormalizeVertex(), "p")
                        .addLayer("drop", new DropoutLayer.Builder(0.5).build(), "l")
                        .addLayer("d", dense(12, Activation.SOFTMAX), "drop"),
                // Straight from the images.
                g -> g.addLayer(
                                "p",
                                new SubsamplingLayer.Builder(
                                                SubsamplingLayer.PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2})
                                        .build(),
                                "in")
                        .addLayer("n", new BatchNormalization(), "in")
                        .addLayer(
                                "c",
                                convolution(3, 2, Activation.IDENTITY)
                                        .stride(2, 2)
                                        .build(),
                                "n")
                        .addVertex("s", new ElementWiseVertex(ElementWiseVertex.Op.Add), "p", "c")
                        .addLayer("d", dense(12, Activation.IDENTITY), "s"));
    }

    private static ConvolutionLayer.Builder convolution(int out, int side, Activation activation) {
        return new ConvolutionLayer.Builder(side, side).nOut(out).activation(activation);
    }

    private static DenseLayer dense(int out, Activation activation) {
        return new DenseLayer.Builder().nOut(out).activation(activation).build();
    }

    private static Network of(Consumer<GraphBuilder> parts, ImageShape shape) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(3)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(shape.height(), shape.width(), shape.channels()));
        parts.accept(builder);
        builder.addLayer(
                        "scores",
                        new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                                .nOut(3)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "d")
                .setOutputs("scores");
        var graph = new ComputationGraph(builder.build());
        graph.init();
        shake(graph);
        return Network.of(graph, "d", "scores", new Input(shape, Scaling.ZERO_ONE), List.of("x", "y", "z"));
    }

    /** Biases and statistics that are not what they were made with. */
    private static void shake(ComputationGraph graph) {
        Nd4j.getRandom().setSeed(8);
        graph.paramTable()
                .forEach((name, values) -> values.addi(Nd4j.rand(values.shape()).muli(0.3)));
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void aUsersOwnGraphAnswersTheSame(Consumer<GraphBuilder> parts) {
        ImageShape shape = new ImageShape(3, 12, 14);
        Network network = of(parts, shape);
        Network folded = network.folded();
        assertTrue(folded.isPlanned());
        for (int batch : BATCHES) {
            INDArray images = Nd4j.rand(batch, 3, 12, 14);
            assertClose(network.embed(images), folded.embed(images));
            assertClose(
                    network.output(images).logits().orElseThrow(),
                    folded.output(images).logits().orElseThrow());
        }
    }

    static Stream<Consumer<GraphBuilder>> strange() {
        return Stream.of(
                g -> g.addLayer("n", new Upsampling2D.Builder(2).build(), "in")
                        .addLayer("d", dense(4, Activation.IDENTITY), "n"),
                g -> g.addLayer("c", convolution(4, 3, Activation.CUBE).build(), "in")
                        .addLayer("d", dense(4, Activation.IDENTITY), "c"));
    }

    @ParameterizedTest
    @MethodSource("strange")
    void whatIsNotUnderstoodIsLeftToTheGraph(Consumer<GraphBuilder> parts) {
        Network network = of(parts, ImageShape.gray(6));
        Network folded = network.folded();
        assertFalse(folded.isPlanned());
        INDArray images = Nd4j.rand(3, 1, 6, 6);
        assertClose(network.embed(images), folded.embed(images));
    }

    @Test
    void laterCallsLeaveEarlierAnswersAlone() {
        Network folded = tiny().folded();
        INDArray first = folded.embed(Nd4j.rand(3, 1, 8, 8));
        INDArray copy = first.dup();
        folded.embed(Nd4j.rand(3, 1, 8, 8));
        folded.classify(Nd4j.rand(7, 1, 8, 8));
        assertEquals(copy, first);
    }

    @Test
    void takesViewsAndOtherPrecisions() {
        Network network = tiny();
        Network folded = network.folded();
        INDArray images = Nd4j.rand(6, 1, 8, 8);
        INDArray view =
                images.get(NDArrayIndex.interval(2, 5), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all());
        assertClose(network.embed(view.dup()), folded.embed(view));
        INDArray turned = images.permute(0, 1, 3, 2);
        assertClose(network.embed(turned.dup('c')), folded.embed(turned));
        assertClose(network.embed(images), folded.embed(images.castTo(DataType.DOUBLE)));
        assertClose(network.embed(images), folded.embed(images.dup('f')));
    }

    @Test
    @SuppressWarnings("try") // The scope is opened for its effect.
    void answersOutliveWorkspaces() {
        Network folded = tiny().folded();
        INDArray images = Nd4j.rand(2, 1, 8, 8);
        INDArray answer;
        try (MemoryWorkspace open = Nd4j.getWorkspaceManager()
                .getAndActivateWorkspace(
                        WorkspaceConfiguration.builder().initialSize(1 << 20).build(), "test")) {
            answer = folded.embed(images);
            assertFalse(answer.isAttached());
        }
        assertEquals(folded.embed(images), answer);
    }

    @Test
    void doesNotFollowTheGraph() {
        Network folded = tiny().folded();
        INDArray images = Nd4j.rand(2, 1, 8, 8);
        INDArray before = folded.embed(images);
        String identity = folded.identity();
        folded.graph().params().muli(2);
        assertEquals(identity, folded.identity());
        assertEquals(before, folded.embed(images));
        assertEquals(
                before,
                folded.embed(Nd4j.concat(0, images, images)).get(NDArrayIndex.interval(2, 4), NDArrayIndex.all()));
    }

    @Test
    void manySizesOfBatchesTakeNoMoreMemory() {
        Network folded = Network.create(
                        Backbone.residual(16, 32),
                        new Head.Softmax(),
                        new Input(ImageShape.gray(16), Scaling.ZERO_ONE),
                        List.of("a", "b"),
                        1)
                .folded();
        long before = 0;
        for (int round = 0; round < 4; round++) {
            for (int batch = 1; batch < 150; batch += 7) {
                INDArray images = Nd4j.rand(batch, 1, 16, 16);
                folded.embed(images);
                folded.output(images);
            }
            System.gc();
            long now = org.bytedeco.javacpp.Pointer.totalBytes();
            assertTrue(round < 2 || now < before + (1 << 20), before + " bytes grew to " + now);
            before = now;
        }
    }

    private static Network tiny() {
        return Network.create(
                Backbone.residual(4, 6),
                new Head.CosFace(16, 0.2),
                new Input(ImageShape.gray(8), Scaling.PLUS_MINUS_ONE),
                List.of("a", "b", "c"),
                11);
    }

    private static void assertClose(INDArray expected, INDArray actual) {
        assertArrayEquals(expected.shape(), actual.shape());
        double largest = expected.sub(actual).amaxNumber().doubleValue();
        assertTrue(
                largest <= 1e-5 * expected.amaxNumber().doubleValue(),
                "differ by " + largest + " at " + expected.amaxNumber());
    }
}
