package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BackboneTest {

    @ParameterizedTest
    @CsvSource({
        "1,6,5",
        "1,6,6",
        "1,7,7",
        "3,8,6",
        "1,16,16",
        "3,32,32",
        "1,56,46",
        "1,64,64",
        "3,6,128",
        "3,128,128",
        "1,256,200"
    })
    void everySizeGivesEmbeddingsAndProbabilities(int channels, int height, int width) {
        ImageShape shape = new ImageShape(channels, height, width);
        for (Backbone backbone : List.of(Backbone.plain(4, 9), Backbone.residual(4, 9))) {
            Network network = Network.create(
                    backbone, new Head.Softmax(), new Input(shape, Scaling.STANDARDISED), List.of("a", "b", "c"), 1);
            INDArray images = Nd4j.rand(2, channels, height, width);
            assertArrayEquals(new long[] {2, 9}, network.embed(images).shape());
            assertArrayEquals(new long[] {2, 3}, network.classify(images).shape());
            assertEquals(2, network.classify(images).sumNumber().doubleValue(), 1e-4);
        }
    }

    /** Counted by hand: 3×3 stem, blocks of two 3×3 convolutions and a 1×1 shortcut with batch-norm each, a linear layer, batch-norm. */
    @Test
    void countsTheParametersOfTheReferenceNetworks() {
        Input face = new Input(ImageShape.gray(64), Scaling.STANDARDISED);
        List<String> people = java.util.stream.IntStream.range(0, 298)
                .mapToObj(Integer::toString)
                .toList();
        assertEquals(
                646_880,
                Network.create(
                                Backbone.residual(32, 128)
                                        .withBlocks(64, 96, 160)
                                        .withDropout(0.2),
                                new Head.CosFace(16, 0.2),
                                face,
                                people,
                                1)
                        .parameterCount());
        assertEquals(
                88_036,
                Network.create(
                                Backbone.residual(20, 128).withBlocks(36, 64),
                                new Head.Softmax(),
                                new Input(ImageShape.gray(16), Scaling.STANDARDISED),
                                List.of(),
                                1)
                        .parameterCount());
        assertEquals(
                211_008,
                Network.create(
                                Backbone.residual(16, 128).withBlocks(32, 56, 96),
                                new Head.Softmax(),
                                face,
                                List.of(),
                                1)
                        .parameterCount());
    }

    @Test
    void refusesWhatItCannotTake() {
        assertSaid("Plain[", () -> make(new ImageShape(1, 300, 300)));
        assertSaid("4 to 256", () -> make(new ImageShape(1, 3, 9)));
        assertSaid("4 to 256", () -> make(new ImageShape(1, 64, 257)));
        assertSaid("widths of at least 1", () -> Backbone.residual(0, 8));
        assertSaid("dropout", () -> Backbone.residual(8, 8).withDropout(1));
    }

    private static void make(ImageShape shape) {
        Network.create(Backbone.plain(4, 8), new Head.Softmax(), new Input(shape, Scaling.ZERO_ONE), List.of(), 1);
    }

    private static void assertSaid(String part, org.junit.jupiter.api.function.Executable what) {
        String message = assertThrows(IllegalArgumentException.class, what).getMessage();
        assertTrue(message.contains(part), message);
    }
}
