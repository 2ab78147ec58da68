package io.github.horkd;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.distill.Shapes;
import io.github.horkd.guide.EmbeddingRows;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.PrecomputedKnowledge;
import io.github.horkd.guide.Scaling;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.PerIdentity;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Damaged files: a reader gives what is there or says that it cannot, in the way it documents, whatever the bytes. Inputs are those of a sound file, changed
 * in a few places by a seed. A reader joins by one line in {@link #readers()}.
 *
 * <p>Each reader has half a second; {@code -Dfuzz.seconds=600} gives it more. What failed is told with its seed: {@code -Dfuzz.seed=…} begins there.
 */
class ReadersFuzzTest {

    private static final double SECONDS = Double.parseDouble(System.getProperty("fuzz.seconds", "0.5"));
    private static final long FIRST = Long.parseLong(System.getProperty("fuzz.seed", "1"));
    /** Of an input of a few kilobytes: a hang, and no matter of speed. */
    private static final double SLOW = 20;

    @TempDir
    Path folder;

    private interface Sound {
        byte[] in(Path folder) throws IOException;
    }

    private interface Reading {
        void of(Path file);
    }

    /** A kind of file, a sound one, and what reads it; it may throw {@link UncheckedIOException}. */
    private record Reader(String file, Sound sound, Reading reading) {
        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Reader> readers() {
        return Stream.of(
                new Reader("a.csv", folder -> csv(), PrecomputedKnowledge::csv),
                new Reader("a.npy", folder -> npy(), ReadersFuzzTest::readNpy),
                new Reader("a.npz", folder -> npz(), PrecomputedKnowledge::npz),
                new Reader("a.space", folder -> space(), EmbeddingSpace::load),
                new Reader("a.gallery", ReadersFuzzTest::gallery, Gallery::load),
                new Reader("b.space", folder -> space(), file -> EmbeddingSpace.load(signed(file))),
                new Reader("b.gallery", ReadersFuzzTest::gallery, file -> Gallery.load(signed(file))),
                new Reader("network.zip", ReadersFuzzTest::network, Network::load),
                entry("configuration.json"),
                entry("coefficients.bin"),
                entry("horkd.json"),
                new Reader("images.zip", folder -> images(), ReadersFuzzTest::readImages));
    }

    /** Damage that the checksum at the end does not give away. */
    private static Path signed(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length > Long.BYTES) {
                CRC32C sum = new CRC32C();
                sum.update(bytes, 0, bytes.length - Long.BYTES);
                ByteBuffer.wrap(bytes).putLong(bytes.length - Long.BYTES, sum.getValue());
            }
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Damage within one entry of a network's file, of which the archive knows nothing. */
    private static Reader entry(String name) {
        return new Reader(name, folder -> entries(network(folder)).get(name), file -> {
            try {
                Map<String, byte[]> all = entries(Files.readAllBytes(file.resolveSibling("sound.zip")));
                all.put(name, Files.readAllBytes(file));
                Object[] parts = all.entrySet().stream()
                        .flatMap(each -> Stream.of(each.getKey(), each.getValue()))
                        .toArray();
                Network.load(Files.write(file.resolveSibling(name + ".zip"), zip(parts)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Map<String, byte[]> entries(byte[] zipped) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zipped))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
        }
        return entries;
    }

    private static byte[] csv() {
        return ",0,1,2\n\"anna, 1\",0.5,1e-3,-2\nbert,nan,2,3\n"
                .replace("nan", "7")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] npy() {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }";
        String padded = header + " ".repeat(63 - (10 + header.length()) % 64) + "\n";
        ByteBuffer all = ByteBuffer.allocate(10 + padded.length() + 48).order(ByteOrder.LITTLE_ENDIAN);
        all.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        all.putShort((short) padded.length()).put(padded.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 12; i++) {
            all.putFloat(i);
        }
        return all.array();
    }

    private static void readNpy(Path file) {
        try {
            Path names = Files.writeString(file.resolveSibling("names.txt"), "a\nb\nc\n");
            PrecomputedKnowledge.npy(file, names);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] npz() throws IOException {
        byte[] names = new String(npy(), StandardCharsets.ISO_8859_1)
                .replace("'<f4'", "'|S16'")
                .replace("(3, 4)", "(3,)")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] text = Arrays.copyOf(names, names.length);
        Arrays.fill(text, text.length - 48, text.length, (byte) 0);
        for (int i = 0; i < 3; i++) {
            text[text.length - 48 + 16 * i] = (byte) ('a' + i);
        }
        return zip("names.npy", text, "embeddings.npy", npy(), "logits.npy", npy());
    }

    private static byte[] zip(Object... namesAndBytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndBytes.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) namesAndBytes[i]));
                zip.write((byte[]) namesAndBytes[i + 1]);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] space() {
        return EmbeddingSpace.fit(
                        EmbeddingRows.of(Nd4j.createFromArray(new float[][] {{1, 2, 3}, {2, 1, 5}, {4, 4, 1}})),
                        SpaceMethod.whitened())
                .toBytes();
    }

    private static byte[] gallery(Path folder) throws IOException {
        Path file = folder.resolve("sound.gallery");
        var builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, new PixelGuide("pixels", 4, 0));
        builder.enrol("anna", Nd4j.createFromArray(new float[][] {{1, 2, 3, 4}, {4, 3, 2, 1}}));
        builder.enrol("bert", Nd4j.createFromArray(new float[][] {{1, -2, 3, -4}}));
        builder.build().save(file);
        return Files.readAllBytes(file);
    }

    private static byte[] network(Path folder) throws IOException {
        Path file = folder.resolve("sound.zip");
        PairedImages images = Shapes.drawn(4, 1);
        Network.create(
                        Backbone.plain(2, 4),
                        new Head.Softmax(),
                        new Input(images.shape(Resolution.LOW), Scaling.STANDARDISED),
                        images.classes(),
                        1)
                .save(file);
        return Files.readAllBytes(file);
    }

    private static byte[] images() throws IOException {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        image.setRGB(3, 4, 0xff8800);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", jpeg);
        ByteArrayOutputStream gif = new ByteArrayOutputStream();
        ImageIO.write(image, "gif", gif);
        byte[] pgm = "P5 2 2 255\nabcd".getBytes(StandardCharsets.US_ASCII);
        return zip(
                "anna/1.png",
                png.toByteArray(),
                "anna/2.jpg",
                jpeg.toByteArray(),
                "bert/1.gif",
                gif.toByteArray(),
                "bert/2.pgm",
                pgm);
    }

    private static void readImages(Path file) {
        ImageFolder.open(file, ImageShape.colour(8), Degradation.downscaleTo(4));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void whateverTheBytesTheReaderAnswersOrRefuses(Reader reader) throws IOException {
        byte[] sound = reader.sound.in(folder);
        Path file = folder.resolve(reader.file);
        long end = System.nanoTime() + (long) (SECONDS * 1e9);
        int count = 0;
        for (long seed = FIRST; System.nanoTime() < end; seed++, count++) {
            Files.write(file, changed(sound, new SplittableRandom(seed)));
            long began = System.nanoTime();
            try {
                reader.reading.of(file);
            } catch (UncheckedIOException refused) {
                assertTrue(
                        refused.getMessage() != null
                                && refused.getMessage()
                                        .contains(file.getFileName().toString()),
                        "seed " + seed + ": " + refused.getMessage());
            } catch (RuntimeException | Error e) {
                throw new AssertionError(reader + ", -Dfuzz.seed=" + seed + ": " + e, e);
            }
            double took = (System.nanoTime() - began) / 1e9;
            assertTrue(took < SLOW, reader + ", -Dfuzz.seed=" + seed + ": took " + took + " s");
        }
        assertTrue(count > 0);
    }

    private static byte[] changed(byte[] sound, SplittableRandom random) {
        byte[] bytes = sound.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 8; i++) {
            int at = random.nextInt(bytes.length);
            int length = 1 + random.nextInt(Math.min(64, bytes.length - at));
            bytes = switch (random.nextInt(7)) {
                case 0 -> set(bytes, at, (byte) (bytes[at] ^ 1 << random.nextInt(8)));
                case 1 -> set(bytes, at, (byte) random.nextInt());
                case 2 -> Arrays.copyOf(bytes, at);
                case 3 -> joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + length, bytes.length));
                case 4 -> joined(Arrays.copyOf(bytes, at + length), Arrays.copyOfRange(bytes, at, bytes.length));
                case 5 -> word(bytes, random.nextInt(bytes.length - 8), random);
                default -> {
                    byte[] more = new byte[length];
                    random.nextBytes(more);
                    yield joined(joined(Arrays.copyOf(bytes, at), more), Arrays.copyOfRange(bytes, at, bytes.length));
                }
            };
        }
        return bytes;
    }

    private static byte[] set(byte[] bytes, int at, byte value) {
        bytes[at] = value;
        return bytes;
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** Counts that programs stumble over, in either order of bytes. */
    private static byte[] word(byte[] bytes, int at, SplittableRandom random) {
        long[] values = {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 31, 1L << 62, 255, 65_535};
        long value = values[random.nextInt(values.length)];
        ByteBuffer all =
                ByteBuffer.wrap(bytes).order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        if (random.nextBoolean()) {
            all.putInt(at, (int) value);
        } else {
            all.putLong(at, value);
        }
        return bytes;
    }
}
