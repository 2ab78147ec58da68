package io.github.horkd.examples;

import io.github.horkd.distill.TrainingEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the console shows while an example runs, and when one ends in a problem. */
class ConsoleTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private void train(ConsoleProgress progress) {
        for (int step = 1; step <= 1000; step++) {
            progress.on(new TrainingEvent.StepFinished("student", 1 + step / 100, step, 1000, 1.0 / step));
        }
    }

    @Test
    void withoutATerminalATenthIsALine() {
        train(new ConsoleProgress(out, false));
        assertEquals(10, lines().size(), () -> String.join("\n", lines()));
        assertTrue(
                lines().get(2).matches("student: learning: 30 %, loss 0\\.003, [0-9,]+ images/s, \\d+ s left"),
                lines().get(2));
        assertTrue(bytes.toString(StandardCharsets.UTF_8).indexOf('\r') < 0);
    }

    @Test
    void inATerminalABarIsDrawnAndGone() {
        train(new ConsoleProgress(out, true));
        String shown = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(shown.contains("[========================] 100 %, loss 0.001"), shown);
        assertTrue(shown.endsWith("\r\033[K"), "the line is free for what comes next");
    }

    @Test
    void aProblemIsItsMessage() {
        new Problem(out)
                .uncaughtException(Thread.currentThread(), new IllegalArgumentException("data: wanted a folder"));
        assertEquals(List.of("", "data: wanted a folder"), lines());
    }

    @Test
    void whatNobodyForesawSaysWhere() {
        new Problem(out).uncaughtException(Thread.currentThread(), new NullPointerException("x"));
        assertTrue(lines().stream().anyMatch(line -> line.contains("at io.github.horkd.examples.ConsoleTest")));
    }
}
