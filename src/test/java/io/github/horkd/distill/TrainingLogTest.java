package io.github.horkd.distill;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Of how far a stage is, the log has one line for every tenth, whatever its epochs are. */
class TrainingLogTest {

    private static final Network LEARNER = Network.create(
            Backbone.plain(4, 8),
            new Head.Softmax(),
            new Input(ImageShape.gray(12), Scaling.ZERO_ONE),
            List.of("a", "b"),
            1);

    private final List<String> lines = new ArrayList<>();
    private final TrainingLog log = new TrainingLog(lines::add);

    private void stage(int epochs, int stepsPerEpoch, int goesOnAfter) {
        int steps = epochs * stepsPerEpoch;
        log.on(new TrainingEvent.StageStarted("student", LEARNER, 640, epochs, steps, 64));
        for (int step = goesOnAfter + 1; step <= steps; step++) {
            int epoch = (step - 1) / stepsPerEpoch + 1;
            log.on(new TrainingEvent.StepFinished("student", epoch, step, steps, 1.0 / step));
            if (step % stepsPerEpoch == 0) {
                log.on(new TrainingEvent.EpochFinished(
                        "student",
                        epoch,
                        epochs,
                        2,
                        List.of(new TermValue("teacher: first", 0.25, 1, 0)),
                        OptionalDouble.empty(),
                        1e-3,
                        1000,
                        Duration.ofSeconds(7200)));
                log.on(new TrainingEvent.Validated("student", epoch, "HR-LR", 0.5, 0.75, 0.25, 0.5, epoch == 1));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1000", "3, 50", "7, 13", "10, 9", "25, 4", "60, 1", "1000, 3"})
    void aTenthIsALine(int epochs, int stepsPerEpoch) {
        for (int run = 0; run < 2; run++) {
            lines.clear();
            stage(epochs, stepsPerEpoch, 0);
            List<String> progress =
                    lines.stream().filter(line -> !line.contains("held-out")).toList();
            assertEquals(10, progress.size(), () -> String.join("\n", progress));
            assertTrue(progress.get(9).startsWith("student: epoch " + epochs + "/"), progress.get(9));
            assertTrue(lines.size() <= 20, "people are told of no more often");
        }
    }

    @Test
    void linesSayWords() {
        stage(1, 40, 0);
        assertTrue(lines.get(0).matches("student: 10 %, loss 0\\.2500, \\d+ pairs/s, \\d+ s left"), lines.get(0));
        assertEquals(
                List.of(
                        "student: epoch 1/1, loss 2.0000, 1000 pairs/s, 2 h 00 min left; terms: teacher: first 1.0000 (0.2500 unweighted)",
                        "student: held-out pictures after epoch 1, HR-LR: rank-1 50.0 %, AUC 75.0 % (naive use of the guide: 25.0 %, 50.0 %), the best so far"),
                lines.subList(9, 11));
    }

    @Test
    void whatGoesOnSaysWhereItIs() {
        stage(1, 100, 34);
        assertTrue(lines.get(0).startsWith("student: 35 %"), lines.get(0));
        assertEquals(1 + 7 + 1, lines.size(), () -> String.join("\n", lines));
    }
}
