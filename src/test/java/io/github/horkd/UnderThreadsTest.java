package io.github.horkd;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PackedImages;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.distill.Shapes;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxExport;
import io.github.horkd.onnx.OnnxGuide;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Eight threads ask one thing at once, while it is closed and opened again under their hands: each gets the answer of one thread, or is told that it was closed.
 * {@code -Dhorkd.threads.seconds=300} asks longer; {@code -Dhorkd.threads.close=0} never closes. How many answers were held against those of one thread, and how
 * often "closed" was said, is in {@code target/threads.csv}.
 */
class UnderThreadsTest {

    private static final double SECONDS = Double.parseDouble(System.getProperty("horkd.threads.seconds", "0.3"));
    private static final int CLOSE_EVERY = Integer.getInteger("horkd.threads.close", 20);
    private static final int THREADS = 8;
    private static final int QUESTIONS = 6;
    private static final Map<String, String> COUNTS = new ConcurrentSkipListMap<>();

    @TempDir
    Path folder;

    /** Something that answers questions by number. */
    private interface Asked extends AutoCloseable {
        float[] answer(int question);

        @Override
        default void close() {}
    }

    private interface Opening {
        Asked open(Path folder) throws IOException;
    }

    private record Subject(String name, Opening opening) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Subject> subjects() {
        return Stream.of(
                new Subject("network", folder -> guide(network(), () -> {})),
                new Subject("folded network", folder -> guide(network().folded(), () -> {})),
                new Subject("network, saved and loaded meanwhile", UnderThreadsTest::reloaded),
                new Subject("ONNX model", UnderThreadsTest::onnx),
                new Subject("gallery, enrolled in and saved meanwhile", UnderThreadsTest::gallery),
                new Subject("knowledge in a folder", UnderThreadsTest::knowledge),
                new Subject("packed images", UnderThreadsTest::packed));
    }

    private static Network network() {
        return Network.create(
                Backbone.residual(4, 16),
                new Head.Softmax(),
                new Input(ImageShape.gray(12), Scaling.STANDARDISED),
                List.of("a", "b"),
                1);
    }

    private static INDArray images(int question) {
        int count = 1 + question % 3;
        float[] pixels = new float[count * 144];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (i * 7 + question * 31) % 97 / 97f;
        }
        return Nd4j.createFromArray(pixels).reshape(count, 1, 12, 12);
    }

    private static Asked guide(Guide guide, Runnable close) {
        return new Asked() {
            @Override
            public float[] answer(int question) {
                return values(guide.output(images(question)).embeddings());
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }

    private static float[] values(INDArray rows) {
        return rows.dup('c').data().asFloat();
    }

    private static Asked reloaded(Path folder) {
        Path file = folder.resolve("network.zip");
        network().save(file);
        return guide(Network.load(file).folded(), () -> {});
    }

    private static synchronized Asked onnx(Path folder) {
        Path file = folder.resolve("teacher.onnx");
        if (!Files.exists(file)) {
            OnnxExport.write(network(), file);
        }
        OnnxGuide guide = OnnxGuide.from(file).open();
        return guide(guide, guide::close);
    }

    private static Asked gallery(Path folder) {
        Path file = folder.resolve("people.gallery");
        PixelGuide pixels = new PixelGuide("pixels", 8, 0);
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, pixels);
        for (int person = 0; person < 50; person++) {
            builder.enrol("person " + person, template(person));
        }
        AtomicReference<Gallery> current = new AtomicReference<>(builder.build());
        return question -> {
            if (question == 0) {
                GalleryBuilder more = current.get().toBuilder();
                more.enrol("another", Nd4j.zeros(1, 8).addi(-1));
                Gallery grown = more.build();
                grown.save(file);
                current.set(Gallery.load(file));
            }
            var best = current.get()
                    .identify(template(question), 1)
                    .get(0)
                    .ranked()
                    .get(0);
            return new float[] {Integer.parseInt(best.identity().replace("person ", "")), (float) best.similarity()};
        };
    }

    private static INDArray template(int person) {
        return Nd4j.createFromArray(new float[][] {
            {1, person, 2 + person % 3, (person * person) % 7, person % 5, 50 - person, person % 11, 3}
        });
    }

    private static Asked knowledge(Path folder) {
        PairedImages images = Shapes.drawn(QUESTIONS, 1);
        KnowledgeStore store = KnowledgeStore.inFolder(folder);
        Knowledge known =
                store.of(new PixelGuide("pixels", 4, 0), images, Resolution.LOW, KnownPoses.asIs(), seen -> {});
        return new Asked() {
            @Override
            public float[] answer(int question) {
                return values(known.embeddings(new int[] {question}, new Pose[] {Pose.IDENTITY}));
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }

    private static synchronized Asked packed(Path folder) throws IOException {
        Path source = folder.resolve("faces");
        Path packed = folder.resolve("packed");
        if (!Files.exists(source)) {
            for (int i = 0; i < QUESTIONS; i++) {
                BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
                image.getRaster().setSample(i, i, 0, 255);
                Path file = source.resolve("class" + i % 2).resolve(i + ".png");
                Files.createDirectories(file.getParent());
                ImageIO.write(image, "png", file.toFile());
            }
        }
        PairedImages images = ImageFolder.open(
                source,
                ImageShape.gray(8),
                Degradation.downscaleTo(4),
                ImageOptions.defaults().packedIn(packed));
        assertTrue(images instanceof PackedImages);
        return question -> values(images.batch(Resolution.HIGH, new int[] {question}, Pose.IDENTITY));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void eightThreadsGetTheAnswersOfOneOrAreToldThatItIsClosed(Subject subject) throws Exception {
        Asked first = subject.opening.open(folder);
        List<float[]> right = new ArrayList<>();
        for (int question = 0; question < QUESTIONS; question++) {
            right.add(first.answer(question));
        }
        AtomicReference<Asked> current = new AtomicReference<>(first);
        LongAdder toldClosed = new LongAdder();
        long closed = 0;
        long answered = 0;
        long end = System.nanoTime() + (long) (SECONDS * 1e9);
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Integer>> working = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int from = thread;
                working.add(pool.submit(() -> {
                    int answers = 0;
                    for (int question = from; answers == 0 || System.nanoTime() < end; question++) {
                        try {
                            assertArrayEquals(
                                    right.get(question % QUESTIONS),
                                    current.get().answer(question % QUESTIONS));
                            answers++;
                        } catch (IllegalStateException refused) {
                            assertTrue(refused.getMessage().contains("closed"), refused.getMessage());
                            toldClosed.increment();
                        }
                    }
                    return answers;
                }));
            }
            while (CLOSE_EVERY > 0 && System.nanoTime() < end) {
                Thread.sleep(CLOSE_EVERY);
                current.getAndSet(subject.opening.open(folder)).close();
                closed++;
            }
            for (Future<Integer> each : working) {
                assertTrue(each.get() > 0);
                answered += each.get();
            }
            COUNTS.put(
                    subject.name,
                    String.format(
                            Locale.ROOT,
                            "%s,%.0f,%d,%d,%d",
                            subject.name.replace(",", ""),
                            SECONDS,
                            answered,
                            closed,
                            toldClosed.sum()));
        } finally {
            pool.shutdownNow();
            current.get().close();
        }
    }

    @AfterAll
    static void sayHowMany() throws IOException {
        List<String> lines = new ArrayList<>(List.of("subject,seconds,answers,closes,told that it is closed"));
        lines.addAll(COUNTS.values());
        Files.write(Files.createDirectories(Path.of("target")).resolve("threads.csv"), lines);
    }
}
