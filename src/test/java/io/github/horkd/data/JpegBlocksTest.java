package io.github.horkd.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

/** What is left out of JPEG must not be missed: the JDK's encoder and decoder give the very same samples. */
class JpegBlocksTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 30, 49, 50, 60, 75, 92, 100})
    void equalsTheJdkToTheBit(int quality) throws IOException {
        int[][] sizes = {{16, 16}, {12, 20}, {7, 9}, {3, 3}, {1, 1}, {33, 17}, {24, 40}, {5, 4}, {2, 6}, {10, 10}};
        for (int[] size : sizes) {
            for (int channels : new int[] {1, 3}) {
                ImageShape shape = new ImageShape(channels, size[0], size[1]);
                for (Bitmap image : new Bitmap[] {Pictures.random(shape, quality), soft(shape)}) {
                    byte[] file = encoded(image.toBufferedImage(), quality);
                    Bitmap wanted =
                            ImageDecoder.decode(file, ImageOptions.defaults()).as(channels);
                    assertArrayEquals(
                            wanted.samples(),
                            JpegBlocks.of(quality).apply(image).samples(),
                            shape.toString());
                }
            }
        }
    }

    private static Bitmap soft(ImageShape shape) {
        SplittableRandom random = new SplittableRandom(shape.size());
        byte[] samples = new byte[shape.size()];
        for (int i = 0; i < samples.length; i++) {
            int x = i % shape.width();
            int y = i / shape.width();
            samples[i] = (byte) (127 + 90 * Math.sin(x * 0.3 + y * 0.2) + random.nextInt(20));
        }
        return new Bitmap(shape, samples);
    }

    private static byte[] encoded(BufferedImage image, int quality) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            how.setCompressionQuality(quality / 100f);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), how);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
