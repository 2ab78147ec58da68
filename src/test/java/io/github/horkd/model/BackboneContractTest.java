package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What every backbone promises. A new one joins by one line in {@link #backbones()}. */
class BackboneContractTest {

    static Stream<Backbone> backbones() {
        return Stream.of(
                Backbone.plain(4, 9),
                Backbone.residual(4, 9),
                Backbone.residual(16, 8).withBlocks(20).withDropout(0.3),
                Backbone.residual(6, 9).withBlocks(8, 10).withPooledGrid(2),
                new OneLayer(12, 5));
    }

    /** A user's own. */
    record OneLayer(int hidden, int embeddingWidth) implements Backbone {
        @Override
        public void addTo(GraphBuilder graph, String input, ImageShape shape, String name) {
            graph.addLayer(
                            name + "-hidden",
                            new DenseLayer.Builder()
                                    .nOut(hidden)
                                    .activation(Activation.RELU)
                                    .build(),
                            input)
                    .addLayer(
                            name,
                            new DenseLayer.Builder()
                                    .nOut(embeddingWidth)
                                    .activation(Activation.IDENTITY)
                                    .build(),
                            name + "-hidden");
        }
    }

    private static Network network(Backbone backbone, ImageShape shape, long seed) {
        return Network.create(
                backbone, new Head.Softmax(), new Input(shape, Scaling.STANDARDISED), List.of("a", "b", "c"), seed);
    }

    private static INDArray images(int count, ImageShape shape) {
        return Nd4j.rand(count, shape.channels(), shape.height(), shape.width());
    }

    static Stream<Arguments> backbonesAndShapes() {
        List<ImageShape> shapes =
                List.of(ImageShape.gray(8), ImageShape.colour(12), ImageShape.colour(16), new ImageShape(3, 13, 18));
        return backbones()
                .flatMap(backbone -> shapes.stream()
                        .filter(shape -> isTaken(backbone, shape))
                        .map(shape -> Arguments.of(backbone, shape)));
    }

    /** A backbone may refuse images; colour of 16 pixels it takes. */
    private static boolean isTaken(Backbone backbone, ImageShape shape) {
        try {
            network(backbone, shape, 1);
            return true;
        } catch (IllegalArgumentException e) {
            assertNotEquals(ImageShape.colour(16), shape, e.getMessage());
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("backbonesAndShapes")
    void givesEmbeddingsOfItsWidthAndFinite(Backbone backbone, ImageShape shape) {
        Network network = network(backbone, shape, 1);
        INDArray images = images(2, shape);
        assertEquals(backbone.embeddingWidth(), network.embeddingWidth());
        assertArrayEquals(
                new long[] {2, backbone.embeddingWidth()}, network.embed(images).shape());
        assertArrayEquals(new long[] {2, 3}, network.classify(images).shape());
        assertEquals(2, network.classify(images).sumNumber().doubleValue(), 1e-4);
    }

    @ParameterizedTest
    @MethodSource("backbonesAndShapes")
    void foldedItIsPlannedAndAnswersTheSame(Backbone backbone, ImageShape shape) {
        Network network = network(backbone, shape, 1);
        network.graph()
                .paramTable()
                .forEach((name, values) -> values.addi(Nd4j.rand(values.shape()).muli(0.2)));
        Network folded = network.folded();
        assertTrue(folded.isPlanned());
        INDArray images = images(3, shape);
        INDArray wanted = network.embed(images);
        double apart = wanted.sub(folded.embed(images)).amaxNumber().doubleValue();
        assertTrue(apart <= 2e-5 * Math.max(1, wanted.amaxNumber().doubleValue()), "differ by " + apart);
    }

    @ParameterizedTest
    @MethodSource("backbones")
    void theSeedSaysTheWeights(Backbone backbone) {
        ImageShape shape = ImageShape.colour(16);
        assertEquals(
                network(backbone, shape, 5).identity(),
                network(backbone, shape, 5).identity());
        assertNotEquals(
                network(backbone, shape, 5).identity(),
                network(backbone, shape, 6).identity());
    }

    @ParameterizedTest
    @MethodSource("backbones")
    void learns(Backbone backbone) {
        ImageShape shape = ImageShape.colour(16);
        ComputationGraph graph = new TransferLearning.GraphBuilder(
                        network(backbone, shape, 1).graph())
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Sgd(0.1))
                        .build())
                .build();
        INDArray labels = Nd4j.eye(3);
        MultiDataSet batch = new MultiDataSet(Scaling.STANDARDISED.apply(images(3, shape)), labels);
        double before = graph.score(batch);
        for (int step = 0; step < 10; step++) {
            graph.fit(batch);
        }
        double after = graph.score(batch, true);
        assertTrue(after < before, before + " became " + after);
    }

    @ParameterizedTest
    @MethodSource("backbones")
    void survivesAFile(Backbone backbone, @TempDir Path folder) {
        ImageShape shape = ImageShape.colour(16);
        Network network = network(backbone, shape, 1);
        network.save(folder.resolve("net.zip"));
        Network loaded = Network.load(folder.resolve("net.zip"));
        INDArray images = images(2, shape);
        assertEquals(network.embed(images), loaded.embed(images));
        assertEquals(network.identity(), loaded.identity());
        assertEquals(backbone.toString(), loaded.provenance().get("backbone"));
    }

    @ParameterizedTest
    @CsvSource({"1,6,5", "3,8,6", "1,56,46", "3,6,128", "1,256,200"})
    void oursTakeAnySideFrom4To256(int channels, int height, int width) {
        ImageShape shape = new ImageShape(channels, height, width);
        for (Backbone backbone : List.of(Backbone.plain(4, 9), Backbone.residual(4, 9))) {
            assertArrayEquals(
                    new long[] {2, 9},
                    network(backbone, shape, 1).embed(images(2, shape)).shape());
        }
    }

    /** Counted by hand: 3×3 stem, blocks of two 3×3 convolutions and a 1×1 shortcut with batch-norm each, a linear layer, batch-norm. */
    @Test
    void countsTheParametersOfTheReferenceNetworks() {
        Input face = new Input(ImageShape.gray(64), Scaling.STANDARDISED);
        List<String> people =
                IntStream.range(0, 298).mapToObj(Integer::toString).toList();
        Backbone teacher = Backbone.residual(32, 128).withBlocks(64, 96, 160).withDropout(0.2);
        assertEquals(
                646_880,
                Network.create(teacher, new Head.CosFace(16, 0.2), face, people, 1)
                        .parameterCount());
        assertEquals(88_036, count(Backbone.residual(20, 128).withBlocks(36, 64), ImageShape.gray(16)));
        assertEquals(211_008, count(Backbone.residual(16, 128).withBlocks(32, 56, 96), ImageShape.gray(64)));
    }

    private static long count(Backbone backbone, ImageShape shape) {
        return Network.create(backbone, new Head.Softmax(), new Input(shape, Scaling.STANDARDISED), List.of(), 1)
                .parameterCount();
    }

    @Test
    void refusesWhatItCannotTakeByNameWithTheWayOut() {
        for (ImageShape shape : List.of(new ImageShape(1, 3, 9), new ImageShape(1, 64, 257))) {
            for (String part : List.of("Plain[", "4 to 256", shape.toString(), "a Backbone of your own")) {
                assertSaid(part, () -> network(Backbone.plain(4, 8), shape, 1));
            }
        }
        assertSaid("widths of at least 1", () -> Backbone.residual(0, 8));
        assertSaid("dropout", () -> Backbone.residual(8, 8).withDropout(1));
    }

    private static void assertSaid(String part, org.junit.jupiter.api.function.Executable what) {
        String message = assertThrows(IllegalArgumentException.class, what).getMessage();
        assertTrue(message.contains(part), message);
    }
}
