package io.github.horkd.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ImageFileTest {

    private static final Limits LIMITS = new Limits(1, 5_000, 5_000, 400);

    @Test
    void looksAsTheSamePictureFromAFolderDoes(@TempDir Path folder) throws IOException {
        byte[] file = Pictures.file(Pictures.random(new ImageShape(3, 20, 16), 7), "png");
        Files.createDirectories(folder.resolve("anna"));
        Files.write(folder.resolve("anna/1.png"), file);
        ImageShape gray = ImageShape.gray(12);
        PairedImages read = ImageFolder.open(
                folder, gray, Degradation.none(), ImageOptions.defaults().withFit(Fit.PAD));
        float[] wanted = new float[gray.size()];
        read.read(0, Pose.IDENTITY, wanted, 0, null, 0);

        ImageFile decoded = ImageFile.decode("1.png", file, LIMITS);
        assertEquals(new ImageShape(3, 20, 16), decoded.shape());
        Pixels pixels = decoded.pixels(gray, Fit.PAD);
        assertEquals(gray, pixels.shape());
        assertArrayEquals(wanted, pixels.values());
    }

    @Test
    void aSmallGrayPictureGrowsAndTakesColour() throws IOException {
        byte[] flat = new byte[4];
        Arrays.fill(flat, (byte) 51);
        Pixels pixels = ImageFile.decode("flat", Pictures.file(new Bitmap(ImageShape.gray(2), flat), "bmp"), LIMITS)
                .pixels(ImageShape.colour(5), Fit.CENTRE_CROP);
        float[] wanted = new float[75];
        Arrays.fill(wanted, 0.2f);
        assertArrayEquals(wanted, pixels.values(), 1e-6f);
    }

    @Test
    void saysWhatIsWrongAndWithWhichFile() throws IOException {
        assertMessage(
                "notes.txt: is no image of a known format", "notes.txt", "dear diary".getBytes(StandardCharsets.UTF_8));
        assertMessage("empty.png: is empty", "empty.png", new byte[0]);
        assertMessage("long.png: has 5001 bytes, wanted at most 5000", "long.png", new byte[5001]);
        byte[] wide = Pictures.file(Pictures.random(new ImageShape(1, 1, 401), 1), "png");
        assertMessage("wide.png: states a size of 401x1 pixels, wanted 1 to 400", "wide.png", wide);
        byte[] whole = Pictures.file(Pictures.random(ImageShape.gray(16), 1), "png");
        String message = assertThrows(
                        UncheckedIOException.class,
                        () -> ImageFile.decode("half.png", Arrays.copyOf(whole, whole.length / 2), LIMITS))
                .getMessage();
        assertEquals("half.png: ", message.substring(0, 10));
    }

    @Test
    void refusesTheSizeThatAHeaderOfAFewBytesStates() {
        assertMessage(
                "huge.pgm: states a size of 30000x30000 pixels, wanted 1 to 400",
                "huge.pgm",
                "P5 30000 30000 255\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static void assertMessage(String wanted, String name, byte[] content) {
        assertEquals(
                wanted,
                assertThrows(UncheckedIOException.class, () -> ImageFile.decode(name, content, LIMITS))
                        .getMessage());
    }
}
