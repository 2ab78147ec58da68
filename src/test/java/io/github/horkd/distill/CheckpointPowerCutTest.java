package io.github.horkd.distill;

import io.github.horkd.RecordedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** A power cut after any step of keeping checkpoints: the run goes on from the last one that was acknowledged, or a later one. */
@DisabledOnOs(OS.WINDOWS)
class CheckpointPowerCutTest {

    private static final Checkpoint.Shape SHAPE = new Checkpoint.Shape("fingerprint", 3, 30, 10);

    @TempDir
    Path folder;

    private static StageFiles files(Path directory) {
        return new StageFiles(Checkpoints.in(directory).directory(), "student", SHAPE.fingerprint());
    }

    private static Checkpoint at(int step) {
        return new Checkpoint(
                SHAPE.fingerprint(),
                new Checkpoint.Position(0, step, step),
                0,
                1,
                1,
                0,
                Nd4j.ones(1, 40).muli(step),
                Nd4j.ones(1, 80),
                null,
                new byte[3]);
    }

    @Test
    void noCheckpointThatWasAcknowledgedIsLost() throws IOException {
        RecordedDisk disk = new RecordedDisk(Files.createDirectory(folder.resolve("disk")));
        StageFiles files = files(disk.root().resolve("run/checkpoints"));
        List<Integer> kept = new ArrayList<>();
        for (int step = 1; step <= 4; step++) {
            files.keep(at(step));
            kept.add(disk.steps());
        }
        int states = 0;
        for (int after = 0; after <= disk.steps(); after++) {
            int now = after;
            int acknowledged = (int) kept.stream().filter(each -> each <= now).count();
            for (int changes = 0; changes <= disk.changesAfter(after); changes++) {
                for (RecordedDisk.Kept what : RecordedDisk.Kept.values()) {
                    Path into = Files.createDirectory(folder.resolve("state" + states++));
                    disk.cut(after, changes, what, into);
                    Optional<Checkpoint> found =
                            files(into.resolve("run/checkpoints")).interrupted(SHAPE);
                    int step = found.map(each -> each.position().step()).orElse(0);
                    assertTrue(step >= acknowledged, "wanted step " + acknowledged + ", got " + step);
                }
            }
        }
        assertTrue(states > 50, "states: " + states);
    }
}
