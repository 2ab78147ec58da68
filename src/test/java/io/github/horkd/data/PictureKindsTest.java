package io.github.horkd.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Pictures of every kind that people have, made by {@code pictures/make.py}, which also says what their samples are. */
class PictureKindsTest {

    private static final ImageOptions OPTIONS = ImageOptions.defaults();

    static Stream<Picture> pictures() throws IOException {
        return new String(bytes("expected.txt"), StandardCharsets.US_ASCII)
                .lines()
                .map(Picture::of);
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void isReadAsTheWorldMeansIt(Picture picture) throws IOException {
        Bitmap read = ImageDecoder.decode(bytes(picture.name), OPTIONS);
        assertEquals(picture.shape, read.shape());
        for (int i = 0; i < picture.samples.length; i++) {
            int at = i;
            assertEquals(picture.samples[i] & 0xff, read.samples()[i] & 0xff, picture.tolerance, () -> "sample " + at);
        }
        assertTrue(ImageDecoder.isImage(picture.name));
    }

    @ParameterizedTest
    @CsvSource({
        "half.jpg.refused, truncated",
        "scans.jpg.refused, scans",
        "float.tif.refused, 'kind that is not read (tag 339 is 3)'"
    })
    void saysWhatIsWrong(String name, String part) throws IOException {
        byte[] file = bytes(name);
        String message = assertThrows(IOException.class, () -> ImageDecoder.decode(file, OPTIONS))
                .getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void orientationAndBackgroundAreOptions() throws IOException {
        Bitmap upright = ImageDecoder.decode(bytes("turned6.png"), OPTIONS);
        Bitmap stored = ImageDecoder.decode(bytes("turned6.png"), OPTIONS.asStored());
        assertEquals(new ImageShape(3, 10, 14), stored.shape());
        assertArrayEquals(upright.samples(), stored.turned(6).samples());
        Bitmap white = ImageDecoder.decode(bytes("gray-key.png"), OPTIONS);
        Bitmap black = ImageDecoder.decode(bytes("gray-key.png"), OPTIONS.withBackground(0));
        assertEquals(255, white.samples()[2 * 14 + 3] & 0xff);
        assertEquals(0, black.samples()[2 * 14 + 3] & 0xff);
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withBackground(256));
    }

    @ParameterizedTest
    @CsvSource({
        "soft.jpg",
        "progressive.jpg",
        "cmyk.jpg",
        "rgba.png",
        "soft.webp",
        "exact-alpha.webp",
        "soft-alpha.webp",
        "moving.webp",
        "tiff_lzw.tiff",
        "fax.tif",
        "palette.tif",
        "clear.gif",
        "turned3.jpg"
    })
    void cutOrDamagedItIsRefusedOrRead(String name) throws IOException {
        byte[] whole = bytes(name);
        for (int length = 0; length < whole.length - 1; length += 1 + whole.length / 60) {
            decode(Arrays.copyOf(whole, length));
        }
        for (int at = 0; at < whole.length; at += 1 + whole.length / 150) {
            byte[] damaged = whole.clone();
            damaged[at] = (byte) 0xff;
            decode(damaged);
            damaged[at] = (byte) (whole[at] ^ 1);
            decode(damaged);
        }
    }

    @Test
    void commentsOfAGifCostNothing() throws IOException {
        byte[] gif = bytes("clear.gif");
        int at = 13 + (3 << (gif[10] & 7) + 1);
        ByteArrayOutputStream padded = new ByteArrayOutputStream();
        padded.write(gif, 0, at);
        padded.write('!');
        padded.write(0xfe);
        byte[] block = new byte[256];
        Arrays.fill(block, (byte) 255);
        for (int k = 0; k < 8 << 12; k++) {
            padded.write(block);
        }
        padded.write(0);
        padded.write(gif, at, gif.length - at);
        assertArrayEquals(
                ImageDecoder.decode(gif, OPTIONS).samples(),
                ImageDecoder.decode(padded.toByteArray(), OPTIONS).samples());
    }

    @Test
    void aBmpIsNoWrapperForOtherFormats() throws IOException {
        byte[] bmp = bytes("rgb.bmp");
        bmp[30] = 4;
        assertTrue(assertThrows(IOException.class, () -> ImageDecoder.decode(bmp, OPTIONS))
                .getMessage()
                .contains("another format inside"));
    }

    /** Anything but an IOException, or a picture, would end the test. */
    private static void decode(byte[] file) {
        try {
            ImageDecoder.decode(file, OPTIONS.withLimits(Limits.defaults().withMaxPixels(100_000)));
        } catch (IOException expected) {
            assertTrue(!expected.getMessage().isBlank());
        }
    }

    private record Picture(String name, int tolerance, ImageShape shape, byte[] samples) {

        static Picture of(String line) {
            String[] parts = line.split(" ");
            return new Picture(
                    parts[0],
                    Integer.parseInt(parts[1]),
                    new ImageShape(Integer.parseInt(parts[2]), Integer.parseInt(parts[3]), Integer.parseInt(parts[4])),
                    HexFormat.of().parseHex(parts[5]));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static byte[] bytes(String name) throws IOException {
        try (InputStream in = PictureKindsTest.class.getResourceAsStream("/pictures/" + name)) {
            return in.readAllBytes();
        }
    }
}
