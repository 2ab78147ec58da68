package io.github.horkd;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.IdxImages;
import io.github.horkd.data.ImageFile;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImagePass;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Limits;
import io.github.horkd.data.PackBytes;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.RecordIoImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.VerificationSet;
import io.github.horkd.data.WebDatasetImages;
import io.github.horkd.distill.CheckpointBytes;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.distill.Shapes;
import io.github.horkd.eval.PairList;
import io.github.horkd.experiment.ExperimentFiles;
import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.guide.EmbeddingRows;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.LocalScaling;
import io.github.horkd.guide.PrecomputedKnowledge;
import io.github.horkd.guide.Scaling;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.knowledge.TransferBytes;
import io.github.horkd.knowledge.TransferSet;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxExport;
import io.github.horkd.onnx.OnnxGuide;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.PerIdentity;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Damaged files: a reader gives what is there or says that it cannot, in the way it documents, whatever the bytes. Inputs are those of a sound file, changed
 * in a few places by a seed. A reader joins by one line in {@link #readers()}.
 *
 * <p>Each reader has a fifth of a second; {@code -Dfuzz.seconds=600} gives it more, {@code -Dfuzz.reader=a.npy,a.npz} to some alone. What failed is told with its
 * seed ({@code -Dfuzz.seed=…} begins there) and kept in {@code target/fuzz}: it belongs into {@code src/test/resources/fuzz/READER}, whose files are read first
 * in every run. {@code target/fuzz/counts.csv} says how many inputs each reader had.
 */
class ReadersFuzzTest {

    private static final double SECONDS = Double.parseDouble(System.getProperty("fuzz.seconds", "0.2"));
    private static final long FIRST = Long.parseLong(System.getProperty("fuzz.seed", "1"));
    private static final String ONLY = System.getProperty("fuzz.reader", "");
    /** Of an input of a few kilobytes: a hang, and no matter of speed. */
    private static final double SLOW = 20;

    private static final Path OUT = Path.of("target", "fuzz");
    private static final Map<String, String> COUNTS = new ConcurrentSkipListMap<>();

    @TempDir
    Path folder;

    private interface Sound {
        byte[] in(Path folder) throws IOException;
    }

    private interface Reading {
        void of(Path file);
    }

    /** A kind of file, a sound one, and what reads it; it may throw {@link UncheckedIOException}, or {@link IllegalArgumentException} where the file is none of what is wanted; both name it. */
    private record Reader(String file, Sound sound, Reading reading) {
        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Reader> readers() {
        Stream<Reader> files = Stream.of(
                new Reader("a.csv", folder -> csv(), PrecomputedKnowledge::csv),
                new Reader("a.npy", folder -> npy(), ReadersFuzzTest::readNpy),
                new Reader("a.npz", folder -> npz(), PrecomputedKnowledge::npz),
                new Reader("a.space", folder -> space(), EmbeddingSpace::load),
                new Reader("a.gallery", ReadersFuzzTest::gallery, Gallery::load),
                new Reader("scaled.gallery", ReadersFuzzTest::scaledGallery, file -> Gallery.load(signed(file))),
                new Reader("signed.space", folder -> space(), file -> EmbeddingSpace.load(signed(file))),
                new Reader("signed.gallery", ReadersFuzzTest::gallery, file -> Gallery.load(signed(file))),
                new Reader("network.zip", ReadersFuzzTest::network, Network::load),
                entry("configuration.json"),
                entry("coefficients.bin"),
                entry("horkd.json"),
                new Reader("a.checkpoint", CheckpointBytes::sound, CheckpointBytes::read),
                new Reader("signed.checkpoint", CheckpointBytes::sound, file -> {
                    CheckpointBytes.sign(file);
                    CheckpointBytes.read(file);
                }),
                new Reader("a.knowledge", ReadersFuzzTest::knowledge, ReadersFuzzTest::readKnowledge),
                new Reader("a.pixels", PackBytes::sound, PackBytes::read),
                new Reader("signed.pixels", PackBytes::sound, file -> {
                    PackBytes.sign(file);
                    PackBytes.read(file);
                }),
                new Reader(
                        "a.transfer",
                        ReadersFuzzTest::transfer,
                        file -> TransferSet.open(file).verify()),
                new Reader("answers.transfer", TransferBytes::sound, TransferBytes::read),
                new Reader("signed.transfer", TransferBytes::sound, file -> {
                    TransferBytes.sign(file);
                    TransferBytes.read(file);
                }),
                new Reader("experiment.yaml", folder -> experiment(folder, "yaml"), ExperimentFiles::load),
                new Reader("experiment.json", folder -> experiment(folder, "json"), ExperimentFiles::load),
                new Reader(
                        "manifest.json",
                        folder -> run(folder, "manifest.json"),
                        file -> RunDirectory.state(file.getParent())),
                new Reader(
                        "history.json",
                        folder -> run(folder, "runs/one/history.json"),
                        file -> readRun(file, "runs/one/history.json")),
                new Reader(
                        "run.json",
                        folder -> run(folder, "runs/one/run.json"),
                        file -> readRun(file, "runs/one/run.json")),
                new Reader("probes.npy", folder -> run(folder, "runs/one/probes.npy"), ReadersFuzzTest::readTable),
                new Reader("epochs.csv", folder -> EPOCHS.getBytes(StandardCharsets.UTF_8), Listeners::csv),
                new Reader("teacher.onnx", ReadersFuzzTest::onnx, ReadersFuzzTest::readOnnx),
                new Reader("images.zip", folder -> images(), ReadersFuzzTest::readImages),
                new Reader("images.tar", folder -> resource("sources/shard-000000.tar"), ReadersFuzzTest::readImages),
                new Reader(
                        "images.tgz",
                        folder -> gzip(resource("sources/shard-000000.tar")),
                        ReadersFuzzTest::readImages),
                new Reader(
                        "shard.tar",
                        folder -> resource("sources/shard-000000.tar"),
                        file -> WebDatasetImages.open(file.toString(), ImageShape.colour(8), HALF)),
                new Reader(
                        "faces.rec",
                        folder -> resource("sources/faces.rec"),
                        file -> RecordIoImages.open(file, ImageShape.colour(8), HALF)),
                new Reader("faces.idx", folder -> resource("sources/faces.idx"), ReadersFuzzTest::readRecordIndex),
                new Reader(
                        "pairs.bin",
                        folder -> resource("sources/pairs.bin"),
                        file -> VerificationSet.load(file, ImageShape.colour(8), HALF)),
                new Reader("images.idx", folder -> idx(0x803, 3, 4, 4), file -> IdxImages.open(file, HALF)),
                new Reader("images.idx.gz", folder -> gzip(idx(0x803, 3, 4, 4)), file -> IdxImages.open(file, HALF)),
                new Reader("labels.idx", folder -> idx(0x801, 3), ReadersFuzzTest::readLabels),
                new Reader("list.csv", folder -> LIST.getBytes(StandardCharsets.UTF_8), ReadersFuzzTest::readList),
                new Reader("pairs.txt", folder -> PAIRS.getBytes(StandardCharsets.UTF_8), PairList::read));
        Stream<Reader> pictures = Stream.of(
                        "rgb.png",
                        "interlaced.png",
                        "palette.png",
                        "gray.jpg",
                        "progressive.jpg",
                        "turned6.jpg",
                        "clear.gif",
                        "rgb.bmp",
                        "rgb.tif",
                        "tiff_lzw.tiff",
                        "fax.tif",
                        "exact.webp",
                        "soft.webp")
                .map(name -> new Reader(name, folder -> resource("pictures/" + name), ReadersFuzzTest::readPicture));
        Stream<Reader> signed = Stream.of("rgb.png", "deep-interlaced.png", "palette-clear.png")
                .map(name -> new Reader("signed-" + name, folder -> resource("pictures/" + name), file -> {
                    signChunks(file);
                    readPicture(file);
                }));
        return Stream.concat(files, Stream.concat(pictures, signed))
                .filter(reader -> ONLY.isEmpty() || List.of(ONLY.split(",")).contains(reader.file));
    }

    private static final Degradation HALF = Degradation.downscaleTo(4);
    private static final String LIST = "path,label\nanna/1.png,anna\nanna/2.jpg,\"a, b\"\nbert/1.gif,bert\n";
    private static final String PAIRS = "2\t1\nanna\t1\t2\nanna\t1\tbert\t3\nbert\t1\t4\nbert\t1\tcleo\t3\n";

    private static final String EPOCHS =
            "stage,epoch,loss,held_out_loss,learning_rate,pairs_per_second,seconds_left,term,raw,weighted\n"
                    + "student,1,0.5,,0.01,100.0,1.0,\"first order\",1,0.5\n".repeat(3);

    private static byte[] experiment(Path folder, String kind) throws IOException {
        Path file = folder.resolve("sound." + kind);
        ExperimentFiles.save(ExperimentFiles.shapes(), file);
        return Files.readAllBytes(file);
    }

    private static byte[] run(Path folder, String name) throws IOException {
        ExperimentFiles.write(folder.resolve("run"), 3);
        return Files.readAllBytes(folder.resolve("run").resolve(name));
    }

    private static void readRun(Path file, String place) {
        try {
            Path run = file.resolveSibling("run");
            Files.copy(file, run.resolve(place), StandardCopyOption.REPLACE_EXISTING);
            RunDirectory.read(run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readTable(Path file) {
        try {
            Files.copy(
                    file.resolveSibling("run/runs/one/probes.csv"),
                    file.resolveSibling("probes.csv"),
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ExperimentFiles.table(file);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = ReadersFuzzTest.class.getResourceAsStream("/" + name)) {
            return in.readAllBytes();
        }
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] idx(int... header) {
        int samples = 1;
        for (int i = 1; i < header.length; i++) {
            samples *= header[i];
        }
        ByteBuffer all = ByteBuffer.allocate(Integer.BYTES * header.length + samples);
        for (int number : header) {
            all.putInt(number);
        }
        return all.array();
    }

    private static void readLabels(Path file) {
        try {
            Path images = Files.write(file.resolveSibling("images-of-labels"), idx(0x803, 3, 4, 4));
            IdxImages.open(images, file, HALF);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readRecordIndex(Path file) {
        try {
            Path records = Files.write(file.resolveSibling("faces.rec"), resource("sources/faces.rec"));
            RecordIoImages.open(records, ImageShape.colour(8), HALF);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readList(Path file) {
        try {
            Path images = Files.write(file.resolveSibling("listed.zip"), images());
            ImageFolder.open(
                    images, ImageShape.colour(8), HALF, ImageOptions.defaults().withList(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readPicture(Path file) {
        try {
            ImageFile.decode(file.getFileName().toString(), Files.readAllBytes(file), Limits.defaults());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Damage of a PNG that its checksums do not give away. */
    private static void signChunks(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            ByteBuffer all = ByteBuffer.wrap(bytes);
            for (int at = 8; at + 12 <= bytes.length; ) {
                int length = all.getInt(at);
                if (length < 0 || length > bytes.length - at - 12) {
                    break;
                }
                CRC32 sum = new CRC32();
                sum.update(bytes, at + 4, length + 4);
                all.putInt(at + 8 + length, (int) sum.getValue());
                at += 12 + length;
            }
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] onnx(Path folder) throws IOException {
        Path file = folder.resolve("sound.onnx");
        Files.write(folder.resolve("sound.zip"), network(folder));
        OnnxExport.write(Network.load(folder.resolve("sound.zip")), file);
        return Files.readAllBytes(file);
    }

    private static byte[] transfer(Path folder) throws IOException {
        Path records = Files.write(folder.resolve("to-transfer.rec"), resource("sources/faces.rec"));
        ImagePass pass = ImagePass.over(records, ImageShape.colour(8), HALF, ImageOptions.defaults());
        return Files.readAllBytes(TransferSet.from(pass).write(folder.resolve("sound.transfer")));
    }

    private static void readOnnx(Path file) {
        OnnxGuide.from(file).open().close();
    }

    /** Damaged knowledge is refused and built anew, so whatever the bytes, the answers are those of the guide. */
    private static byte[] knowledge(Path folder) throws IOException {
        Path knowledge = Files.createDirectories(folder.resolve("knowledge"));
        ask(knowledge);
        try (Stream<Path> files = Files.list(knowledge)) {
            return Files.readAllBytes(files.filter(file -> file.toString().endsWith(".knowledge"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    private static void readKnowledge(Path file) {
        Path knowledge = file.resolveSibling("knowledge");
        try (Stream<Path> files = Files.list(knowledge)) {
            Path known = files.filter(each -> each.toString().endsWith(".knowledge"))
                    .findFirst()
                    .orElseThrow();
            Files.delete(known); // An earlier round may have it mapped.
            Files.copy(file, known);
            ask(knowledge);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void ask(Path folder) {
        PairedImages images = Shapes.drawn(5, 1);
        try (KnowledgeStore store = KnowledgeStore.inFolder(folder)) {
            Knowledge known =
                    store.of(new PixelGuide("pixels", 4, 0), images, Resolution.LOW, KnownPoses.asIs(), seen -> {});
            Knowledge right = KnowledgeStore.inMemory()
                    .of(new PixelGuide("pixels", 4, 0), images, Resolution.LOW, KnownPoses.asIs(), seen -> {});
            int[] all = {0, 1, 2, 3, 4};
            Pose[] asIs = new Pose[all.length];
            Arrays.fill(asIs, Pose.IDENTITY);
            assertEquals(right.embeddings(all, asIs), known.embeddings(all, asIs));
        }
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
        ByteBuffer values = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 12; i++) {
            values.putFloat(i);
        }
        return npy("<f4", "(3, 4)", values.array());
    }

    private static byte[] npy(String type, String shape, byte[] values) {
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
        String padded = header + " ".repeat(63 - (10 + header.length()) % 64) + "\n";
        ByteBuffer all =
                ByteBuffer.allocate(10 + padded.length() + values.length).order(ByteOrder.LITTLE_ENDIAN);
        all.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        all.putShort((short) padded.length()).put(padded.getBytes(StandardCharsets.US_ASCII));
        return all.put(values).array();
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
        byte[] names = new byte[48];
        for (int i = 0; i < 3; i++) {
            names[16 * i] = (byte) ('a' + i);
        }
        return zip("names.npy", npy("|S16", "(3,)", names), "embeddings.npy", npy(), "logits.npy", npy());
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

    private static byte[] scaledGallery(Path folder) throws IOException {
        gallery(folder);
        var cohort = Nd4j.createFromArray(new float[][] {{1, 2, 3, 4}, {-1, 2, 0, 1}, {3, 0, 1, 2}});
        Path file = folder.resolve("sound.gallery");
        Gallery.load(file).toBuilder()
                .localScaling(LocalScaling.of(cohort, cohort, 2))
                .build()
                .save(file);
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
        byte[] pgm = "P5 4 4 255\nabcdabcdabcdabcd".getBytes(StandardCharsets.US_ASCII);
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
        Path file = folder.resolve(reader.file);
        byte[] sound = reader.sound.in(folder);
        Files.write(file, sound);
        assertDoesNotThrow(() -> reader.reading.of(file), reader + " refuses its sound file");
        for (Path failed : everFailed(reader)) {
            Files.copy(failed, file, StandardCopyOption.REPLACE_EXISTING);
            answered(reader, file, failed.toString());
        }
        long began = System.nanoTime();
        int inputs = 0;
        int read = 0;
        for (long seed = FIRST; System.nanoTime() - began < SECONDS * 1e9; seed++, inputs++) {
            Files.write(file, changed(sound, new SplittableRandom(seed)));
            read += answered(reader, file, "-Dfuzz.seed=" + seed) ? 1 : 0;
        }
        assertTrue(inputs > 0);
        double minutes = (System.nanoTime() - began) / 60e9;
        COUNTS.put(
                reader.file,
                String.format(Locale.ROOT, "%s,%d,%d,%.0f", reader.file, inputs, inputs - read, inputs / minutes));
    }

    /** Whether it was read; false when it was refused as documented. */
    private static boolean answered(Reader reader, Path file, String input) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        long began = System.nanoTime();
        boolean answered = false;
        try {
            reader.reading.of(file);
            answered = true;
        } catch (UncheckedIOException | IllegalArgumentException refused) {
            String message = String.valueOf(refused.getMessage());
            String name = file.getFileName().toString();
            if (!message.contains(name.substring(0, name.indexOf('.')))) {
                throw failed(reader, bytes, input, refused);
            }
        } catch (RuntimeException | Error e) {
            throw failed(reader, bytes, input, e);
        }
        double took = (System.nanoTime() - began) / 1e9;
        if (took > SLOW) {
            throw failed(reader, bytes, input + ", took " + took + " s", null);
        }
        return answered;
    }

    private static AssertionError failed(Reader reader, byte[] bytes, String input, Throwable e) throws IOException {
        Path kept = OUT.resolve(reader.file).resolve(HexFormat.of().toHexDigits(Arrays.hashCode(bytes)));
        Files.createDirectories(kept.getParent());
        Files.write(kept, bytes);
        return new AssertionError(reader + ", " + input + ", kept as " + kept + ": " + e, e);
    }

    private static List<Path> everFailed(Reader reader) throws IOException {
        Path kept = Path.of("src", "test", "resources", "fuzz", reader.file);
        if (!Files.isDirectory(kept)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(kept)) {
            return files.sorted().toList();
        }
    }

    @AfterAll
    static void sayHowMany() throws IOException {
        Files.createDirectories(OUT);
        List<String> lines = new ArrayList<>(List.of("reader,inputs,refused,inputs a minute"));
        lines.addAll(COUNTS.values());
        Files.write(OUT.resolve("counts.csv"), lines);
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
