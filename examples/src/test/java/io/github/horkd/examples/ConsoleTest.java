package io.github.horkd.examples;

import io.github.horkd.distill.TrainingEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the console shows while an example runs. */
class ConsoleTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static void train(ConsoleProgress progress) {
        for (int step = 1; step <= 1000; step++) {
            progress.on(new TrainingEvent.StepFinished("student", 1 + step / 100, step, 1000, 1.0 / step));
        }
    }

    private static void ask(ConsoleProgress progress) {
        for (int seen = 64; seen <= 640; seen += 64) {
            progress.on(new TrainingEvent.KnowledgeGathered("student", "teacher", seen, 640));
        }
    }

    @Test
    void withoutATerminalTheLogSaysHowFarAStageIs() {
        train(new ConsoleProgress(out, false, 0));
        assertEquals(List.of(), lines());
    }

    @Test
    void aGuideThatIsAskedForLongIsSpokenOf() {
        ask(new ConsoleProgress(out, false, 3_600_000_000_000L));
        assertEquals(List.of(), lines());
        ask(new ConsoleProgress(out, false, 0));
        assertTrue(
                lines().get(0).matches("student: asking the teacher: 20 %, [0-9,]+ views/s, \\d+ s left"),
                lines().get(0));
    }

    @Test
    void whatElseIsWrittenStandsOnALineOfItsOwn() {
        ConsoleProgress progress = new ConsoleProgress(out, true, 3_600_000_000_000L);
        PrintStream beside = progress.beside(out);
        progress.on(new TrainingEvent.StepFinished("student", 1, 1, 4, 1));
        progress.on(new TrainingEvent.StepFinished("student", 1, 2, 4, 0.5));
        beside.println("rank-1");
        progress.on(new TrainingEvent.StepFinished("student", 2, 3, 4, 0.25));
        String shown = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(
                shown.contains(" left\r\033[Krank-1" + System.lineSeparator() + "\r\033[Kstudent: learning ["), shown);
    }

    @Test
    void inATerminalABarIsDrawnAndGone() {
        train(new ConsoleProgress(out, true, 0));
        String shown = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(shown.contains("[========================] 100 %, loss 0.001"), shown);
        assertTrue(shown.endsWith("\r\033[K"), "the line is free for what comes next");
    }
}
