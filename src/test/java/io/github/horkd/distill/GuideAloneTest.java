package io.github.horkd.distill;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class GuideAloneTest {

    /** 5,000 steps, but 20 epochs at least and 100 at most, in batches that there are enough images for. */
    @ParameterizedTest
    @CsvSource({"9525, 5000, 128", "64, 100, 64", "2, 100, 2", "1280, 1000, 128", "1000000, 156240, 128"})
    void theLengthFollowsTheNumberOfImages(int images, int steps, int batch) {
        Schedule schedule = GuideAlone.schedule(images);
        assertEquals(steps, schedule.steps());
        assertEquals(batch, schedule.batchSize());
    }

    @Test
    void itIsFasterThanWithLabels() {
        assertEquals(8e-3, GuideAlone.schedule(9525).learningRate());
        assertEquals(0.1, GuideAlone.schedule(9525).weightDecay());
    }
}
