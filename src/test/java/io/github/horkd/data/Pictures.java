package io.github.horkd.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Images of random samples, files of them, and archives of files. */
final class Pictures {

    private Pictures() {}

    static Bitmap random(ImageShape shape, long seed) {
        byte[] samples = new byte[shape.size()];
        new SplittableRandom(seed).nextBytes(samples);
        return new Bitmap(shape, samples);
    }

    static byte[] file(Bitmap image, String format) throws IOException {
        return file(image.toBufferedImage(), format);
    }

    static byte[] file(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, bytes)) {
            throw new IOException("no writer for " + format);
        }
        return bytes.toByteArray();
    }

    static byte[] png(int channels, int height, int width, long seed) throws IOException {
        return file(random(new ImageShape(channels, height, width), seed), "png");
    }

    static void write(Path root, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }

    static Path zip(Path path, Map<String, byte[]> files) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
        return path;
    }

    static Path tar(Path path, Map<String, byte[]> files) throws IOException {
        try (OutputStream out = Files.newOutputStream(path);
                OutputStream packed = path.toString().endsWith(".tar") ? out : new GZIPOutputStream(out);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(packed)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return path;
    }

    /** An IDX file: numbers of four bytes, the magic first, then the dimensions, then the samples. */
    static Path idx(Path path, byte[] samples, int... header) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(4 * header.length + samples.length);
        for (int number : header) {
            file.putInt(number);
        }
        return Files.write(path, file.put(samples).array());
    }

    /** A source of random images: class c has {@code perClass[c]} of them. */
    static MemoryImages source(ImageShape shape, Degradation degradation, int... perClass) {
        List<byte[]> pixels = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int c = 0; c < perClass.length; c++) {
            for (int k = 0; k < perClass[c]; k++) {
                pixels.add(random(shape, pixels.size()).samples());
                labels.add(c);
            }
        }
        return MemoryImages.of(
                shape,
                pixels,
                labels.stream().mapToInt(Integer::intValue).toArray(),
                IntStream.range(0, perClass.length).mapToObj(c -> "class" + c).toList(),
                IntStream.range(0, pixels.size()).mapToObj(i -> "image" + i).toList(),
                degradation);
    }

    static float[] high(PairedImages images, int index, Pose pose) {
        float[] values = new float[images.shape(Resolution.HIGH).size()];
        images.read(index, pose, values, 0, null, 0);
        return values;
    }

    static float[] low(PairedImages images, int index, Pose pose) {
        float[] values = new float[images.shape(Resolution.LOW).size()];
        images.read(index, pose, null, 0, values, 0);
        return values;
    }

    static Pose moved(boolean mirrored, double x, double y, double rotation, double scale) {
        return new Pose(mirrored, x, y, rotation, scale, 1, 0, 0);
    }

    static int[] labels(PairedImages images) {
        return IntStream.range(0, images.size()).map(images::label).toArray();
    }

    static List<String> names(PairedImages images) {
        return IntStream.range(0, images.size()).mapToObj(images::name).toList();
    }

    static byte[] head(byte[] file, int bytes) {
        return Arrays.copyOf(file, bytes);
    }
}
