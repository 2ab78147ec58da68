package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.loss.AngleLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.model.Backbone;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HeldOutTest {

    private static final Stage STAGE = Stage.onLabels(
                    "student",
                    Backbone.plain(4, 8),
                    Resolution.LOW,
                    Schedule.epochs(1).withBatchSize(16),
                    1)
            .withLosses(
                    1,
                    GuideLoss.onEmbeddings(
                            "teacher", HybridOrderLoss.of(new Term("angle", 1, AngleLoss.guideScaled()))));

    @ParameterizedTest
    @CsvSource({"3,1", "15,1", "16,1", "31,1", "32,2", "47,2", "48,3", "100,6"})
    void everyPairIsJudgedOnceInEvenBatches(int pairs, int parts) {
        HeldOut held = HeldOut.of(Shapes.drawn(pairs, 1), STAGE);
        assertEquals(parts, held.batches().size());
        assertArrayEquals(
                IntStream.range(0, pairs).toArray(),
                held.batches().stream().flatMapToInt(IntStream::of).sorted().toArray());
        held.batches()
                .forEach(batch -> assertTrue(
                        batch.length == pairs / parts || batch.length == pairs / parts + 1, "size " + batch.length));
    }

    @Test
    void classesAreMixed() {
        PairedImages drawn = Shapes.drawn(64, 1);
        int[] byClass = IntStream.range(0, 64)
                .boxed()
                .sorted(java.util.Comparator.comparing(drawn::label))
                .mapToInt(i -> i)
                .toArray();
        PairedImages sorted = drawn.subset(byClass);
        for (int[] batch : HeldOut.of(sorted, STAGE).batches()) {
            assertEquals(
                    sorted.classes().size(),
                    IntStream.of(batch).map(sorted::label).distinct().count());
        }
    }

    @Test
    void tooFewForTheirLossAreRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> HeldOut.of(Shapes.drawn(2, 1), STAGE))
                .getMessage();
        assertEquals(
                "stage student: early stopping holds out 2 pairs, but the losses relate 3; raise heldOut", message);
    }
}
