package io.github.horkd;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImagePass;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PackBytes;
import io.github.horkd.data.PackedImages;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.distill.Shapes;
import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.distill.TrainingListener;
import io.github.horkd.experiment.ExperimentFiles;
import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.knowledge.TransferSet;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A power cut after any step of writing, with whatever a disk may have kept by then: {@link RecordedDisk}. Checkpoints: CheckpointPowerCutTest. */
@DisabledOnOs(OS.WINDOWS) // Directories are not forced there.
class PowerCutTest {

    /** Of what a {@link PixelGuide} sees. */
    private static final int SIDE = 12;

    @TempDir
    Path folder;

    private int states;

    private interface Look {
        void at(Path kept, int after) throws IOException;
    }

    private void afterEveryStep(RecordedDisk disk, Look look) throws IOException {
        afterEveryStep(disk, file -> true, look);
    }

    private void afterEveryStep(RecordedDisk disk, Predicate<Path> which, Look look) throws IOException {
        for (int after = 0; after <= disk.steps(); after++) {
            for (int changes = 0; changes <= disk.changesAfter(after); changes++) {
                for (RecordedDisk.Kept kept : RecordedDisk.Kept.values()) {
                    Path into = Files.createDirectory(folder.resolve("state" + states++));
                    disk.cut(after, changes, kept, into, which);
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

    /** Something that is written over several steps, and gone on with where it was cut off. */
    private interface Written {
        /** Writes it, or what is left of it, into a folder. */
        Path into(Path folder) throws IOException;

        /** Reads what was written, without writing. */
        List<Object> read(Path folder) throws IOException;
    }

    private record Resumed(String name, Written written) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Resumed> resumed() {
        return Stream.of(
                new Resumed("packed pictures", new Packed()),
                new Resumed("a transfer set", new Transferred(1, null)),
                new Resumed("a transfer set with answers", new Transferred(1, new PixelGuide("pixels", 4, 2))),
                new Resumed("two shards of a transfer set", new Transferred(2, new PixelGuide("pixels", 4, 2))));
    }

    /** What it was written from. */
    @TempDir
    static Path sources;

    private record Packed() implements Written {
        @Override
        public Path into(Path folder) throws IOException {
            Path zip = sources.resolve("faces.zip");
            return PackBytes.packed(folder.resolve("new/packed"), Files.exists(zip) ? zip : PackBytes.pictures(zip, 2));
        }

        @Override
        public List<Object> read(Path folder) {
            PackedImages images = PackedImages.open(folder.resolve("new/packed/faces.pixels"), Degradation.none());
            images.verify();
            return contents(images, Resolution.HIGH);
        }
    }

    private record Transferred(int shards, PixelGuide guide) implements Written {
        @Override
        public Path into(Path folder) throws IOException {
            Path records = sources.resolve("faces.rec");
            if (!Files.exists(records)) {
                Files.write(records, PackBytes.records(70, SIDE));
            }
            Path set = folder.resolve("new/transfer");
            for (int shard = 0; shard < shards; shard++) {
                var builder = TransferSet.from(ImagePass.over(
                                records, ImageShape.gray(SIDE), Degradation.downscaleTo(4), ImageOptions.defaults())
                        .part(shard, shards));
                (guide == null ? builder : builder.guide(guide)).write(set.resolve(shard + TransferSet.EXTENSION));
            }
            return set;
        }

        @Override
        public List<Object> read(Path folder) {
            TransferSet set = TransferSet.open(folder.resolve("new/transfer"));
            set.verify();
            List<Object> all = contents(set, Resolution.LOW);
            if (guide != null) {
                all.add(Embeddings.by(set.guide()).of(set, Resolution.HIGH));
            }
            return all;
        }
    }

    private static List<Object> contents(PairedImages images, Resolution view) {
        int[] all = IntStream.range(0, images.size()).toArray();
        return new ArrayList<>(List.of(
                IntStream.of(all).mapToObj(images::name).toList(),
                images.classes(),
                images.batch(view, all, Pose.IDENTITY)));
    }

    @ParameterizedTest
    @MethodSource("resumed")
    void whatIsWrittenOverManyStepsIsGoneOnWithToTheSameEnd(Resumed what) throws IOException {
        RecordedDisk disk = disk();
        what.written.into(disk.root());
        List<Object> right = what.written.read(disk.root());
        afterEveryStep(disk, (kept, after) -> {
            if (after < disk.steps()) {
                what.written.into(kept);
            }
            assertEquals(right, what.written.read(kept));
        });
    }

    /** With all its files: manifest, state and history of runs, networks, tables. */
    @Test
    void noEpochOfAnExperimentThatWasAcknowledgedIsLost() throws IOException {
        RecordedDisk disk = disk();
        Path directory = disk.root().resolve("new/experiment");
        List<Integer> steps = new ArrayList<>();
        List<Integer> epochs = new ArrayList<>();
        ExperimentFiles.in(ExperimentFiles.least(), directory)
                .whenWritten(there -> {
                    steps.add(disk.steps());
                    epochs.add(epochs(there));
                })
                .run();
        assertTrue(steps.size() > 3, "acknowledged " + steps);
        afterEveryStep(disk, file -> file.toString().endsWith(".json"), (kept, after) -> {
            int acknowledged = 0;
            for (int i = 0; i < steps.size() && steps.get(i) <= after; i++) {
                acknowledged = epochs.get(i);
            }
            Path there = kept.resolve("new/experiment");
            int found = Files.exists(there.resolve("manifest.json")) ? epochs(there) : 0;
            assertTrue(found >= acknowledged, "wanted " + acknowledged + " epochs, got " + found);
        });
    }

    private static int epochs(Path directory) {
        return RunDirectory.read(directory).runs().stream()
                .mapToInt(run -> run.epochs().size())
                .sum();
    }

    @Test
    void aTableOfEpochsIsTheOldOneOrTheNewOne() throws IOException {
        RecordedDisk disk = disk();
        Path file = disk.root().resolve("new/epochs.csv");
        TrainingListener table = Listeners.csv(file);
        List<Integer> steps = new ArrayList<>(List.of(disk.steps()));
        for (int epoch = 1; epoch <= 3; epoch++) {
            table.on(new TrainingEvent.EpochFinished(
                    "student",
                    epoch,
                    3,
                    1,
                    List.of(new TermValue("first order", 1, 1, 1)),
                    OptionalDouble.empty(),
                    0.01,
                    1,
                    Duration.ZERO));
            steps.add(disk.steps());
        }
        afterEveryStep(disk, (kept, after) -> {
            Path there = kept.resolve("new/epochs.csv");
            int lines = Files.exists(there) ? Files.readAllLines(there).size() : 0;
            long acknowledged = steps.stream().filter(at -> at <= after).count();
            assertTrue(lines >= acknowledged, "wanted " + acknowledged + " lines, got " + lines);
            Listeners.csv(there); // and it is gone on with
        });
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
