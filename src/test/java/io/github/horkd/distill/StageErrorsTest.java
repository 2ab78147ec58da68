package io.github.horkd.distill;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.model.Backbone;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StageErrorsTest {

    @Test
    void imagesTooLargeForABackboneNameStageViewNetworkAndWayOut() {
        PairedImages images = MemoryImages.of(
                new ImageShape(1, 8, 300),
                List.of(new byte[2400], new byte[2400]),
                new int[] {0, 1},
                List.of("a", "b"),
                List.of("1", "2"),
                Degradation.downscaleTo(4));
        Schedule one = Schedule.steps(1).withBatchSize(2);
        String said = assertThrows(
                        IllegalArgumentException.class,
                        () -> Classifier.train(Backbone.plain(4, 8), images, Resolution.HIGH, one, 1))
                .getMessage();
        for (String part :
                List.of("stage teacher", "HIGH view", "Plain[", "4 to 256 pixels", "1x8x300", "open the images at")) {
            assertTrue(said.contains(part), said);
        }
    }
}
