package io.github.horkd.recognise;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.Fit;
import io.github.horkd.data.ImageFile;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** From pictures to answers without an array in between. */
class RecogniserTest {

    /** Sees 4x4 gray pixels and answers with the quarters' means: what is bright where. */
    record Quarters(String identity) implements Guide {

        @Override
        public int embeddingWidth() {
            return 4;
        }

        @Override
        public Input input() {
            return new Input(ImageShape.gray(4), Scaling.ZERO_ONE);
        }

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public Output output(INDArray images) {
            // [N, 1, 2, 2, 2, 2]: rows of quarters, rows, columns of quarters, columns.
            return Output.of(images.dup('c')
                    .reshape(images.size(0), 2, 2, 2, 2)
                    .mean(2, 4)
                    .reshape(images.size(0), 4));
        }
    }

    private static final Quarters TEACHER = new Quarters("teacher");
    private static final Quarters STUDENT = new Quarters("student");

    /** One quarter is bright: 0 and 1 above, 2 and 3 below. */
    private static BufferedImage picture(int quarter, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                boolean bright = (y >= height / 2 ? 2 : 0) + (x >= width / 2 ? 1 : 0) == quarter;
                image.getRaster().setSample(x, y, 0, bright ? 250 : 20);
            }
        }
        return image;
    }

    private static void write(Path file, BufferedImage image) throws IOException {
        Files.createDirectories(file.getParent());
        assertTrue(ImageIO.write(image, "png", file.toFile()));
    }

    private static GalleryBuilder builder() {
        return Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER, STUDENT);
    }

    private static Gallery threePeople(Path dir) throws IOException {
        write(dir.resolve("people/anna/1.png"), picture(0, 8, 8));
        write(dir.resolve("people/anna/2.png"), picture(0, 30, 20));
        write(dir.resolve("people/bea/1.png"), picture(1, 3, 3)); // smaller than the network's input
        write(dir.resolve("people/cleo/1.png"), picture(2, 100, 100));
        Files.writeString(dir.resolve("people/cleo/2.png"), "no picture");
        GalleryBuilder builder = builder();
        assertEquals(3, builder.enrol(TEACHER, dir.resolve("people")));
        return builder.build();
    }

    private static String best(Answers answers) {
        return answers.best().orElseThrow().identity();
    }

    @Test
    void aFolderIsEnrolledAndAFileIdentified(@TempDir Path dir) throws IOException {
        Gallery gallery = threePeople(dir);
        assertEquals(List.of("anna", "bea", "cleo"), gallery.identities());
        assertEquals(2, gallery.templates("anna"));
        assertEquals(1, gallery.templates("cleo"), "what is no picture is left out");
        Recogniser recogniser = Recogniser.of(gallery, STUDENT);
        write(dir.resolve("probes/a.png"), picture(1, 60, 60));
        write(dir.resolve("probes/deeper/b.png"), picture(2, 12, 24));
        assertEquals("bea", best(recogniser.identify(dir.resolve("probes/a.png"))));
        assertEquals("anna", best(recogniser.identify(picture(0, 5, 5))));
        Map<String, Answers> all = recogniser.withTop(1).identifyFolder(dir.resolve("probes"));
        assertEquals(List.of("a.png", "deeper/b.png"), List.copyOf(all.keySet()));
        assertEquals("cleo", best(all.get("deeper/b.png")));
        assertEquals(1, all.get("a.png").ranked().size());
    }

    @Test
    void belowTheThresholdNobodyIsHere(@TempDir Path dir) throws IOException {
        Gallery gallery = threePeople(dir);
        Threshold threshold = new Threshold(0.9, Threshold.Per.PROBE, 0.01, 0.01, 1, 1, 100);
        Recogniser recogniser = Recogniser.of(gallery, STUDENT, threshold);
        assertEquals("anna", best(recogniser.identify(picture(0, 9, 9))));
        assertTrue(recogniser.identify(picture(3, 9, 9)).nobody());
        assertEquals(
                List.of("cleo", "bea"),
                recogniser.identify(List.of(ImageFile.of(picture(2, 4, 4)), ImageFile.of(picture(1, 8, 8)))).stream()
                        .map(RecogniserTest::best)
                        .toList());
        assertEquals(List.of(), recogniser.identify(List.of()));
    }

    @Test
    void aSetIsEnrolledByItsClassesAndCalibratedOn(@TempDir Path dir) throws IOException {
        threePeople(dir);
        PairedImages people = ImageFolder.open(
                dir.resolve("people"),
                ImageShape.gray(4),
                Degradation.none(),
                ImageOptions.defaults().skipUnreadable().withMinSide(1));
        GalleryBuilder builder = builder();
        assertEquals(3, builder.enrol(TEACHER, people));
        Gallery gallery = builder.build();
        assertEquals(4, gallery.templates());
        PairedImages strangers = MemoryImages.ofImages(
                ImageShape.gray(4),
                List.of(picture(3, 4, 4), picture(3, 4, 4)),
                new int[] {-1, -1},
                List.of(),
                List.of("1", "2"),
                Degradation.none());
        Threshold threshold = gallery.calibrate(STUDENT, people, strangers, Resolution.LOW, 0.5);
        assertEquals(1, threshold.trueAccepted());
        assertEquals(4, threshold.genuine());
        Recogniser recogniser = Recogniser.of(gallery, STUDENT, threshold);
        assertEquals("bea", best(recogniser.identify(people, Resolution.LOW).get(2)));
        var unlabelled =
                assertThrows(IllegalArgumentException.class, () -> builder().enrol(TEACHER, strangers));
        assertTrue(unlabelled.getMessage().contains("2 without a label"), unlabelled.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> gallery.calibrate(STUDENT, strangers, strangers, Resolution.LOW, 0.5));
    }

    @Test
    void unlabelledImagesOfASetAreLeftOut(@TempDir Path dir) {
        PairedImages some = MemoryImages.ofImages(
                ImageShape.gray(4),
                List.of(picture(0, 4, 4), picture(1, 4, 4)),
                new int[] {0, -1},
                List.of("anna"),
                List.of("1", "2"),
                Degradation.none());
        GalleryBuilder builder = builder();
        assertEquals(1, builder.enrol(TEACHER, some));
        assertEquals(1, builder.build().templates());
    }

    @Test
    void aNetworkOfAnotherSpaceIsRefusedAtOnce(@TempDir Path dir) throws IOException {
        Gallery gallery = threePeople(dir);
        assertThrows(IllegalArgumentException.class, () -> Recogniser.of(gallery, new Quarters("another")));
        assertThrows(
                IllegalArgumentException.class,
                () -> Recogniser.of(gallery, STUDENT).withTop(0));
    }

    @Test
    void proportionsAreCutOrPaddedAsAsked(@TempDir Path dir) throws IOException {
        // Wide: bright at the far left alone, which a cut around the centre loses.
        BufferedImage wide = new BufferedImage(40, 10, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < 5; y++) {
            for (int x = 0; x < 10; x++) {
                wide.getRaster().setSample(x, y, 0, 255);
            }
        }
        float[] cut = TEACHER.embed(ImageFile.of(wide));
        assertArrayEquals(new float[4], cut);
        Recogniser recogniser = Recogniser.of(threePeople(dir), STUDENT);
        assertEquals(0, recogniser.identify(wide).best().orElseThrow().similarity());
        Recogniser whole = recogniser.withReading(ImageOptions.defaults().withFit(Fit.PAD));
        assertEquals("anna", best(whole.identify(wide)));
    }

    @Test
    void aFileThatIsMissingOrNoPictureIsNamed(@TempDir Path dir) throws IOException {
        Recogniser recogniser = Recogniser.of(threePeople(dir), STUDENT);
        var missing = assertThrows(UncheckedIOException.class, () -> recogniser.identify(dir.resolve("nothing.png")));
        assertTrue(missing.getMessage().endsWith("nothing.png: no such file"), missing.getMessage());
        var damaged =
                assertThrows(UncheckedIOException.class, () -> recogniser.identify(dir.resolve("people/cleo/2.png")));
        assertTrue(damaged.getMessage().contains("2.png: is no image"), damaged.getMessage());
    }
}
