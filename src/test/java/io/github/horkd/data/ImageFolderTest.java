package io.github.horkd.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ImageFolderTest {

    private static final Degradation TO_4 = Degradation.downscaleTo(4);
    private static final byte[] TEXT = "nothing to see".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path temp;

    private final Map<String, byte[]> files = new TreeMap<>();

    @BeforeEach
    void drawTwoClasses() throws IOException {
        files.put("anna/2.png", Pictures.png(1, 8, 8, 2));
        files.put("anna/1.png", Pictures.png(1, 8, 8, 1));
        files.put("bert/1.bmp", Pictures.file(Pictures.random(ImageShape.gray(8), 3), "bmp"));
        files.put("README.txt", TEXT);
        files.put("bert/notes.md", TEXT);
        files.put("__MACOSX/bert/._1.png", TEXT);
        files.put("bert/.hidden.png", TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dir", "x.zip", "x.tar", "x.tar.gz", "x.tgz"})
    void readsAFolderAndEveryKindOfArchiveAlike(String kind) throws IOException {
        for (String wrapper : List.of("", "faces/", "a/b/")) {
            PairedImages images = ImageFolder.open(make(kind, wrapper), 8, TO_4);
            assertEquals(List.of("anna", "bert"), images.classes());
            assertEquals(List.of("anna/1.png", "anna/2.png", "bert/1.bmp"), Pictures.names(images));
            assertArrayEquals(new int[] {0, 0, 1}, Pictures.labels(images));
            assertEquals(ImageShape.gray(8), images.shape(Resolution.HIGH));
            assertEquals(ImageShape.gray(4), images.shape(Resolution.LOW));
            assertArrayEquals(
                    Pictures.random(ImageShape.gray(8), 2).toPixels().values(),
                    Pictures.high(images, 1, Pose.IDENTITY));
        }
    }

    @Test
    void oneClassIsNotTakenForAWrapper() throws IOException {
        files.keySet().removeIf(n -> n.startsWith("bert"));
        assertEquals(
                List.of("anna"), ImageFolder.open(make("x.zip", ""), 8, TO_4).classes());
        assertEquals(
                List.of("anna"),
                ImageFolder.open(make("x.zip", "faces/"), 8, TO_4).classes());
    }

    @Test
    void imagesOutsideOfAClassAreAnErrorUnlessUnlabelled() throws IOException {
        files.put("loose.png", Pictures.png(1, 8, 8, 9));
        refusedLayout("loose.png", "unlabelled()");
        PairedImages images = ImageFolder.open(
                make("dir", ""), 8, TO_4, ImageOptions.defaults().unlabelled());
        assertEquals(4, images.size());
        assertEquals(List.of(), images.classes());
        assertArrayEquals(new int[] {-1, -1, -1, -1}, Pictures.labels(images));
        assertEquals(2, images.split(0.5, 1).train().size());
    }

    @Test
    void aFlatFolderOpensUnlabelled() throws IOException {
        Pictures.write(
                temp.resolve("flat"), Map.of("b.png", Pictures.png(1, 8, 8, 9), "a.png", Pictures.png(1, 8, 8, 8)));
        PairedImages images = ImageFolder.open(
                temp.resolve("flat"), 8, TO_4, ImageOptions.defaults().unlabelled());
        assertEquals(List.of("a.png", "b.png"), Pictures.names(images));
    }

    @Test
    void deeperImagesAreAnErrorUnlessPlacedByUnderOrNested() throws IOException {
        Map<String, byte[]> deep = new TreeMap<>();
        files.forEach((name, file) -> {
            deep.put("train/" + name, file);
            deep.put("test/" + name, file);
        });
        files.clear();
        files.putAll(deep);
        refusedLayout("test/anna/1.png", "under(\"test\")");
        for (String under : List.of("train", "faces/train/", "/train")) {
            PairedImages train = ImageFolder.open(
                    make("x.tar", "faces/"), 8, TO_4, ImageOptions.defaults().under(under));
            assertEquals(List.of("anna/1.png", "anna/2.png", "bert/1.bmp"), Pictures.names(train));
        }
        PairedImages nested = ImageFolder.open(
                make("x.tar", ""), 8, TO_4, ImageOptions.defaults().nested());
        assertEquals(List.of("test", "train"), nested.classes());
        String message =
                unreadable(make("x.tar", ""), 8, ImageOptions.defaults().under("validation"));
        assertTrue(message.contains("no readable images under validation"), message);
    }

    @Test
    void grayAmongColourIsToldAndBothCanBeMeant() throws IOException {
        files.put("bert/2.png", Pictures.png(3, 8, 8, 5));
        files.put("bert/3.png", Pictures.png(3, 8, 8, 6));
        files.put("bert/4.png", Pictures.png(3, 8, 8, 7));
        files.put("bert/5.png", Pictures.png(3, 8, 8, 7));
        refusedLayout("3 of 7 gray: anna/1.png, anna/2.png, bert/1.bmp", "ImageShape.colour(side)");
        PairedImages colour = ImageFolder.open(make("dir", ""), ImageShape.colour(8), TO_4);
        float[] gray = Pictures.random(ImageShape.gray(8), 1).toPixels().values();
        float[] replicated = Pictures.high(colour, 0, Pose.IDENTITY);
        for (int i = 0; i < replicated.length; i++) {
            assertEquals(gray[i % 64], replicated[i]);
        }
        assertEquals(
                ImageShape.gray(8),
                ImageFolder.open(make("dir", ""), ImageShape.gray(8), TO_4).shape(Resolution.HIGH));
        files.keySet().removeIf(n -> n.startsWith("anna") || n.equals("bert/1.bmp"));
        assertEquals(
                ImageShape.colour(8),
                ImageFolder.open(make("x.zip", ""), 8, TO_4).shape(Resolution.HIGH));
    }

    @Test
    void otherSizesAreFitted() throws IOException {
        files.put("bert/2.png", Pictures.png(1, 20, 11, 5));
        Bitmap original = Pictures.random(new ImageShape(1, 20, 11), 5);
        for (Fit fit : Fit.values()) {
            PairedImages images = ImageFolder.open(
                    make("dir", ""), 8, TO_4, ImageOptions.defaults().withFit(fit));
            assertArrayEquals(fit.apply(original, 8, 8).toPixels().values(), Pictures.high(images, 3, Pose.IDENTITY));
        }
    }

    @Test
    void unreadableImagesAreNamedAndCountedAndLeftOutOnRequest() throws IOException {
        files.put("anna/3.png", TEXT);
        files.put("anna/4.jpg", new byte[0]);
        files.put("bert/5.png", Pictures.head(files.get("anna/1.png"), 60));
        files.put("bert/6.pgm", "P5 3 3 255\nabc".getBytes(StandardCharsets.US_ASCII));
        for (String kind : List.of("dir", "x.zip", "x.tgz")) {
            Path path = make(kind, "");
            String message = unreadable(path, 8, ImageOptions.defaults());
            for (String part : List.of(
                    path.toString(),
                    "4 of 7",
                    "anna/3.png",
                    "anna/4.jpg is empty",
                    "bert/5.png is truncated",
                    "bert/6.pgm is truncated",
                    "skipUnreadable()")) {
                assertTrue(message.contains(part), part + " in: " + message);
            }
            assertEquals(
                    3,
                    ImageFolder.open(path, 8, TO_4, ImageOptions.defaults().skipUnreadable())
                            .size());
        }
    }

    @Test
    void manyUnreadableImagesAreListedInPart() throws IOException {
        for (int i = 0; i < 50; i++) {
            files.put("anna/bad" + i + ".png", TEXT);
        }
        String message = unreadable(make("x.zip", ""), 8, ImageOptions.defaults());
        assertTrue(message.contains("50 of 53") && message.contains("and 30 more") && message.length() < 2000, message);
    }

    @Test
    void tooSmallImagesAreNamed() throws IOException {
        files.put("bert/small.png", Pictures.png(1, 3, 30, 5));
        String message = unreadable(make("dir", ""), 8, ImageOptions.defaults());
        assertTrue(message.contains("bert/small.png is too small: wanted at least 4x4 pixels, got 3x30"), message);
        assertEquals(
                4,
                ImageFolder.open(
                                make("dir", ""),
                                8,
                                TO_4,
                                ImageOptions.defaults().withMinSide(3))
                        .size());
        assertTrue(unreadable(make("dir", ""), 8, ImageOptions.defaults().withMinSide(9))
                .contains("4 of 4"));
    }

    @Test
    void missingEmptyAndUnknownSourcesAreTold() throws IOException {
        assertTrue(
                unreadable(temp.resolve("nowhere"), 8, ImageOptions.defaults()).contains("no such folder or archive"));
        Path empty = Files.createDirectory(temp.resolve("empty"));
        assertTrue(unreadable(empty, 8, ImageOptions.defaults()).contains("no readable images (looked for png"));
        Path text = Files.write(temp.resolve("faces.rar"), TEXT);
        assertTrue(unreadable(text, 8, ImageOptions.defaults()).contains("wanted a directory, .zip"));
        files.keySet().removeIf(ImageDecoder::isImage);
        assertTrue(unreadable(make("x.zip", ""), 8, ImageOptions.defaults()).contains("no readable images"));
        assertThrows(IllegalArgumentException.class, () -> ImageFolder.open(empty, 2, TO_4));
        assertThrows(
                IllegalArgumentException.class, () -> ImageOptions.defaults().under("../x"));
    }

    private Path make(String kind, String wrapper) throws IOException {
        Map<String, byte[]> wrapped = new TreeMap<>();
        files.forEach((name, file) -> wrapped.put(wrapper + name, file));
        Path path = Files.createTempDirectory(temp, "source").resolve(kind);
        if (kind.endsWith("zip")) {
            return Pictures.zip(path, wrapped);
        }
        if (kind.contains("t")) {
            return Pictures.tar(path, wrapped);
        }
        Pictures.write(path, wrapped);
        return path;
    }

    private void refusedLayout(String... parts) throws IOException {
        Path path = make("x.tar.gz", "");
        String message = assertThrows(IllegalArgumentException.class, () -> ImageFolder.open(path, 8, TO_4))
                .getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), part + " in: " + message);
        }
    }

    private static String unreadable(Path path, int side, ImageOptions options) {
        return assertThrows(UncheckedIOException.class, () -> ImageFolder.open(path, side, TO_4, options))
                .getMessage();
    }
}
