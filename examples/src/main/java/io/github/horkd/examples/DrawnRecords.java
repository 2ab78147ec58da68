package io.github.horkd.examples;

import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** As many drawn pictures as are asked for, in one file of MXNet's RecordIO: 500 different JPEGs of 112×112×3, about 5 kB each, under ever new numbers. */
final class DrawnRecords {

    static final int PEOPLE = 500;
    static final int SIDE = 112;

    private static final double NOISE = 0.3;

    private DrawnRecords() {}

    /** One picture of each person. */
    static List<byte[]> pictures() {
        return IntStream.range(0, PEOPLE)
                .parallel()
                .mapToObj(DrawnRecords::draw)
                .toList();
    }

    /** A soft pattern of its own for each person, with noise. */
    private static byte[] draw(int person) {
        SplittableRandom random = new SplittableRandom(person);
        double[] waves = random.doubles(24, -1, 1).toArray();
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                int rgb = 0;
                for (int c = 0; c < 3; c++) {
                    double value = random.nextDouble() * NOISE;
                    for (int k = 0; k < 8; k += 2) {
                        value += 0.25 * Math.sin(waves[8 * c + k] * x * 0.2 + waves[8 * c + k + 1] * y * 0.2);
                    }
                    rgb = rgb << 8 | (int) Math.min(Math.max(127 + 120 * value, 0), 255);
                }
                image.setRGB(x, y, rgb);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "jpg", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Magic, length, a header with the label, the picture, zeros up to a multiple of four. */
    static void write(Path rec, List<byte[]> pictures, int count) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(rec), 1 << 20)) {
            for (int i = 0; i < count; i++) {
                byte[] picture = pictures.get(i % PEOPLE);
                int length = 24 + picture.length;
                ByteBuffer record = ByteBuffer.allocate(8 + length + 3 & ~3).order(ByteOrder.LITTLE_ENDIAN);
                record.putInt(0xced7230a)
                        .putInt(length)
                        .putInt(0)
                        .putFloat(i % PEOPLE)
                        .putLong(i)
                        .putLong(0);
                out.write(record.put(picture).array());
            }
        }
        // On the disk before anything is timed, and not while it is.
        try (FileChannel written = FileChannel.open(rec, StandardOpenOption.WRITE)) {
            written.force(true);
        }
    }
}
