package io.github.horkd.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Decoding at a part of the size gives what decoding all of it and averaging gives, nearly. */
class ScaledJpegTest {

    private static final ImageOptions SCALED = ImageOptions.defaults().scaledDecoding();

    @TempDir
    Path temp;

    private static byte[] jpeg(int channels, int height, int width) throws IOException {
        ImageShape shape = new ImageShape(channels, height, width);
        byte[] samples = new byte[shape.size()];
        for (int i = 0; i < samples.length; i++) {
            int x = i % width;
            int y = i / width % height;
            samples[i] = (byte) (128 + 80 * Math.sin(x * 0.05 + i / (height * width)) * Math.cos(y * 0.04));
        }
        return Pictures.file(new Bitmap(shape, samples), "jpg");
    }

    @Test
    void isTheSmallestSizeThatIsEnough() throws IOException {
        for (int channels : new int[] {1, 3}) {
            byte[] file = jpeg(channels, 128, 160);
            int[][] wanted = {{128, 128}, {65, 128}, {64, 64}, {33, 64}, {32, 32}, {16, 16}, {5, 16}};
            for (int[] each : wanted) {
                assertEquals(
                        new ImageShape(channels, each[1], each[1] * 160 / 128),
                        ImageDecoder.decode(file, SCALED, each[0]).shape(),
                        "for " + each[0]);
            }
        }
    }

    @Test
    void differsLittleFromAveraging() throws IOException {
        for (int channels : new int[] {1, 3}) {
            byte[] file = jpeg(channels, 128, 128);
            for (int side : new int[] {16, 20, 48}) {
                Bitmap whole = Fit.CENTRE_CROP.apply(ImageDecoder.decode(file, ImageOptions.defaults()), side, side);
                Bitmap scaled = Fit.CENTRE_CROP.apply(ImageDecoder.decode(file, SCALED, side), side, side);
                double sum = 0;
                for (int i = 0; i < whole.samples().length; i++) {
                    sum += Math.abs((whole.samples()[i] & 0xff) - (scaled.samples()[i] & 0xff));
                }
                assertTrue(sum / whole.samples().length < 2, side + ": " + sum / whole.samples().length);
            }
        }
    }

    @Test
    void whatIsNotMadeSmallerIsAsEver() throws IOException {
        Path zip = Pictures.zip(temp.resolve("x.zip"), Map.of("a/1.jpg", jpeg(3, 64, 64), "b/1.jpg", jpeg(3, 100, 90)));
        ImageShape shape = ImageShape.colour(48);
        Degradation small = Degradation.downscaleTo(8);
        PairedImages plain = ImageFolder.open(zip, shape, small);
        PairedImages scaled = ImageFolder.open(zip, shape, small, SCALED);
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(
                    Pictures.high(plain, i, Pose.IDENTITY), Pictures.high(scaled, i, Pose.IDENTITY), plain.name(i));
        }
    }

    @Test
    void damagedFilesAreToldAsEver() throws IOException {
        byte[] file = jpeg(3, 128, 128);
        byte[] cut = Arrays.copyOf(file, file.length / 2);
        String plain = assertThrows(IOException.class, () -> ImageDecoder.decode(cut, ImageOptions.defaults()))
                .getMessage();
        assertEquals(
                plain,
                assertThrows(IOException.class, () -> ImageDecoder.decode(cut, SCALED, 16))
                        .getMessage());
        byte[] noise = file.clone();
        for (int at = 200; at < noise.length; at += 7) {
            noise[at] ^= (byte) (at * 31);
        }
        try {
            ImageDecoder.decode(noise, SCALED, 16);
        } catch (IOException e) {
            assertTrue(e.getMessage().startsWith("is ") || e.getMessage().startsWith("cannot"), e.getMessage());
        }
    }
}
