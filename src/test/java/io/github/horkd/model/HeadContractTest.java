package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.CrossEntropyLoss;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What every head promises. A new one joins by one line in {@link #heads()}. */
class HeadContractTest {

    static Stream<Head> heads() {
        return Stream.of(
                new Head.Softmax(),
                new Head.CosFace(16, 0.2),
                new Head.ArcFace(32, 0.5),
                new Head.AdaFace(32, 0.4, 0.333),
                new Head.MagFace(32, 0.2, 0.5, 1, 10, 5),
                new PlainCosines(8, "mine"));
    }

    /** A user's own: cosines without a margin. */
    record PlainCosines(double scale, String note) implements CosineHead {
        @Override
        public BatchLoss labelLoss() {
            return new CrossEntropyLoss(0);
        }

        @Override
        public String trainedVertex() {
            return LOGITS;
        }
    }

    private static Network network(Head head) {
        return Network.create(
                Backbone.plain(4, 6), head, new Input(ImageShape.gray(8), Scaling.ZERO_ONE), List.of("a", "b", "c"), 3);
    }

    @ParameterizedTest
    @MethodSource("heads")
    void givesLogitsAndTheVertexItsLossLooksAt(Head head) {
        Network network = network(head);
        assertArrayEquals(
                new long[] {2, 3},
                network.output(Nd4j.rand(2, 1, 8, 8)).logits().orElseThrow().shape());
        assertNotNull(network.graph().getVertex(head.trainedVertex()));
        Map<String, INDArray> all = network.graph().feedForward(Nd4j.rand(3, 1, 8, 8), false);
        INDArray trained = all.get(head.trainedVertex());
        INDArray given = head.looksAtEmbedding() ? Nd4j.hstack(trained, all.get(network.embeddingVertex())) : trained;
        var loss = head.labelLoss().lossAndGradient(Nd4j.eye(3), given.dup());
        assertTrue(Double.isFinite(loss.value()));
        assertArrayEquals(given.shape(), loss.gradient().shape());
    }

    @ParameterizedTest
    @MethodSource("heads")
    void survivesAFile(Head head, @TempDir Path folder) {
        network(head).save(folder.resolve("net.zip"));
        Network loaded = Network.load(folder.resolve("net.zip"), head.getClass());
        assertEquals(head, loaded.head().orElseThrow());
    }
}
