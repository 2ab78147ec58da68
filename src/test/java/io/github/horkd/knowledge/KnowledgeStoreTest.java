package io.github.horkd.knowledge;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.DistillationBuilder;
import io.github.horkd.distill.EarlyStopping;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Shapes;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.guide.Guide;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Where knowledge is kept makes no difference to who learns from it. */
class KnowledgeStoreTest {

    private static final Resolution HIGH = Resolution.HIGH;
    private static final Pose[] ONE = {Pose.IDENTITY};

    @TempDir
    private Path folder;

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".knowledge"))
                    .sorted()
                    .toList();
        }
    }

    private static Knowledge ask(KnowledgeStore store, Guide guide, PairedImages images) {
        return store.of(guide, images, HIGH, KnownPoses.asIs(), seen -> {});
    }

    @Test
    void theSameSeedMakesTheSameStudentFromMemoryAndFromAFile() throws IOException {
        PairedImages images = Shapes.drawn(256, 1).withoutLabels(i -> i % 4 > 1);
        Schedule brief = Schedule.epochs(3).withBatchSize(32).withLearningRate(0.01);
        Network teacher = Classifier.train(
                Stage.onLabels("teacher", Backbone.plain(8, 16), HIGH, brief, 7), images.labelled(), event -> {});
        DistillationBuilder distillation = Distillation.from(teacher)
                .assistant(Backbone.plain(8, 16))
                .student(Backbone.plain(8, 16))
                .softLogits(1, 4)
                .schedule(brief)
                .augmentation(Augmentation.none().flip())
                .earlyStopping(new EarlyStopping(0.25, 5))
                .seed(3);
        String inMemory = distillation
                .listen(event -> {})
                .knowledge(KnowledgeStore.inMemory())
                .build()
                .run(images)
                .student()
                .identity();
        List<TrainingEvent> first = new ArrayList<>();
        try (KnowledgeStore store = KnowledgeStore.inFolder(folder)) {
            assertEquals(
                    inMemory,
                    distillation
                            .listen(first::add)
                            .knowledge(store)
                            .build()
                            .run(images)
                            .student()
                            .identity());
        }
        assertEquals(
                2,
                files().size(),
                "teacher and assistant, each about all images, those held out among them: " + files());
        assertTrue(first.contains(new TrainingEvent.KnowledgeGathered("assistant", "teacher", 2 * 256, 2 * 256)));
        List<TrainingEvent> second = new ArrayList<>();
        try (KnowledgeStore store = KnowledgeStore.inFolder(folder)) {
            assertEquals(
                    inMemory,
                    distillation
                            .listen(second::add)
                            .knowledge(store)
                            .build()
                            .run(images)
                            .student()
                            .identity());
        }
        assertTrue(
                second.stream().noneMatch(e -> e instanceof TrainingEvent.KnowledgeGathered),
                "another program asks nobody");
        try (KnowledgeStore store = KnowledgeStore.inFolder(folder, Precision.FLOAT16)) {
            Network student = distillation
                    .listen(event -> {})
                    .knowledge(store)
                    .build()
                    .run(images)
                    .student();
            assertTrue(Double.isFinite(student.embed(images.batch(Resolution.LOW, new int[] {0}, Pose.IDENTITY))
                    .sumNumber()
                    .doubleValue()));
        }
    }

    @Test
    void smallKnowledgeMayStayInMemory() throws IOException {
        PairedImages images = Shapes.drawn(10, 1);
        ask(KnowledgeStore.inFolder(folder).spillAbove(10 * 6 * 4), new PixelGuide("small", 4, 2), images);
        assertEquals(List.of(), files());
        ask(KnowledgeStore.largeInFolder(folder), new PixelGuide("small", 4, 2), images);
        assertEquals(List.of(), files());
        ask(KnowledgeStore.inFolder(folder).spillAbove(10 * 6 * 4 - 1), new PixelGuide("small", 4, 2), images);
        assertEquals(1, files().size());
        assertThrows(
                IllegalArgumentException.class,
                () -> KnowledgeStore.inFolder(folder).spillAbove(-1));
        assertThrows(
                IllegalStateException.class, () -> KnowledgeStore.inMemory().spillAbove(1));
    }

    @Test
    void everyGuideImagesViewAndPrecisionHasAFile() throws IOException {
        KnowledgeStore store = KnowledgeStore.inFolder(folder);
        PairedImages images = Shapes.drawn(10, 1);
        ask(store, new PixelGuide("a", 4, 2), images);
        ask(store, new PixelGuide("b", 4, 2), images);
        ask(store, new PixelGuide("a", 4, 2), images.subset(3, 1, 2));
        store.of(new PixelGuide("a", 4, 2), images, HIGH, KnownPoses.withMirror(), seen -> {});
        store.of(new PixelGuide("a", 4, 2), images, Resolution.LOW, KnownPoses.asIs(), seen -> {});
        ask(KnowledgeStore.inFolder(folder, Precision.FLOAT16), new PixelGuide("a", 4, 2), images);
        List<String> names = files().stream()
                .map(name -> name.replaceAll("-[0-9a-f]{16}\\.knowledge", ""))
                .toList();
        assertEquals(
                List.of(
                        "high-10x4-float16",
                        "high-10x4-float32",
                        "high-10x4-float32",
                        "high-3x4-float32",
                        "high-mirrored-20x4-float32",
                        "low-10x4-float32"),
                names);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void whatIsClosedIsNotRead(Precision precision) {
        PairedImages images = Shapes.drawn(10, 1);
        for (KnowledgeStore store : List.of(KnowledgeStore.inMemory(), KnowledgeStore.inFolder(folder, precision))) {
            Knowledge knowledge = ask(store, new PixelGuide("a", 4, 2), images);
            assertEquals(4, knowledge.embeddings(new int[] {9}, ONE).length());
            store.close();
            assertTrue(assertThrows(IllegalStateException.class, () -> knowledge.embeddings(new int[] {9}, ONE))
                    .getMessage()
                    .contains("closed"));
            assertThrows(IllegalStateException.class, () -> knowledge.logits(new int[] {9}, ONE));
            assertThrows(IllegalStateException.class, () -> ask(store, new PixelGuide("a", 4, 2), images));
            store.close();
        }
    }

    @Test
    void whatWasNotAskedIsNotMadeUp() {
        PairedImages images = Shapes.drawn(10, 1);
        Knowledge knowledge = ask(KnowledgeStore.inFolder(folder), new PixelGuide("a", 4, 0), images);
        assertTrue(knowledge.logits(new int[] {0}, ONE).isEmpty());
        assertThrows(IndexOutOfBoundsException.class, () -> knowledge.embeddings(new int[] {10}, ONE));
        assertThrows(IndexOutOfBoundsException.class, () -> knowledge.embeddings(new int[] {-1}, ONE));
        assertThrows(IllegalArgumentException.class, () -> knowledge.embeddings(new int[] {1, 2}, ONE));
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> knowledge.embeddings(new int[] {1}, new Pose[] {Pose.MIRRORED}))
                .getMessage()
                .contains("not asked about mirror images"));
        assertThrows(
                IllegalArgumentException.class,
                () -> ask(KnowledgeStore.inMemory(), new PixelGuide("a", 4, 0), images.subset()));
        assertThrows(
                IllegalArgumentException.class,
                () -> ask(KnowledgeStore.inFolder(folder), new PixelGuide("a".repeat(10_001), 4, 0), images));
    }

    @Test
    void float16RefusesWhatItCannotKeep() throws IOException {
        PairedImages images = Shapes.drawn(10, 1);
        KnowledgeStore half = KnowledgeStore.inFolder(folder, Precision.FLOAT16);
        String large = assertThrows(
                        IllegalArgumentException.class,
                        () -> ask(half, new PixelGuide("large", 4, 2).times(20_000), images))
                .getMessage();
        assertTrue(
                large.contains("its logits of shape-") && large.contains("65504") && large.contains("FLOAT32"), large);
        String tiny = assertThrows(
                        IllegalArgumentException.class,
                        () -> ask(half, new PixelGuide("tiny", 4, 2).times(1e-6f), images))
                .getMessage();
        assertTrue(tiny.contains("its embedding of shape-") && tiny.contains("too short for FLOAT16"), tiny);
        assertEquals(List.of(), files());
        ask(KnowledgeStore.inFolder(folder), new PixelGuide("large", 4, 2).times(20_000), images);
        ask(KnowledgeStore.inFolder(folder), new PixelGuide("tiny", 4, 2).times(1e-6f), images);
        assertEquals(2, files().size());
    }

    @Test
    void aGuideThatAnswersOtherwiseThanItSaidIsNamed() throws IOException {
        PairedImages images = Shapes.drawn(10, 1);
        Guide lies = new Guide() {
            private final PixelGuide inner = new PixelGuide("inner", 5, 0);

            @Override
            public io.github.horkd.guide.Input input() {
                return inner.input();
            }

            @Override
            public int embeddingWidth() {
                return 4;
            }

            @Override
            public List<String> classes() {
                return List.of();
            }

            @Override
            public String identity() {
                return "lies";
            }

            @Override
            public Output output(INDArray images) {
                return Output.of(inner.output(images).embeddings());
            }
        };
        for (KnowledgeStore store : List.of(KnowledgeStore.inMemory(), KnowledgeStore.inFolder(folder))) {
            String message = assertThrows(IllegalArgumentException.class, () -> ask(store, lies, images))
                    .getMessage();
            assertEquals("guide lies: wanted its embedding of 10 images as [10, 4], got [10, 5]", message);
            String infinite = assertThrows(
                            IllegalArgumentException.class,
                            () -> ask(store, new PixelGuide("nan", 4, 0).times(Float.NaN), images))
                    .getMessage();
            assertTrue(infinite.contains("shape-0 (image 0) is not finite"), infinite);
        }
        assertEquals(List.of(), files());
    }

    @Test
    void theSameGuideWithAndWithoutLogitsIsKnownTwice() {
        PairedImages images = Shapes.drawn(10, 1);
        for (KnowledgeStore store : List.of(KnowledgeStore.inMemory(), KnowledgeStore.inFolder(folder))) {
            Knowledge without = ask(store, new PixelGuide("same", 4, 0), images);
            Knowledge with = ask(store, new PixelGuide("same", 4, 2), images);
            Knowledge wider = ask(store, new PixelGuide("same", 5, 2), images);
            assertTrue(without.logits(new int[] {3}, ONE).isEmpty());
            assertEquals(2, with.logits(new int[] {3}, ONE).orElseThrow().length());
            assertEquals(5, wider.embeddings(new int[] {3}, ONE).length());
            PixelGuide again = new PixelGuide("same", 4, 0);
            ask(store, again, images);
            assertEquals(0, again.asked, "the one does not push out the other");
        }
    }

    @Test
    void theSameClassesInAnotherOrderAreOtherLogits() {
        PairedImages images = Shapes.drawn(10, 1);
        KnowledgeStore store = KnowledgeStore.inMemory();
        PixelGuide inner = new PixelGuide("same", 4, 2);
        ask(store, inner, images);
        ask(store, new Renamed(inner, List.of("1", "0")), images);
        assertEquals(20, inner.asked);
    }

    /** A guide that calls its classes something else. */
    private record Renamed(Guide inner, List<String> classes) implements Guide {
        @Override
        public io.github.horkd.guide.Input input() {
            return inner.input();
        }

        @Override
        public int embeddingWidth() {
            return inner.embeddingWidth();
        }

        @Override
        public String identity() {
            return inner.identity();
        }

        @Override
        public Output output(INDArray images) {
            return inner.output(images);
        }
    }

    @Test
    void twoThreadsOfOneStoreAskOnceAndAFailureIsNotInherited() throws Exception {
        PairedImages images = Shapes.drawn(10, 1);
        KnowledgeStore store = KnowledgeStore.inMemory();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch failing = new CountDownLatch(1);
        PixelGuide broken = new PixelGuide("one", 4, 0, asked -> {
            begun.countDown();
            try {
                assertTrue(failing.await(1, TimeUnit.MINUTES));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            throw new IllegalStateException("the plug is pulled");
        });
        PixelGuide sound = new PixelGuide("one", 4, 0);
        var first = CompletableFuture.supplyAsync(() -> ask(store, broken, images), task -> new Thread(task).start());
        assertTrue(begun.await(1, TimeUnit.MINUTES));
        var second = CompletableFuture.supplyAsync(() -> ask(store, sound, images), task -> new Thread(task).start());
        failing.countDown();
        assertThrows(ExecutionException.class, () -> first.get(1, TimeUnit.MINUTES));
        assertEquals(
                4,
                second.get(1, TimeUnit.MINUTES).embeddings(new int[] {9}, ONE).length());
        assertEquals(10, sound.asked);
        ask(store, sound, images);
        assertEquals(10, sound.asked);
    }

    @Test
    void twoDistillationsShareAStoreFromTwoThreads() throws Exception {
        PairedImages images = Shapes.drawn(64, 1);
        Schedule brief = Schedule.epochs(2).withBatchSize(32).withLearningRate(0.01);
        Network teacher = Network.create(
                Backbone.plain(8, 16),
                new io.github.horkd.model.Head.Softmax(),
                new io.github.horkd.guide.Input(images.shape(HIGH), io.github.horkd.guide.Scaling.STANDARDISED),
                images.classes(),
                7);
        KnowledgeStore shared = KnowledgeStore.inMemory();
        List<CompletableFuture<String>> together = Stream.of(3L, 4L)
                .map(seed -> CompletableFuture.supplyAsync(
                        () -> student(teacher, shared, brief, seed, images), task -> new Thread(task).start()))
                .toList();
        List<String> got = new ArrayList<>();
        for (CompletableFuture<String> one : together) {
            got.add(one.get(1, TimeUnit.MINUTES));
        }
        assertEquals(
                List.of(
                        student(teacher, KnowledgeStore.inMemory(), brief, 3, images),
                        student(teacher, KnowledgeStore.inMemory(), brief, 4, images)),
                got);
    }

    private static String student(
            Network teacher, KnowledgeStore store, Schedule schedule, long seed, PairedImages images) {
        return Distillation.from(teacher)
                .student(Backbone.plain(8, 16))
                .schedule(schedule)
                .augmentation(Augmentation.none().flip())
                .seed(seed)
                .knowledge(store)
                .listen(event -> {})
                .build()
                .run(images)
                .student()
                .identity();
    }
}
