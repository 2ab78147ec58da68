package io.github.horkd.examples;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFile;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImagePass;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Limits;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.PackedImages;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.RecordIoImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.GuideLoss;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.Stages;
import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.distill.TrainingOptions;
import io.github.horkd.eval.Table;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.knowledge.TransferSet;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.model.Backbone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * More pictures than fit in memory: a million colour JPEGs of 112×112 in one RecordIO file, packed as they are ({@link PackedImages}), and kept as low views of 16×16
 * with a guide's answers ({@link TransferSet}), in a heap of 1 GiB. Prints a table of what was promised and what was measured; fails when a promise does not
 * hold. Rates are by the clock, so the machine has to be left alone; packing, which both processors do, is held to its processor time. The short form is over before the JVM
 * is warm: it prints speeds and holds none.
 *
 * <pre>  mvn -q -f examples -Dexample=Million -Dquick=true -Dheap=256m     20,000 pictures, 1 GB under -Dout
 *  mvn -q -f examples -Dexample=Million -Dheap=1g                    1,000,000, 45 GB; -Darguments=300000 for another number</pre>
 */
public final class Million {

    private static final ImageShape PACKED = ImageShape.colour(112);
    private static final Degradation SMALL = Degradation.downscaleTo(16);
    private static final int WARM = 50_000;
    private static final int IN_MEMORY = 2_000;
    private static final int BATCH = 64;
    private static final int NAME = 9;
    private static final int PACK_HEADER = 64;
    /** Bytes of a picture in a packed file: its head, its name, its samples. */
    private static final long RECORD = 16 + NAME + 3 * 112 * 112;

    private final int count;
    private final boolean quick;
    private final int steps;
    private final int rounds;
    private final Path folder;
    private final Path rec;
    private Table table = Table.of("", "measured", "promised");
    private final List<String> broken = new ArrayList<>();

    private Million(int count, boolean quick, Path folder) {
        this.count = count;
        this.quick = quick;
        this.steps = quick ? 24 : 2000;
        this.rounds = quick ? 1 : 3;
        this.folder = folder;
        this.rec = folder.resolve("faces.rec");
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 2) {
            pack(Path.of(args[0]), Path.of(args[1]));
            return;
        }
        Settings settings = Settings.ofThisRun();
        int count = args.length == 1 ? Integer.parseInt(args[0]) : settings.quick() ? 20_000 : 1_000_000;
        Path folder = settings.out().resolve("million");
        remove(folder);
        Files.createDirectories(folder);
        try {
            new Million(count, settings.quick(), folder).run();
        } finally {
            remove(folder);
        }
    }

    private void run() throws Exception {
        List<byte[]> pictures = DrawnRecords.pictures();
        DrawnRecords.write(rec, pictures, count);
        say("pictures of 112×112×3, JPEG, MB", Files.size(rec) / 1_000_000, "");
        PackedImages packed = packing(pictures);
        TransferSet set = passing();
        training(packed, set);
        System.out.println(table);
        if (!broken.isEmpty()) {
            throw new IllegalStateException("promised, and not so: " + String.join("; ", broken));
        }
    }

    private PackedImages packing(List<byte[]> pictures) throws IOException, InterruptedException {
        IntStream.range(0, rounds).forEach(warm -> decode(pictures));
        warmPacking(pictures);
        double[] alone = decode(pictures);
        Path packs = folder.resolve("packed");
        Files.createDirectories(packs);
        long heap = usedHeap();
        long kept = killed(packs, Math.min(50_000, count / 10));
        Path part = onlyFile(packs);
        long there = Files.size(part);
        Growth growth = Growth.beyond(part, there);
        long began = System.nanoTime();
        PackedImages packed = pack(rec, packs);
        double seconds = (System.nanoTime() - growth.at) / 1e9;
        double each = (processor() - growth.processor) / 1e3 / (count - kept);
        double[] afterwards = decode(pictures);
        better(alone, afterwards);
        say("taken up again, s", text("%.1f", (growth.at - began) / 1e9), "");
        say("decoded alone, a second (µs of a processor each)", rates(alone), "");
        say("decoded and packed, a second (µs)", text("%,.0f (%.0f)", (count - kept) / seconds, each), "");
        say(
                "packing, by the clock, of the decoder's rate, %",
                text("%.0f", 100 * (count - kept) / seconds / alone[0]), "");
        // Up to 100,000 pictures a source also looks for those that are in two classes, in a pass of its own.
        promise("packing, by processor time, of the decoder's rate, %", 100 * alone[1] / each, 90);
        double grown = (usedHeap() - heap) / 1e6;
        say("heap grown by, MB", text("%.0f", grown), "64");
        require(grown < 64, "the heap does not grow");
        require(packed.size() == count, "every picture is packed once");
        say("packed, MB", Files.size(packed.path()) / 1_000_000, "");
        dropFromCache(packed.path());
        began = System.nanoTime();
        PackedImages again = PackedImages.open(packed.path(), SMALL);
        opened("packed file opened in, cold, s", began);
        began = System.nanoTime();
        again.verify();
        say("every picture held against its mark in, s", text("%.1f", (System.nanoTime() - began) / 1e9), "");
        return again;
    }

    /** Packs a few, so that its code is compiled as the decoder's is before either is timed. */
    private void warmPacking(List<byte[]> pictures) throws IOException {
        Path warm = folder.resolve("warm");
        Files.createDirectories(warm);
        Path some = warm.resolve("some.rec");
        DrawnRecords.write(some, pictures, Math.min(WARM, count / 10));
        pack(some, warm.resolve("packed"));
        remove(warm);
    }

    /**
     * Packs in a process of its own and kills it when it has written some pictures. What it wrote whole is taken up again later; the work since is lost.
     *
     * @return how many pictures will be taken up
     */
    private long killed(Path packs, long some) throws IOException, InterruptedException {
        long began = System.nanoTime();
        Process process = packer(packs);
        // Time and bytes, whenever they were looked at.
        List<long[]> seen = new ArrayList<>(List.of(new long[] {began, 0}));
        while (seen.get(seen.size() - 1)[1] < some * RECORD) {
            if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("packing ended before it could be killed; see killed.log");
            }
            seen.add(new long[] {System.nanoTime(), written(packs)});
        }
        long killedAt = System.nanoTime();
        process.destroyForcibly().waitFor();
        Path part = onlyFile(packs);
        long kept = wholeRecords(part);
        long place = PACK_HEADER + kept * RECORD;
        long safe = seen.stream()
                .filter(look -> look[1] < place)
                .mapToLong(look -> look[0])
                .max()
                .orElse(began);
        double lost = (killedAt - safe) / 1e9;
        say("killed after, s; pictures kept", text("%.1f; %,d", (killedAt - began) / 1e9, kept), "");
        say("work lost by it, at most, s", text("%.2f", lost), "10");
        require(lost < 10, "a kill loses less than 10 s");
        return kept;
    }

    /** Records from the first one on whose heads are there; the length of a name, which here has nine digits, comes first. */
    private static long wholeRecords(Path part) throws IOException {
        try (FileChannel file = FileChannel.open(part)) {
            long records = (file.size() - PACK_HEADER) / RECORD;
            ByteBuffer letters = ByteBuffer.allocate(Integer.BYTES);
            for (long k = 0; k < records; k++) {
                file.read(letters.clear(), PACK_HEADER + k * RECORD);
                if (letters.getInt(0) != NAME) {
                    return k;
                }
            }
            return records;
        }
    }

    private static Path onlyFile(Path packs) throws IOException {
        try (Stream<Path> files = Files.list(packs)) {
            return files.findFirst().orElseThrow();
        }
    }

    /** Notes when a file has become longer, and the processor time of this process until then. */
    private static final class Growth {

        private volatile long at;
        private volatile long processor;

        static Growth beyond(Path file, long length) {
            Growth growth = new Growth();
            Thread watch = new Thread(() -> growth.await(file, length));
            watch.setDaemon(true);
            watch.start();
            return growth;
        }

        private void await(Path file, long length) {
            try {
                while (file.toFile().length() <= length) {
                    Thread.sleep(5);
                }
                processor = processor();
                at = System.nanoTime();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private TransferSet passing() throws IOException {
        long began = System.nanoTime();
        long processor = processor();
        Path file = TransferSet.from(ImagePass.over(rec, PACKED, SMALL, ImageOptions.defaults()))
                .guide(new CellMeans())
                .write(folder.resolve("faces" + TransferSet.EXTENSION));
        double seconds = (System.nanoTime() - began) / 1e9;
        say(
                "one pass: decoded, guide asked, low views and answers written, a second (µs)",
                text("%,.0f (%.0f)", count / seconds, (processor() - processor) / 1e3 / count),
                "");
        double views = Files.size(file) / 1e6 - count * 4.0 * CellMeans.WIDTH / 1e6;
        say("low views of 16×16×3, MB", text("%.0f", views), text("%.0f", 800 * count / 1e6));
        require(views <= 800 * count / 1e6, "a million low views take 0.8 GB");
        dropFromCache(file);
        began = System.nanoTime();
        TransferSet set = TransferSet.open(file);
        opened("transfer set opened in, cold, s", began);
        return set;
    }

    private void opened(String what, long began) {
        double seconds = (System.nanoTime() - began) / 1e9;
        say(what, text("%.2f", seconds), "2");
        require(seconds < 2 * Math.max(1, count / 1e6), what);
    }

    /**
     * An epoch of all pictures from a file that is not in the cache when it begins: the transfer set from the call on, what comes before the first step included, the packed file, which no cache
     * holds, from the first step on. The rate from memory is that of a warm program, before and after: the better counts.
     */
    private void training(PackedImages packed, TransferSet set) {
        KnowledgeSource said = set.guide();
        MemoryImages highInMemory = inMemory(packed.subset(spread(IN_MEMORY)), Resolution.HIGH, SMALL);
        MemoryImages lowInMemory = inMemory(set.subset(spread(IN_MEMORY)), Resolution.LOW, Degradation.none());
        int epoch = quick ? steps : count / BATCH;
        double[] high = new double[2];
        double[] low = new double[2];
        better(high, rate(highInMemory, said, steps / 2, steps));
        better(low, rate(lowInMemory, said, steps / 2, steps));
        dropFromCache(packed.path());
        double[] fromPack = rate(packed, said, 1, epoch);
        better(high, rate(highInMemory, said, steps / 2, steps));
        dropFromCache(folder.resolve("faces" + TransferSet.EXTENSION));
        double[] fromSet = rate(set, said, 0, epoch);
        better(low, rate(lowInMemory, said, steps / 2, steps));
        better(high, rate(highInMemory, said, steps / 2, steps));
        say("student of 87,000 parameters trained from the packed file, cold, images/s (µs)", rates(fromPack), "");
        say("… from some of the pictures in memory", rates(high), "");
        promise("… of the rate from memory, %", 100 * fromPack[0] / high[0], 95);
        say("… by processor time, of the rate from memory, %", text("%.0f", 100 * high[1] / fromPack[1]), "");
        say("… from the transfer set, cold", rates(fromSet), "");
        say("… from some of its views in memory", rates(low), "");
        promise("… of the rate from pictures in memory, %", 100 * fromSet[0] / high[0], 100);
        say(
                "… by processor time, of the rate from pictures in memory, %",
                text("%.0f", 100 * high[1] / fromSet[1]), "");
    }

    private static void better(double[] best, double[] next) {
        best[0] = Math.max(best[0], next[0]);
        best[1] = best[1] == 0 ? next[1] : Math.min(best[1], next[1]);
    }

    private static String rates(double[] measured) {
        return text("%,.0f (%.0f)", measured[0], measured[1]);
    }

    /** Numbers from all of the file, and people in turns. */
    private int[] spread(int some) {
        int step = count / some;
        return IntStream.range(0, some).map(i -> i * step + i % step).toArray();
    }

    private static MemoryImages inMemory(PairedImages images, Resolution view, Degradation degradation) {
        List<byte[]> samples = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            float[] values = new float[images.shape(view).size()];
            boolean high = view == Resolution.HIGH;
            images.read(i, Pose.IDENTITY, high ? values : null, 0, high ? null : values, 0);
            byte[] bytes = new byte[values.length];
            for (int k = 0; k < bytes.length; k++) {
                bytes[k] = (byte) Math.round(255 * values[k]);
            }
            samples.add(bytes);
        }
        return MemoryImages.of(
                images.shape(view),
                samples,
                IntStream.range(0, images.size()).map(images::label).toArray(),
                images.classes(),
                IntStream.range(0, images.size()).mapToObj(images::name).toList(),
                degradation);
    }

    /** Images a second and microseconds of a processor each, after some steps; 0 counts what comes before the first one, too. */
    private static double[] rate(PairedImages images, KnowledgeSource guide, int after, int steps) {
        long[][] at = train(images, guide, steps);
        int seen = BATCH * (steps - after);
        return new double[] {seen * 1e9 / (at[steps][0] - at[after][0]), (at[steps][1] - at[after][1]) / 1e3 / seen};
    }

    /** By the clock and by processor time, when it began and when each step was over. */
    private static long[][] train(PairedImages images, KnowledgeSource guide, int steps) {
        Stage stage = Stage.onLabels(
                        "student",
                        Backbone.residual(20, CellMeans.WIDTH).withBlocks(36, 50),
                        Resolution.LOW,
                        TrainingOptions.of(Schedule.steps(steps).withBatchSize(BATCH), 2)
                                .withAugmentation(Augmentation.none().flip()))
                .withLosses(1, GuideLoss.onEmbeddings("guide", new CosineLoss(1)));
        long[][] at = new long[steps + 1][2];
        at[0] = now();
        Stages.run(List.of(stage), Map.of("guide", guide), images, event -> {
            if (event instanceof TrainingEvent.StepFinished step) {
                at[step.step()] = now();
            }
        });
        return at;
    }

    private static long[] now() {
        return new long[] {System.nanoTime(), processor()};
    }

    private static PackedImages pack(Path rec, Path packs) {
        return (PackedImages)
                RecordIoImages.open(rec, PACKED, SMALL, ImageOptions.defaults().packedIn(packs));
    }

    private Process packer(Path packs) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + (Runtime.getRuntime().maxMemory() >> 20) + "m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Million.class.getName(),
                        rec.toString(),
                        packs.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("killed.log").toFile())
                .start();
    }

    private static long written(Path packs) throws IOException {
        try (Stream<Path> files = Files.list(packs)) {
            return files.mapToLong(f -> f.toFile().length()).sum();
        }
    }

    /** Pictures a second on as many threads as pack, and microseconds of a processor each. */
    private static double[] decode(List<byte[]> pictures) {
        long began = System.nanoTime();
        long processor = processor();
        int rounds = 20;
        IntStream.range(0, rounds * pictures.size())
                .parallel()
                .forEach(i -> ImageFile.decode("drawn", pictures.get(i % pictures.size()), Limits.defaults()));
        double all = rounds * pictures.size();
        return new double[] {all * 1e9 / (System.nanoTime() - began), (processor() - processor) / 1e3 / all};
    }

    private static long processor() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Where there is GNU dd; elsewhere the cache stays as it is. */
    private static void dropFromCache(Path file) {
        try {
            new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            System.out.println("the cache of " + file.getFileName() + " was not emptied: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long usedHeap() throws InterruptedException {
        for (int k = 0; k < 3; k++) {
            System.gc();
            Thread.sleep(50);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void say(String what, Object measured, Object promised) {
        System.out.println(what + ": " + measured);
        table = table.row(what, measured, promised);
    }

    /** A promise about speed can be held when a run is long enough for the JVM to be warm. */
    private void promise(String what, double measured, double least) {
        say(what, text("%.0f", measured), text("%.0f", least));
        require(measured >= least || quick, what);
    }

    private void require(boolean holds, String promise) {
        if (!holds) {
            broken.add(promise);
        }
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
