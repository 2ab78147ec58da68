package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.ops.transforms.Transforms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NetworkTest {

    private static final Input TINY = new Input(ImageShape.gray(8), Scaling.PLUS_MINUS_ONE);

    private static Network tiny(Head head) {
        return Network.create(Backbone.residual(4, 6), head, TINY, List.of("anna", "ben", "cleo"), 11);
    }

    static Stream<Head> heads() {
        return Stream.of(
                new Head.Softmax(),
                new Head.CosFace(16, 0.2),
                new Head.ArcFace(32, 0.5),
                new Head.AdaFace(32, 0.4, 0.333),
                new Head.MagFace(32, 0.2, 0.5, 1, 8, 5));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void isTheSameAfterSavingAndLoading(Head head, @TempDir Path dir) {
        Network network = tiny(head);
        INDArray images = Nd4j.rand(5, 1, 8, 8);
        network.save(dir.resolve("net.zip"));
        Network loaded = Network.load(dir.resolve("net.zip"));
        assertEquals(network.embed(images), loaded.embed(images));
        assertEquals(network.classify(images), loaded.classify(images));
        assertEquals(List.of("anna", "ben", "cleo"), loaded.classes());
        assertEquals(network.head(), loaded.head());
        assertEquals(network.input(), loaded.input());
        assertEquals(network.provenance(), loaded.provenance());
        assertEquals(network.identity(), loaded.identity());
        assertEquals(List.of("net.zip"), Arrays.stream(dir.toFile().list()).toList(), "nothing is left beside it");
    }

    @Test
    void aLargeBatchIsCutWithoutATrace() {
        Network network = tiny(new Head.Softmax());
        INDArray images = Nd4j.rand(300, 1, 8, 8);
        INDArray whole = network.embed(images);
        assertEquals(300, whole.size(0));
        INDArray last = network.embed(images.get(
                org.nd4j.linalg.indexing.NDArrayIndex.interval(299, 300),
                org.nd4j.linalg.indexing.NDArrayIndex.all(),
                org.nd4j.linalg.indexing.NDArrayIndex.all(),
                org.nd4j.linalg.indexing.NDArrayIndex.all()));
        assertArrayEquals(last.toFloatMatrix()[0], whole.toFloatMatrix()[299], 1e-5f);
    }

    @Test
    void identityFollowsTheParameters() {
        assertEquals(
                tiny(new Head.Softmax()).identity(), tiny(new Head.Softmax()).identity());
        Network other = tiny(new Head.Softmax());
        other.graph().getLayer("linear").getParam("W").putScalar(0, 0, 0.123);
        assertNotEquals(tiny(new Head.Softmax()).identity(), other.identity());
    }

    /** Everything that makes answers differ tells networks apart; the same network made, saved or copied twice is one. */
    @Test
    void identityTellsNetworksApart() {
        Network network = tiny(new Head.CosFace(16, 0.2));
        ComputationGraph graph = network.graph();
        List<String> classes = network.classes();
        List<Network> all = List.of(
                network,
                Network.of(graph, "embedding", "logits", new Input(ImageShape.gray(8), Scaling.ZERO_ONE), classes),
                Network.of(
                        graph, "embedding", "logits", new Input(ImageShape.gray(9), Scaling.PLUS_MINUS_ONE), classes),
                Network.of(graph, "linear", "logits", TINY, classes),
                Network.of(graph, "embedding", "logits", TINY, List.of("anna", "cleo", "ben")),
                Network.of(graph, "embedding", "cosines", TINY, classes),
                Network.of(graph, "embedding", null, TINY, List.of()),
                tiny(new Head.CosFace(32, 0.2)),
                network.folded());
        assertEquals(all.size(), all.stream().map(Network::identity).distinct().count());
        assertEquals(
                network.identity(),
                network.with(graph.clone(), java.util.Map.of("by", "somebody")).identity());
        assertEquals(network.folded().identity(), network.folded().identity());
    }

    @Test
    void identityFollowsTraining() {
        Network network = tiny(new Head.Softmax());
        String before = network.identity();
        assertEquals(before, network.identity());
        network.graph().params().muli(1.01);
        assertNotEquals(before, network.identity());
    }

    /** Some arrays are small beside all parameters: a bias set by hand is a change too. */
    @Test
    void identityFollowsEveryArray() {
        Network network = Network.create(
                Backbone.residual(16, 64),
                new Head.Softmax(),
                new Input(ImageShape.gray(16), Scaling.ZERO_ONE),
                List.of("a", "b"),
                3);
        String before = network.identity();
        network.graph().paramTable().forEach((name, values) -> {
            values.addi(0.5);
            assertNotEquals(before, network.identity(), name);
            values.subi(0.5);
        });
    }

    /** Plain DL4J, intensities 0…1: the scaling travels in the file. */
    @ParameterizedTest
    @MethodSource("scalings")
    void plainDl4jTakesIntensities(Scaling scaling, @TempDir Path dir) throws java.io.IOException {
        for (int channels : scaling.factors().size() == 3 ? new int[] {3} : new int[] {1, 3}) {
            Network network = Network.create(
                    Backbone.residual(4, 6),
                    new Head.CosFace(16, 0.2),
                    new Input(new ImageShape(channels, 12, 10), scaling),
                    List.of("a", "b"),
                    5);
            network.graph()
                    .paramTable()
                    .forEach((name, values) ->
                            values.addi(Nd4j.rand(values.shape()).muli(0.2)));
            network.save(dir.resolve("net.zip"));
            INDArray images = Nd4j.rand(4, channels, 12, 10).muli(0.5).addi(0.4);
            images.slice(0).assign(0.3); // A flat one.
            ComputationGraph plain =
                    ComputationGraph.load(dir.resolve("net.zip").toFile(), false);
            INDArray theirs = plain.output(List.of("embedding"), false, new INDArray[] {images}, null)[0];
            INDArray ours = network.embed(images);
            // DL4J's mean of an image is less exact than ours, and a flat image shows it.
            double scale = ours.amaxNumber().doubleValue();
            for (int i = 0; i < 4; i++) {
                double apart = ours.getRow(i).sub(theirs.getRow(i)).amaxNumber().doubleValue();
                assertTrue(apart <= (i == 0 ? 1e-2 : 1e-4) * scale, "image " + i + ": " + apart + " of " + scale);
            }
            assertEquals(ours, Network.load(dir.resolve("net.zip")).embed(images));
        }
    }

    static Stream<Scaling> scalings() {
        return Stream.of(
                Scaling.STANDARDISED,
                Scaling.PLUS_MINUS_ONE,
                Scaling.ZERO_ONE,
                Scaling.ZERO_255,
                Scaling.perChannel(new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225}));
    }

    @Test
    void aMarginHeadClassifiesByCosines() {
        Network network = tiny(new Head.CosFace(16, 0.2));
        INDArray weights = network.graph().getLayer(CosineHead.COSINES).getParam("W");
        assertArrayEquals(new float[] {1, 1, 1}, weights.norm2(0).toFloatVector(), 1e-5f);
        var output = network.output(Nd4j.rand(4, 1, 8, 8));
        INDArray cosines = Transforms.allCosineSimilarities(output.embeddings(), weights.transpose(), 1);
        assertArrayEquals(
                cosines.mul(16).ravel().toFloatVector(),
                output.logits().orElseThrow().ravel().toFloatVector(),
                1e-4f);
    }

    @Test
    void foldedItAnswersTheSameUnderTheSameNames(@TempDir Path dir) {
        INDArray images = Nd4j.rand(5, 1, 8, 8);
        for (Backbone backbone : List.of(Backbone.residual(4, 6), Backbone.plain(4, 6))) {
            Network network = Network.create(
                    backbone,
                    new Head.CosFace(16, 0.2),
                    new Input(ImageShape.gray(8), Scaling.STANDARDISED),
                    List.of("a", "b", "c"),
                    5);
            network.graph()
                    .paramTable()
                    .forEach((name, values) ->
                            values.addi(Nd4j.rand(values.shape()).muli(0.2)));
            Network folded = network.folded();
            assertTrue(java.util.stream.Stream.of(folded.graph().getLayers())
                    .noneMatch(l -> l instanceof org.deeplearning4j.nn.layers.normalization.BatchNormalization));
            assertArrayEquals(
                    network.embed(images).ravel().toFloatVector(),
                    folded.embed(images).ravel().toFloatVector(),
                    1e-5f);
            assertArrayEquals(
                    network.classify(images).ravel().toFloatVector(),
                    folded.classify(images).ravel().toFloatVector(),
                    1e-5f);
            folded.save(dir.resolve("folded.zip"));
            assertEquals(
                    "batch-norm",
                    Network.load(dir.resolve("folded.zip")).provenance().get("folded"));
        }
    }

    @Test
    void foldingLeavesAnEmbeddingThatIsABatchNormWhereItIs() {
        Network inner = tiny(new Head.Softmax());
        Network network = Network.of(inner.graph(), "embedding-norm", null, inner.input(), List.of());
        INDArray images = Nd4j.rand(5, 1, 8, 8);
        assertArrayEquals(
                inner.embed(images).ravel().toFloatVector(),
                network.folded().embed(images).ravel().toFloatVector(),
                1e-5f);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 1000, -1})
    void aDamagedFileIsRefusedByName(int length, @TempDir Path dir) throws Exception {
        Path whole = dir.resolve("whole.zip");
        tiny(new Head.Softmax()).save(whole);
        byte[] bytes = Files.readAllBytes(whole);
        Path file = dir.resolve("damaged.zip");
        Files.write(file, Arrays.copyOf(bytes, length >= 0 ? length : bytes.length - 1));
        assertTrue(assertThrows(UncheckedIOException.class, () -> Network.load(file))
                .getMessage()
                .contains("damaged.zip"));
    }

    @Test
    void otherFilesAreToldApart(@TempDir Path dir) throws Exception {
        Path plain = dir.resolve("plain.zip");
        tiny(new Head.Softmax()).graph().save(plain.toFile());
        String message = assertThrows(UncheckedIOException.class, () -> Network.load(plain))
                .getMessage();
        assertTrue(message.contains("plain.zip") && message.contains("Network.of"), message);
        Path text = Files.writeString(dir.resolve("text.zip"), "not a network");
        assertTrue(assertThrows(UncheckedIOException.class, () -> Network.load(text))
                .getMessage()
                .contains("text.zip"));
        assertTrue(assertThrows(UncheckedIOException.class, () -> Network.load(dir.resolve("none.zip")))
                .getMessage()
                .contains("no such file"));
        assertThrows(UncheckedIOException.class, () -> Network.load(dir));
    }

    @Test
    void whatCannotBeSavedLeavesNothing(@TempDir Path dir) throws Exception {
        Path target = Files.createDirectory(dir.resolve("taken"));
        Files.writeString(target.resolve("file"), "keeps the directory from being replaced");
        String message = assertThrows(
                        UncheckedIOException.class,
                        () -> tiny(new Head.Softmax()).save(target))
                .getMessage();
        assertTrue(message.contains("taken"), message);
        assertEquals(List.of("taken"), Arrays.stream(dir.toFile().list()).toList());
        Path inMissing = dir.resolve("missing").resolve("net.zip");
        tiny(new Head.Softmax()).save(inMissing);
        assertTrue(Files.exists(inMissing), "a missing directory is made");
    }

    @Test
    void imagesOfAnotherSizeAreRefused() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> tiny(new Head.Softmax()).embed(Nd4j.rand(2, 1, 9, 8)))
                .getMessage();
        assertTrue(message.contains("[N, 1, 8, 8]") && message.contains("[2, 1, 9, 8]"), message);
    }

    @Test
    void twoClassesOfOneNameAreRefused() {
        assertSaid(
                "'a' twice",
                () -> Network.create(
                        Backbone.plain(4, 6),
                        new Head.Softmax(),
                        new Input(ImageShape.gray(8), Scaling.ZERO_ONE),
                        List.of("a", "b", "a"),
                        1));
    }

    @Test
    void aNetworkWithoutClassesOnlyEmbeds() {
        Network network = Network.create(Backbone.plain(4, 6), new Head.Softmax(), TINY, List.of(), 1);
        assertEquals(0, network.classes().size());
        assertTrue(network.output(Nd4j.rand(2, 1, 8, 8)).logits().isEmpty());
        assertThrows(IllegalStateException.class, () -> network.classify(Nd4j.rand(2, 1, 8, 8)));
    }

    @Test
    void aNetworkOfLayersIsOneAsAGraph() {
        var layers = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(5)
                        .activation(Activation.RELU)
                        .build())
                .layer(new DenseLayer.Builder()
                        .name("features")
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(new LossMCXENT())
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(8, 8, 1))
                .build());
        layers.init();
        Network network = Network.of(layers.toComputationGraph(), "1", null, TINY, List.of());
        INDArray images = Nd4j.rand(3, 1, 8, 8);
        assertArrayEquals(
                layers.feedForward(TINY.scaling().apply(images))
                        .get(2)
                        .dup()
                        .data()
                        .asFloat(),
                network.embed(images).dup().data().asFloat(),
                1e-5f);
    }

    @Test
    void aUsersOwnGraphIsANetwork(@TempDir Path dir) {
        ComputationGraph own = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(1)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(8, 8, 1))
                .addLayer(
                        "c",
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(5)
                                .activation(Activation.RELU)
                                .build(),
                        "in")
                .addLayer("features", new GlobalPoolingLayer.Builder().build(), "c")
                .addLayer(
                        "scores",
                        new DenseLayer.Builder()
                                .nOut(2)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "features")
                .addLayer(
                        "end",
                        new LossLayer.Builder(new LossMCXENT())
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "scores")
                .setOutputs("end")
                .build());
        own.init();
        Network network = Network.of(own, "features", "scores", TINY, List.of("no", "yes"));
        assertEquals(5, network.embeddingWidth());
        network.save(dir.resolve("own.zip"));
        INDArray images = Nd4j.rand(3, 1, 8, 8);
        assertEquals(
                network.classify(images), Network.load(dir.resolve("own.zip")).classify(images));
        assertSaid("no vertex 'nowhere'", () -> Network.of(own, "nowhere", null, TINY, List.of()));
        assertSaid("[N, 3]", () -> Network.of(own, "features", "scores", TINY, List.of("a", "b", "c")));
        assertSaid("[N, D]", () -> Network.of(own, "c", null, TINY, List.of()));
        assertSaid(
                "got vertex 'end', which has one", () -> Network.of(own, "features", "end", TINY, List.of("a", "b")));
        assertSaid("name for each logit", () -> Network.of(own, "features", "scores", TINY, List.of()));
    }

    private static void assertSaid(String part, org.junit.jupiter.api.function.Executable what) {
        String message = assertThrows(IllegalArgumentException.class, what).getMessage();
        assertTrue(message.contains(part), message);
    }
}
