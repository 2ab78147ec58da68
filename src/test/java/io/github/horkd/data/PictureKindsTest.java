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

    /** The first frame of a moving picture may be smaller than the picture. */
    @Test
    void aFrameLiesInItsCanvas() throws IOException {
        byte[] gif = bytes("clear.gif");
        Bitmap frame = ImageDecoder.decode(gif, OPTIONS);
        int wide = frame.shape().width() + 5;
        int high = frame.shape().height() + 4;
        gif[6] = (byte) wide;
        gif[8] = (byte) high;
        int at = 13 + (3 << (gif[10] & 7) + 1);
        while (gif[at] == '!') {
            at += 2;
            while (gif[at] != 0) {
                at += 1 + (gif[at] & 0xff);
            }
            at++;
        }
        gif[at + 1] = 3;
        gif[at + 3] = 2;
        assertHolds(frame, 3, 2, new ImageShape(3, high, wide), ImageDecoder.decode(gif, OPTIONS));
        gif[6] = 1; // smaller than what lies on it: the canvas grows
        gif[8] = 1;
        assertEquals(
                new ImageShape(3, frame.shape().height() + 2, frame.shape().width() + 3),
                ImageDecoder.decode(gif, OPTIONS).shape());

        byte[] webp = bytes("moving.webp");
        Bitmap first = ImageDecoder.decode(webp, OPTIONS);
        int extended = indexOf(webp, "VP8X") + 8;
        webp[extended + 4] = 19; // columns and rows, less one
        webp[extended + 7] = 15;
        int moving = indexOf(webp, "ANMF") + 8;
        webp[moving] = 2; // in steps of two
        webp[moving + 3] = 1;
        assertHolds(first, 4, 2, new ImageShape(3, 16, 20), ImageDecoder.decode(webp, OPTIONS));
        webp[extended + 5] = 100;
        webp[extended + 8] = 100;
        assertTrue(assertThrows(
                        IOException.class,
                        () -> ImageDecoder.decode(
                                webp, OPTIONS.withLimits(Limits.defaults().withMaxPixels(100_000))))
                .getMessage()
                .contains("states a size of"));
    }

    private static void assertHolds(Bitmap frame, int x, int y, ImageShape shape, Bitmap picture) {
        assertEquals(shape, picture.shape());
        for (int c = 0; c < 3; c++) {
            for (int row = 0; row < shape.height(); row++) {
                for (int column = 0; column < shape.width(); column++) {
                    int own = (c * frame.shape().height() + row - y)
                                    * frame.shape().width()
                            + column
                            - x;
                    boolean inside = row >= y
                            && row < y + frame.shape().height()
                            && column >= x
                            && column < x + frame.shape().width();
                    int got = picture.samples()[(c * shape.height() + row) * shape.width() + column] & 0xff;
                    assertEquals(inside ? frame.samples()[own] & 0xff : 255, got);
                }
            }
        }
    }

    private static int indexOf(byte[] file, String text) {
        return new String(file, StandardCharsets.ISO_8859_1).indexOf(text);
    }

    @ParameterizedTest
    @CsvSource({
        "'P4 8 1 x', a PBM picture",
        "'%PDF-1.7 x', a PDF",
        "'<svg xmlns=\"\"/>', an SVG drawing",
        "'8BPS  x', a Photoshop file"
    })
    void filesOfOtherKindsAreCalledByTheirNames(String start, String what) {
        String message = assertThrows(
                        IOException.class,
                        () -> ImageDecoder.decode(start.getBytes(StandardCharsets.ISO_8859_1), OPTIONS))
                .getMessage();
        assertEquals("is " + what + ", which is not read; save it as JPEG or PNG", message);
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
