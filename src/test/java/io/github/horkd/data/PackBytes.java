package io.github.horkd.data;

import io.github.horkd.internal.file.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Packed images as bytes, for tests that damage them. */
public final class PackBytes {

    private PackBytes() {}

    /** A sound file. */
    public static byte[] sound(Path folder) throws IOException {
        Path source = Pictures.zip(
                folder.resolve("to-pack.zip"),
                Map.of(
                        "anna/1.png", Pictures.png(1, 8, 8, 1),
                        "anna/2.png", Pictures.png(1, 8, 8, 2),
                        "zoe/1.png", Pictures.png(1, 8, 8, 3),
                        "zoe/notes.txt", new byte[3]));
        Path packed = folder.resolve("packed");
        ImageFolder.open(
                source,
                ImageShape.gray(8),
                Degradation.downscaleTo(4),
                ImageOptions.defaults().packedIn(packed));
        try (Stream<Path> files = Files.list(packed)) {
            return Files.readAllBytes(files.filter(file -> file.toString().endsWith(".pixels"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    /** Packs a few pictures into a folder, or goes on with what is there. */
    public static Path packed(Path folder, Path source) {
        ImageOptions options = ImageOptions.defaults();
        Path file = folder.resolve("faces.pixels");
        try {
            WholeFile.makeDirectory(folder);
            Packing.pack(
                    FileTree.at(source),
                    source,
                    ImageLoad.Target.of(1, 8, 8, ImageShape.gray(4), options),
                    options,
                    new Packing.Place(file, PackLayout.of(ImageShape.gray(8), "these")),
                    new TreeMap<>());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Some pictures to pack: so many of each of two people. */
    public static Path pictures(Path zip, int each) throws IOException {
        return Pictures.zip(zip, files(each));
    }

    private static Map<String, byte[]> files(int each) throws IOException {
        Map<String, byte[]> files = new TreeMap<>(Map.of("zoe/notes.txt", new byte[3]));
        for (int i = 1; i <= each; i++) {
            files.put("anna/" + i + ".png", Pictures.png(1, 8, 8, i));
            files.put("zoe/" + i + ".png", Pictures.png(1, 8, 8, 100 + i));
        }
        return files;
    }

    /** RecordIO with so many gray pictures of a side. */
    public static byte[] records(int count, int side) throws IOException {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            byte[] png = Pictures.png(1, side, side, i);
            int length = 24 + png.length;
            ByteBuffer record = ByteBuffer.allocate(8 + length + 3 & ~3).order(ByteOrder.LITTLE_ENDIAN);
            record.putInt(0xced7230a).putInt(length).putInt(0).putFloat(i % 3);
            records.write(record.putLong(i).putLong(0).put(png).array());
        }
        return records.toByteArray();
    }

    /** A verification set of so many pairs, as Python pickles it. */
    public static byte[] pickle(int pairs) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(new byte[] {(byte) 0x80, 3, ']', '('});
        for (int i = 0; i < 2 * pairs; i++) {
            byte[] png = Pictures.png(3, 8, 8, i);
            all.writeBytes(ByteBuffer.allocate(5)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put((byte) 'B')
                    .putInt(png.length)
                    .array());
            all.writeBytes(png);
        }
        all.writeBytes(new byte[] {'e', ']', '('});
        for (int i = 0; i < pairs; i++) {
            all.write(0x88 + i % 2);
        }
        all.writeBytes(new byte[] {'e', (byte) 0x86, '.'});
        return all.toByteArray();
    }

    /** An archive of so many pictures of each of two people. */
    public static byte[] tar(Path folder, int each) throws IOException {
        return Files.readAllBytes(Pictures.tar(folder.resolve("sound.tar"), files(each)));
    }

    /** Gives damaged bytes the right marks of header, index and words. */
    public static void sign(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            ByteBuffer all = ByteBuffer.wrap(bytes);
            int end = bytes.length - PackLayout.TRAILER;
            if (end >= PackLayout.HEADER) {
                int head = PackLayout.HEADER - Long.BYTES;
                all.putLong(head, Seeds.fingerprint(Arrays.copyOf(bytes, head)));
                long index = all.getLong(end);
                if (index >= PackLayout.HEADER && index <= end) {
                    all.putLong(end + 3 * Long.BYTES, Seeds.fingerprint(Arrays.copyOfRange(bytes, (int) index, end)));
                }
                Files.write(file, bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens it and reads all of it. */
    public static void read(Path file) {
        PackedImages images = PackedImages.open(file, Degradation.downscaleTo(4));
        if (images.size() < 100) {
            images.batch(Resolution.HIGH, IntStream.range(0, images.size()).toArray(), Pose.IDENTITY);
            IntStream.range(0, images.size()).forEach(images::name);
            images.verify();
        }
    }
}
