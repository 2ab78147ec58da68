package io.github.horkd.knowledge;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImagePass;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Shapes;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.guide.PrecomputedKnowledge;
import io.github.horkd.model.Backbone;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TransferSetTest {

    private static final int IMAGES = 150;
    private static final KnownPoses DRAWN =
            KnownPoses.drawn(Augmentation.none().flip().shift(2).rotate(0.2), 2, 5);

    @TempDir
    private Path folder;

    private PairedImages shapes;
    private Guide guide;
    private Path rec;

    @BeforeEach
    void writeARecordIoFile() throws IOException {
        shapes = Shapes.drawn(IMAGES, 1);
        guide = new PixelGuide("pixels", 6, 3);
        rec = folder.resolve("faces.rec");
        StringBuilder index = new StringBuilder();
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int i = 0; i < IMAGES; i++) {
            index.append(i).append('\t').append(records.size()).append('\n');
            byte[] png = png(shapes, i);
            int length = 24 + png.length;
            ByteBuffer record = ByteBuffer.allocate(8 + length + 3 & ~3).order(ByteOrder.LITTLE_ENDIAN);
            record.putInt(0xced7230a).putInt(length).putInt(0).putFloat(shapes.label(i));
            records.write(record.putLong(i).putLong(0).put(png).array());
        }
        Files.write(rec, records.toByteArray());
        Files.writeString(folder.resolve("faces.idx"), index);
    }

    private static byte[] png(PairedImages images, int i) throws IOException {
        ImageShape shape = images.shape(Resolution.HIGH);
        float[] values = new float[shape.size()];
        images.read(i, Pose.IDENTITY, values, 0, null, 0);
        BufferedImage image = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_BYTE_GRAY);
        for (int k = 0; k < values.length; k++) {
            image.getRaster().setSample(k % shape.width(), k / shape.width(), 0, Math.round(255 * values[k]));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    private ImagePass pass() {
        return ImagePass.over(
                rec,
                shapes.shape(Resolution.HIGH),
                Degradation.downscaleTo(6).then(Degradation.noise(0.05)),
                ImageOptions.defaults());
    }

    private Path file(String name) {
        return folder.resolve(name + TransferSet.EXTENSION);
    }

    private TransferSet whole() {
        return TransferSet.open(
                TransferSet.from(pass()).guide(guide).poses(DRAWN).write(file("whole/0")));
    }

    private static float[] low(PairedImages images, int index) {
        float[] view = new float[images.shape(Resolution.LOW).size()];
        images.read(index, Pose.IDENTITY, null, 0, view, 0);
        return view;
    }

    private static float[] answers(PairedImages images, KnowledgeSource source) {
        int[] all = IntStream.range(0, images.size()).toArray();
        Pose[] poses = new Pose[all.length];
        Arrays.fill(poses, Pose.IDENTITY);
        return Embeddings.by(source).rows(images, Resolution.HIGH, all, poses);
    }

    @Test
    void holdsWhatTheGuideSaysOfTheVeryPictureThatIsKept() {
        TransferSet set = whole();
        set.verify();
        assertEquals(2 * IMAGES, set.size());
        assertEquals(List.of("0", "1", "2", "3"), set.classes());
        assertEquals("000000003#1", set.name(IMAGES + 3));
        assertEquals(shapes.label(3), set.label(IMAGES + 3));
        for (int i = 0; i < set.size(); i++) {
            assertEquals(i, set.find(set.name(i)));
        }
        float[] mirrored = new float[36];
        set.read(7, Pose.MIRRORED, null, 0, mirrored, 0);
        assertEquals(low(set, 7)[0], mirrored[5]);
        assertThrows(IllegalArgumentException.class, () -> set.read(0, Pose.IDENTITY, new float[144], 0, null, 0));
    }

    @Test
    void asksInThePosesThatItKeeps() {
        ImagePass alike =
                ImagePass.over(rec, shapes.shape(Resolution.HIGH), Degradation.none(), ImageOptions.defaults());
        TransferSet set = TransferSet.open(
                TransferSet.from(alike).guide(guide).poses(DRAWN).write(file("alike")));
        float[] said = answers(set, set.guide());
        for (int i = 0; i < set.size(); i++) {
            // This guide says the first pixels that it sees; the view that is kept has the same ones, rounded.
            for (int k = 0; k < 6; k++) {
                assertEquals(low(set, i)[k], said[i * 9 + k], 0.5 / 255 + 1e-6, set.name(i));
            }
        }
    }

    /** K and D, each with the right marks. */
    @Test
    void sizesThatFitNowhereAreRefusedByTheFilesName() throws IOException {
        byte[] sound = TransferBytes.sound(folder);
        for (int at : new int[] {16, 24}) {
            byte[] bytes = sound.clone();
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, Integer.MAX_VALUE);
            Path shard = Files.write(file("hostile"), bytes);
            TransferBytes.sign(shard);
            String told = assertThrows(UncheckedIOException.class, () -> TransferSet.open(shard))
                    .getMessage();
            assertTrue(told.contains("hostile") && told.contains("no block has room for"), told);
        }
    }

    @Test
    void shardsOfAnyNumberOfProcessesAreReadAsOne() {
        TransferSet whole = whole();
        for (int parts : new int[] {2, 7}) {
            for (int part = parts - 1; part >= 0; part--) {
                TransferSet.from(pass().part(part, parts))
                        .guide(guide)
                        .poses(DRAWN)
                        .write(file("parts" + parts + "/" + part));
            }
            TransferSet shards = TransferSet.open(folder.resolve("parts" + parts));
            assertEquals(whole.classes(), shards.classes());
            assertEquals(whole.size(), shards.size());
            for (int i = 0; i < whole.size(); i++) {
                assertEquals(whole.name(i), shards.name(i));
                assertEquals(whole.label(i), shards.label(i));
                assertEquals(i, shards.find(whole.name(i)));
                assertArrayEquals(low(whole, i), low(shards, i));
            }
            assertArrayEquals(answers(whole, whole.guide()), answers(shards, shards.guide()));
        }
    }

    @Test
    void theSameStudentAsFromMemoryToTheBit() {
        TransferSet set = TransferSet.open(TransferSet.from(pass())
                .guide(new PixelGuide("pixels", 6, 0))
                .poses(DRAWN)
                .write(file("whole")));
        List<byte[]> samples = new ArrayList<>();
        for (int i = 0; i < set.size(); i++) {
            float[] view = low(set, i);
            byte[] bytes = new byte[view.length];
            for (int k = 0; k < bytes.length; k++) {
                bytes[k] = (byte) Math.round(255 * view[k]);
            }
            samples.add(bytes);
        }
        List<String> names = IntStream.range(0, set.size()).mapToObj(set::name).toList();
        PairedImages memory = MemoryImages.of(
                set.shape(Resolution.LOW),
                samples,
                IntStream.range(0, set.size()).map(set::label).toArray(),
                set.classes(),
                names,
                Degradation.none());
        PrecomputedKnowledge said =
                PrecomputedKnowledge.of(names, Embeddings.by(set.guide()).of(set, Resolution.HIGH));
        String student = student(memory, said);
        assertEquals(student, student(set, set.guide()));
        assertEquals(student, student(memory, set.guide()), "what was said of other images of these names");
        PairedImages some =
                memory.subset(IntStream.range(0, 40).map(i -> 79 - i).toArray());
        assertEquals(student(some, said), student(some, set.guide()));
    }

    /** A million answers in a heap of a gibibyte: they stay in their files, whichever images of their names they are asked for. */
    @Test
    void answersAreNotCopiedForOtherImages() {
        TransferSet set = whole();
        int[] asked = {0};
        try (KnowledgeStore store = KnowledgeStore.inMemory()) {
            Knowledge known = store.of(
                    set.guide(),
                    set.subset(new int[] {5, 2}),
                    Resolution.LOW,
                    KnownPoses.withMirror(),
                    seen -> asked[0]++);
            assertEquals(0, asked[0]);
            float[] all = answers(set, set.guide());
            float[] row = new float[set.guide().embeddingWidth()];
            int width = all.length / set.size(); // with logits
            for (int k = 0; k < 4; k++) {
                known.embeddingRows().read(k, row);
                int at = (k % 2 == 0 ? 5 : 2) * width;
                assertArrayEquals(Arrays.copyOfRange(all, at, at + row.length), row);
            }
        }
    }

    private static String student(PairedImages images, KnowledgeSource guide) {
        return Distillation.from(guide)
                .student(Backbone.plain(8, 6))
                .schedule(Schedule.epochs(2).withBatchSize(32).withLearningRate(0.01))
                .augmentation(Augmentation.none().flip())
                .seed(3)
                .listen(event -> {})
                .build()
                .run(images)
                .student()
                .identity();
    }

    @Test
    void aPassThatWasKilledGoesOnToTheSameBytes() throws IOException {
        Path file = TransferSet.from(pass()).guide(guide).poses(DRAWN).write(file("x"));
        byte[] all = Files.readAllBytes(file);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        for (int length : new int[] {0, 30, 500, all.length / 3, all.length * 2 / 3, all.length - 3000, all.length}) {
            Files.delete(file);
            Files.write(part, Arrays.copyOf(all, length));
            List<TransferProgress> told = new ArrayList<>();
            TransferSet.from(pass()).guide(guide).poses(DRAWN).listen(told::add).write(file);
            assertArrayEquals(all, Files.readAllBytes(file), "cut at " + length);
            assertEquals(IMAGES, told.get(told.size() - 1).images());
            assertEquals(1, told.get(told.size() - 1).share());
        }
    }

    @Test
    void whatIsDamagedOrForeignIsRefused() throws IOException {
        Path file = TransferSet.from(pass()).guide(guide).write(file("x"));
        byte[] all = Files.readAllBytes(file);
        for (int length = 0; length < all.length; length += 131) {
            Files.write(file, Arrays.copyOf(all, length));
            assertThrows(UncheckedIOException.class, () -> TransferSet.open(file));
        }
        for (int at = 0; at < all.length; at += 61) {
            byte[] damaged = all.clone();
            damaged[at] ^= 4;
            Files.write(file, damaged);
            assertThrows(
                    UncheckedIOException.class, () -> TransferSet.open(file).verify(), "byte " + at);
        }
        TransferSet.from(pass()).guide(guide).write(file);
        assertArrayEquals(all, Files.readAllBytes(file), "written anew");
        TransferSet.from(pass().part(0, 2))
                .guide(new PixelGuide("others", 5, 3))
                .write(file("y"));
        assertTrue(assertThrows(UncheckedIOException.class, () -> TransferSet.open(folder))
                .getMessage()
                .contains("of another guide"));
        Files.delete(file("y"));
        TransferSet.from(pass().part(0, 2)).guide(guide).write(file("y"));
        assertTrue(assertThrows(UncheckedIOException.class, () -> TransferSet.open(folder))
                .getMessage()
                .contains("is in two shards"));
    }

    @Test
    void saysWhatItNeeds() {
        assertThrows(
                IllegalArgumentException.class, () -> TransferSet.from(pass()).write(folder.resolve("x")));
        assertThrows(UncheckedIOException.class, () -> TransferSet.open(folder));
        TransferSet views = TransferSet.open(TransferSet.from(pass()).write(file("views")));
        assertTrue(assertThrows(IllegalStateException.class, views::guide)
                .getMessage()
                .contains("without a guide"));
        ImagePass archive = ImagePass.over(
                folder, shapes.shape(Resolution.HIGH), Degradation.downscaleTo(6), ImageOptions.defaults());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> archive.part(0, 2))
                .getMessage()
                .contains("cannot be cut"));
    }
}
