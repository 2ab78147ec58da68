package io.github.horkd.distill;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.schedule.ISchedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ScheduleTest {

    /** By hand, at the middle of a step of 100: one cycle peaks at 0.3; half of the way down is (1 + 4e-6) / 2. */
    @ParameterizedTest
    @CsvSource({
        "CONSTANT, 0, 1",
        "CONSTANT, 99, 1",
        "COSINE, 0, 0.999938",
        "COSINE, 49, 0.507854",
        "COSINE, 99, 0.0000617",
        "COSINE, 500, 0",
        "ONE_CYCLE, 0, 0.040658",
        "ONE_CYCLE, 29, 0.999342",
        "ONE_CYCLE, 64, 0.511222",
        "ONE_CYCLE, 99, 0.00012988",
        "ONE_CYCLE, 500, 0.000004"
    })
    void overSoManySteps(Schedule.Curve curve, int iteration, double share) {
        ISchedule rate =
                Schedule.epochs(1).withCurve(curve).withLearningRate(0.5).over(100);
        assertEquals(0.5 * share, rate.valueAt(iteration, 7), 1e-6);
        assertEquals(rate.valueAt(iteration, 0), rate.clone().valueAt(iteration, 0));
    }

    @Test
    void refusesNoSteps() {
        String said = assertThrows(
                        IllegalArgumentException.class, () -> Schedule.epochs(1).over(0))
                .getMessage();
        assertTrue(said.contains("at least 1, got 0"), said);
    }
}
