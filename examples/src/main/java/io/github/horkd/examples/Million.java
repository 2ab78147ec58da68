package io.github.horkd.examples;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.BatchLoader;
import io.github.horkd.data.Batches;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFile;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Limits;
import io.github.horkd.data.PackedImages;
import io.github.horkd.data.PairedBatch;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.RecordIoImages;
import io.github.horkd.eval.Table;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * More pictures than fit in memory: a million colour JPEGs of 112×112 in one RecordIO file, packed at 64×64 and read from disk in a small heap. Prints how
 * fast they are packed beside how fast they are decoded alone, what a killed packing loses, how fast a packed file is opened, and how fast batches are
 * read from it beside the same images in memory; fails when a promise does not hold.
 *
 * <p>{@code mvn -q -f examples -Dexample=Million -Dquick=true -Dheap=256m} does the same with 20,000 pictures (0.4 GB under {@code -Dout}); without
 * {@code -Dquick}, 18 GB.
 */
public final class Million {

    private static final ImageShape PACKED = ImageShape.colour(64);
    private static final Degradation SMALL = Degradation.downscaleTo(16);
    private static final int PEOPLE = 500;

    private Million() {}

    public static void main(String[] args) throws Exception {
        Path rec = args.length == 2 ? Path.of(args[0]) : null;
        if (rec != null) {
            pack(rec, Path.of(args[1]));
            return;
        }
        Settings settings = Settings.ofThisRun();
        int count = settings.quick() ? 20_000 : 1_000_000;
        Path folder = settings.out().resolve("million");
        Files.createDirectories(folder);
        rec = folder.resolve("faces.rec");
        Path packs = Files.createTempDirectory(folder, "packed");
        List<byte[]> pictures =
                IntStream.range(0, PEOPLE).mapToObj(Million::draw).toList();
        write(rec, pictures, count);
        double alone = Math.max(decodingRate(pictures), decodingRate(pictures));

        long killedAt = packAndKill(rec, packs, (long) count * PACKED.size() / 10);
        long heapBefore = usedHeap();
        long began = System.nanoTime();
        PackedImages packed = pack(rec, packs);
        double seconds = (System.nanoTime() - began) / 1e9;
        long heapGrowth = usedHeap() - heapBefore;
        long before = killedAt / (PACKED.size() + 25);
        double rate = (count - before) / seconds;
        began = System.nanoTime();
        PackedImages again = PackedImages.open(packed.path(), SMALL);
        double opening = (System.nanoTime() - began) / 1e9;
        again.verify();

        PairedImages some = again.subset(
                IntStream.range(0, 4000).map(i -> i * (count / 4000)).toArray());
        PairedImages inMemory = RecordIoImages.open(firstOf(folder, pictures), PACKED, SMALL);
        double fromDisk = Math.max(loadingRate(some), loadingRate(some));
        double fromMemory = Math.max(loadingRate(inMemory), loadingRate(inMemory));

        System.out.println(Table.of("", "measured", "promised")
                .row("pictures", again.size(), count)
                .row("decoded alone, a second", Math.round(alone), "")
                .row("packed, a second", Math.round(rate), "0.9 of that")
                .row("packed by the killed process, kept", before, "")
                .row("heap grown by, MB", heapGrowth >> 20, "64")
                .row("opened in, s", String.format("%.2f", opening), "2")
                .row("read in batches from disk, a second", Math.round(fromDisk), "")
                .row("read in batches from memory, a second", Math.round(fromMemory), ""));
        for (Path left : List.of(rec, packs, packed.path())) {
            left.toFile().deleteOnExit();
        }
        require(again.size() == count, "every picture is packed once");
        require(before > 0, "what a killed process had packed is kept");
        require(heapGrowth < 64 << 20, "the heap does not grow");
        require(opening < 2, "a packed file opens in two seconds");
        require(rate > 0.9 * alone || settings.quick(), "packing keeps up with decoding");
    }

    private static PackedImages pack(Path rec, Path packs) {
        return (PackedImages)
                RecordIoImages.open(rec, PACKED, SMALL, ImageOptions.defaults().packedIn(packs));
    }

    /** Packs in a process of its own and kills it when a tenth is there; returns how much it had written. */
    private static long packAndKill(Path rec, Path packs, long enough) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Million.class.getName(),
                        rec.toString(),
                        packs.toString())
                .redirectErrorStream(true)
                .redirectOutput(packs.resolveSibling("killed.log").toFile())
                .start();
        while (written(packs) < enough) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("packing ended before it could be killed; see killed.log");
            }
        }
        process.destroyForcibly().waitFor();
        return written(packs);
    }

    private static long written(Path packs) throws IOException {
        try (Stream<Path> files = Files.list(packs)) {
            return files.mapToLong(f -> f.toFile().length()).sum();
        }
    }

    private static double decodingRate(List<byte[]> pictures) {
        long began = System.nanoTime();
        pictures.stream().parallel().forEach(p -> ImageFile.decode("drawn", p, Limits.defaults()));
        return pictures.size() * 1e9 / (System.nanoTime() - began);
    }

    private static double loadingRate(PairedImages images) {
        Batches plan = Batches.shuffled(images, Math.min(128, images.size()), 1);
        long began = System.nanoTime();
        int read = 0;
        for (int epoch = 0; read < 8000; epoch++) {
            try (BatchLoader loader = BatchLoader.of(
                    images, plan, epoch, Augmentation.none().flip().shift(2), BatchLoader.Options.defaults())) {
                while (loader.hasNext()) {
                    PairedBatch batch = loader.next();
                    read += batch.size();
                    batch.high().close();
                    batch.low().close();
                }
            }
        }
        return read * 1e9 / (System.nanoTime() - began);
    }

    /** A soft pattern of its own for each person, as a JPEG of about 2.5 kB. */
    private static byte[] draw(int person) {
        SplittableRandom random = new SplittableRandom(person);
        double[] waves = random.doubles(24, -1, 1).toArray();
        BufferedImage image = new BufferedImage(112, 112, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < 112; y++) {
            for (int x = 0; x < 112; x++) {
                int rgb = 0;
                for (int c = 0; c < 3; c++) {
                    double value = random.nextDouble() * 0.12;
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
            throw new java.io.UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Path firstOf(Path folder, List<byte[]> pictures) throws IOException {
        Path few = folder.resolve("few.rec");
        write(few, pictures, 4000);
        return few;
    }

    /** MXNet's RecordIO: magic, length, a header with the label, the picture, zeros up to a multiple of four. */
    private static void write(Path rec, List<byte[]> pictures, int count) throws IOException {
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
    }

    private static long usedHeap() throws InterruptedException {
        for (int k = 0; k < 3; k++) {
            System.gc();
            Thread.sleep(50);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void require(boolean holds, String promise) {
        if (!holds) {
            throw new IllegalStateException("promised, and not so: " + promise);
        }
    }
}
