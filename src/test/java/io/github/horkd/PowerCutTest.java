package io.github.horkd;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.distill.Shapes;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A power cut after any step of writing, with whatever a disk may have kept by then: {@link RecordedDisk}. Checkpoints: CheckpointPowerCutTest. Packed pictures and transfer sets are
 * written as knowledge is: blocks with checksums, forced, then moved. */
@DisabledOnOs(OS.WINDOWS) // Directories are not forced there.
class PowerCutTest {

    @TempDir
    Path folder;

    private int states;

    private interface Look {
        void at(Path kept, int after) throws IOException;
    }

    private void afterEveryStep(RecordedDisk disk, Look look) throws IOException {
        for (int after = 0; after <= disk.steps(); after++) {
            for (int changes = 0; changes <= disk.changesAfter(after); changes++) {
                for (RecordedDisk.Kept kept : RecordedDisk.Kept.values()) {
                    Path into = Files.createDirectory(folder.resolve("state" + states++));
                    disk.cut(after, changes, kept, into);
                    look.at(into, after);
                }
            }
        }
        assertTrue(states > 20, "states: " + states);
    }

    private RecordedDisk disk() throws IOException {
        return new RecordedDisk(Files.createDirectory(folder.resolve("disk")));
    }

    @Test
    void aGalleryIsTheOldOneOrTheNewOneAndWhatWasAcknowledgedIsThere() throws IOException {
        RecordedDisk disk = disk();
        Path file = disk.root().resolve("new/folder/people.gallery");
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, new PixelGuide("pixels", 4, 0));
        int[] saved = new int[3];
        for (int people = 1; people <= 3; people++) {
            builder.enrol("person " + people, Nd4j.createFromArray(new float[][] {{1, people, 3, 4}}));
            builder.build().save(file);
            saved[people - 1] = disk.steps();
        }
        afterEveryStep(disk, (kept, after) -> {
            Path there = kept.resolve("new/folder/people.gallery");
            int people = Files.exists(there) ? Gallery.load(there).identities().size() : 0;
            int acknowledged =
                    (int) Arrays.stream(saved).filter(at -> at <= after).count();
            assertTrue(people >= acknowledged, "wanted " + acknowledged + ", got " + people);
        });
    }

    @Test
    void knowledgeIsRightWhateverIsLeftOfIt() throws IOException {
        RecordedDisk disk = disk();
        INDArray right = ask(disk.root());
        afterEveryStep(disk, (kept, after) -> assertEquals(right, ask(kept)));
    }

    private static INDArray ask(Path folder) {
        PairedImages images = Shapes.drawn(5, 1);
        Pose[] asIs = new Pose[5];
        Arrays.fill(asIs, Pose.IDENTITY);
        try (KnowledgeStore store = KnowledgeStore.inFolder(folder)) {
            return store.of(new PixelGuide("pixels", 4, 0), images, Resolution.LOW, KnownPoses.asIs(), seen -> {})
                    .embeddings(new int[] {0, 1, 2, 3, 4}, asIs);
        }
    }
}
