package io.github.horkd.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ImageDecoderTest {

    private static final ImageOptions MANY =
            ImageOptions.defaults().withLimits(Limits.defaults().withMaxPixels(1_000_000));

    @ParameterizedTest
    @CsvSource({"png,1", "png,3", "bmp,1", "bmp,3", "gif,1"})
    void losslessFormatsGiveTheStoredSamples(String format, int channels) throws IOException {
        Bitmap image = Pictures.random(new ImageShape(channels, 7, 5), 4);
        Bitmap decoded = ImageDecoder.decode(Pictures.file(image, format), MANY);
        assertEquals(image.shape(), decoded.shape());
        assertArrayEquals(image.samples(), decoded.samples());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void jpegComesClose(int channels) throws IOException {
        byte[] flat = new byte[channels * 256];
        Arrays.fill(flat, (byte) 180);
        Bitmap decoded =
                ImageDecoder.decode(Pictures.file(new Bitmap(new ImageShape(channels, 16, 16), flat), "jpg"), MANY);
        assertEquals(new ImageShape(channels, 16, 16), decoded.shape());
        for (byte sample : decoded.samples()) {
            assertEquals(180, sample & 0xff, 2);
        }
    }

    @Test
    void sixteenBitsAndTwoTonesAreScaledTo8() throws IOException {
        BufferedImage deep = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
        deep.getRaster().setSamples(0, 0, 3, 1, 0, new int[] {0, 32896, 65535});
        assertArrayEquals(
                new byte[] {0, (byte) 128, (byte) 255},
                ImageDecoder.decode(Pictures.file(deep, "png"), MANY).samples());
        BufferedImage binary = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
        binary.setRGB(1, 0, 0xffffff);
        Bitmap decoded = ImageDecoder.decode(Pictures.file(binary, "png"), MANY);
        assertEquals(1, decoded.shape().channels());
        assertArrayEquals(new byte[] {0, (byte) 255}, decoded.samples());
    }

    @Test
    void grayAndColourTurnIntoEachOther() {
        for (int v = 0; v < 256; v++) {
            Bitmap gray = new Bitmap(ImageShape.gray(1), new byte[] {(byte) v});
            assertArrayEquals(
                    new byte[] {(byte) v, (byte) v, (byte) v}, gray.as(3).samples());
            assertArrayEquals(gray.samples(), gray.as(3).as(1).samples());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'P2 # text\n2 2\n# more\n255\n0 1 254\t255', 1, '0 1 254 255'",
        "'P3 1 2 15\n15 0 0 3 2 1\n', 3, '255 51 0 34 0 17'",
        "'P5 2 1 255\nA#', 1, '65 35'",
        "'P5\n2\n1\n65535\nAAzz', 1, '65 122'",
        "'P6 1 1 255\nABC', 3, '65 66 67'"
    })
    void readsPortableAnymaps(String file, int channels, String samples) throws IOException {
        Bitmap decoded = ImageDecoder.decode(file.getBytes(StandardCharsets.ISO_8859_1), MANY);
        assertEquals(channels, decoded.shape().channels());
        assertEquals(
                samples,
                String.join(
                        " ",
                        IntStream.range(0, decoded.samples().length)
                                .mapToObj(i -> Integer.toString(decoded.samples()[i] & 0xff))
                                .toList()));
    }

    @ParameterizedTest
    @CsvSource({
        "'P5 2 2 255\nabc', truncated",
        "'P2 2 1 255\n1', truncated",
        "'P2 2 1 255\n12 ', truncated",
        "'P5 2 2', truncated",
        "'P5 2 2 70000\nabcd', maximum",
        "'P5 2 2 0\nabcd', maximum",
        "'P2 1 1 9\n10', above its maximum",
        "'P5 x 2 255\nab', no number",
        "'P5 2147483647 2147483647 255\nab', 2147483647x2147483647",
        "'P5 99999999999 1 255\nab', no number",
        "'P5 0 3 255\n', 0x3",
        "'P5 5000 5000 255\n', 5000x5000",
        "hello, no image",
        "P5, no image",
        "'', empty"
    })
    void saysWhatIsWrong(String file, String part) {
        String message = assertThrows(
                        IOException.class, () -> ImageDecoder.decode(file.getBytes(StandardCharsets.ISO_8859_1), MANY))
                .getMessage();
        assertTrue(message.contains(part), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "bmp", "gif", "ppm"})
    void noTruncatedOrDamagedFileEscapesAsAnythingButAnIOException(String format) throws IOException {
        byte[] whole =
                format.equals("ppm") ? anymap() : Pictures.file(Pictures.random(new ImageShape(3, 40, 40), 1), format);
        ImageDecoder.decode(whole, MANY);
        // A PNG without its last chunk has all its pixels.
        for (int length = 0; length < whole.length - 16; length += 1 + whole.length / 100) {
            byte[] part = Pictures.head(whole, length);
            String message = assertThrows(
                            IOException.class, () -> ImageDecoder.decode(part, MANY), format + " " + length)
                    .getMessage();
            assertTrue(message != null && !message.isBlank());
        }
        SplittableRandom random = new SplittableRandom(3);
        for (int k = 0; k < 200; k++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                ImageDecoder.decode(damaged, MANY);
            } catch (IOException expected) {
                assertTrue(!expected.getMessage().isBlank());
            }
        }
    }

    @Test
    void sizesAreRefusedBeforeAnythingIsAllocated() throws IOException {
        byte[] bomb = Pictures.png(1, 4, 4, 1);
        ByteBuffer.wrap(bomb).putInt(16, 40_000).putInt(20, 40_000);
        CRC32 crc = new CRC32();
        crc.update(bomb, 12, 17);
        ByteBuffer.wrap(bomb).putInt(29, (int) crc.getValue());
        String message = assertThrows(IOException.class, () -> ImageDecoder.decode(bomb, MANY))
                .getMessage();
        assertTrue(message.contains("40000x40000"), message);
    }

    @Test
    void onlyImagesByNameAreLookedAt() {
        assertTrue(ImageDecoder.isImage("a/b.JPG") && ImageDecoder.isImage("x.pgm"));
        assertTrue(
                !ImageDecoder.isImage("README") && !ImageDecoder.isImage("a.png.txt") && !ImageDecoder.isImage("png"));
        assertTrue(Arrays.asList(ImageIO.getReaderFileSuffixes()).containsAll(List.of("png", "jpg", "bmp", "gif")));
    }

    private static byte[] anymap() {
        Bitmap image = Pictures.random(new ImageShape(3, 40, 40), 1);
        byte[] header = "P6 40 40 255\n".getBytes(StandardCharsets.US_ASCII);
        byte[] file = Arrays.copyOf(header, header.length + image.samples().length);
        System.arraycopy(image.samples(), 0, file, header.length, image.samples().length);
        return file;
    }
}
