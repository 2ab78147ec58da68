package io.github.horkd.distill;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Sampling;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.loss.RelationMemory;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Real, short trainings on drawn shapes: they must beat their own start, go on after an interruption, and be the same every time. */
class DistillationTest {

    private static final Schedule SHORT = Schedule.epochs(4).withBatchSize(32).withLearningRate(0.01);
    private static final TrainingListener SILENT = event -> {};

    private static PairedImages train;
    private static PairedImages test;
    private static Network teacher;

    @BeforeAll
    static void trainATeacher() {
        train = Shapes.drawn(256, 1);
        test = Shapes.drawn(128, 2);
        teacher = Classifier.train(
                Stage.onLabels("teacher", Backbone.residual(8, 16), Resolution.HIGH, SHORT, 7), train, SILENT);
    }

    private static DistillationBuilder distillation() {
        return Distillation.from(teacher)
                .student(Backbone.plain(8, 16))
                .schedule(SHORT)
                .seed(3)
                .listen(SILENT);
    }

    @Test
    void theTeacherKnowsTheShapes() {
        assertTrue(accuracy(teacher, Resolution.HIGH) > 0.9, "accuracy " + accuracy(teacher, Resolution.HIGH));
    }

    @Test
    void twoStagesTeachAStudentThatMatchesTheTeachersGallery() {
        List<TrainingEvent> events = new ArrayList<>();
        DistillationResult result = distillation()
                .assistant(Backbone.plain(8, 16))
                .studentAlsoFromTeacher()
                .augmentation(Augmentation.none().flip())
                .listen(events::add)
                .build()
                .run(withoutFlippedClasses(train));
        assertEquals(
                List.of("assistant", "student"),
                result.stages().stream().map(Stage::name).toList());
        assertTrue(
                accuracy(result.student(), Resolution.LOW) > 0.8,
                "accuracy " + accuracy(result.student(), Resolution.LOW));
        assertTrue(crossMatch(result.student()) > 0.8, "cross-resolution " + crossMatch(result.student()));
        List<TrainingEvent.EpochFinished> epochs = result.history().stream()
                .filter(e -> e.stage().equals("student"))
                .toList();
        assertEquals(SHORT.epochs(), epochs.size());
        assertTrue(epochs.get(epochs.size() - 1).loss() < epochs.get(0).loss());
        List<String> terms = epochs.get(0).terms().stream()
                .map(HybridOrderLoss.TermValue::name)
                .toList();
        assertTrue(
                terms.containsAll(List.of("labels", "assistant: first", "assistant: soft logits", "teacher: first")),
                terms.toString());
        double sum = epochs.get(0).terms().stream()
                .mapToDouble(HybridOrderLoss.TermValue::weighted)
                .sum();
        assertEquals(epochs.get(0).loss(), sum, 1e-4 * sum, "the weighted terms add up to the loss");
        assertTrue(
                events.stream()
                        .anyMatch(e -> e instanceof TrainingEvent.KnowledgeGathered k && k.views() == 2 * train.size()),
                "mirror images are views of their own");
        assertEquals(
                2,
                events.stream()
                        .filter(e -> e instanceof TrainingEvent.StageFinished)
                        .count());
    }

    /** A mirror image of a falling bar is a rising one: without labels the loss stays true. */
    private static PairedImages withoutFlippedClasses(PairedImages images) {
        return images.withoutLabels(i -> images.label(i) > 1);
    }

    @Test
    void aStudentLearnsWithoutAnyLabel() {
        PairedImages unlabelled = train.withoutLabels(i -> true);
        DistillationResult asked = distillation().labels(0).build().run(unlabelled);
        assertTrue(crossMatch(asked.student()) > 0.8, "cross-resolution " + crossMatch(asked.student()));
        DistillationResult unasked = distillation().build().run(unlabelled);
        assertEquals(0, unasked.stages().get(0).options().labelWeight());
        assertEquals(asked.student().identity(), unasked.student().identity());
    }

    @Test
    void manyLabelsWeighMoreThanFewUnlessToldOtherwise() {
        PairedImages half = train.withoutLabels(i -> i % 2 == 0);
        assertEquals(4, labelWeight(distillation(), train));
        assertEquals(2.5, labelWeight(distillation(), half));
        assertEquals(0.5, labelWeight(distillation().labels(0.5), train));
    }

    private static double labelWeight(DistillationBuilder builder, PairedImages images) {
        Schedule oneStep = Schedule.steps(1).withBatchSize(32);
        return builder.schedule(oneStep)
                .build()
                .run(images)
                .stages()
                .get(0)
                .options()
                .labelWeight();
    }

    @Test
    void widthsMayDiffer() {
        HybridOrderLoss loss = HybridOrderLoss.of(
                new Term("first", 1, CosineLoss.squaredDistance()),
                new Term("distance", 1, DistanceLoss.guideScaled()));
        Network student = distillation()
                .student(Backbone.plain(8, 10))
                .loss(loss)
                .build()
                .run(train)
                .student();
        assertEquals(10, student.embeddingWidth());
        assertFalse(
                student.graph().getConfiguration().getVertices().keySet().stream()
                        .anyMatch(v -> v.contains("projection")),
                "heads are stripped");
        assertTrue(accuracy(student, Resolution.LOW) > 0.8);
    }

    @Test
    void theAssistantMaySeeLowResolutionAndBatchesBeBalanced() {
        RelationMemory past = new RelationMemory(DistanceLoss.guideScaled(), 64);
        HybridOrderLoss loss =
                HybridOrderLoss.of(new Term("first", 4, CosineLoss.squaredDistance()), new Term("past", 0.1, past));
        Distillation distillation = distillation()
                .assistant(Backbone.plain(8, 16))
                .assistantResolution(Resolution.LOW)
                .loss(loss)
                .sampling(Sampling.balanced(4, 8))
                .build();
        Stage first = distillation.stages().get(0);
        Stage second = distillation.stages().get(1);
        assertEquals(
                List.of(Resolution.LOW, Resolution.HIGH),
                List.of(first.resolution(), first.losses().get(0).resolution()),
                "from a teacher that sees high");
        assertEquals(
                List.of(Resolution.LOW, Resolution.LOW),
                List.of(second.resolution(), second.losses().get(0).resolution()),
                "from an assistant that sees low");
        assertNotEquals(first.options().seed(), second.options().seed());
        DistillationResult result = distillation.run(train);
        assertEquals(
                train.shape(Resolution.LOW),
                result.assistant().orElseThrow().input().shape());
        assertTrue(crossMatch(result.student()) > 0.8, "cross-resolution " + crossMatch(result.student()));
    }

    @Test
    void theGuideIsAskedOnceForEachViewAndNeverInAStep() {
        AtomicInteger seen = new AtomicInteger();
        Guide counting = new Guide() {
            @Override
            public Input input() {
                return teacher.input();
            }

            @Override
            public int embeddingWidth() {
                return teacher.embeddingWidth();
            }

            @Override
            public List<String> classes() {
                return List.of();
            }

            @Override
            public String identity() {
                return "counting";
            }

            @Override
            public Output output(INDArray images) {
                seen.addAndGet((int) images.size(0));
                return Output.of(teacher.embed(images));
            }
        };
        Distillation.from(counting)
                .student(Backbone.plain(4, 16))
                .schedule(SHORT)
                .listen(SILENT)
                .build()
                .run(train);
        assertEquals(train.size(), seen.get());
    }

    @Test
    void dl4jsOwnListenersHearEveryStepOfEveryStage() {
        List<String> stages = new ArrayList<>();
        AtomicInteger iterations = new AtomicInteger();
        List<TrainingEvent> events = new ArrayList<>();
        distillation()
                .assistant(Backbone.plain(8, 16))
                .listen(events::add)
                .listen(Listeners.dl4j(stage -> {
                    stages.add(stage);
                    return new BaseTrainingListener() {
                        @Override
                        public void iterationDone(Model model, int iteration, int epoch) {
                            assertTrue(Double.isFinite(model.score()));
                            iterations.incrementAndGet();
                        }
                    };
                }))
                .build()
                .run(train);
        assertEquals(List.of(Distillation.ASSISTANT, Distillation.STUDENT), stages);
        assertEquals(
                events.stream()
                        .filter(TrainingEvent.StepFinished.class::isInstance)
                        .count(),
                iterations.get());
    }

    @Test
    void embeddingsFromAFileCanBeTheTeacher(@TempDir Path dir) throws Exception {
        StringBuilder rows = new StringBuilder();
        float[][] known = teacher.embed(train.batch(
                        Resolution.HIGH, IntStream.range(0, train.size()).toArray(), Pose.IDENTITY))
                .toFloatMatrix();
        for (int i = 0; i < known.length; i++) {
            rows.append(train.name(i));
            for (float value : known[i]) {
                rows.append(',').append(value);
            }
            rows.append('\n');
        }
        var file = io.github.horkd.guide.PrecomputedKnowledge.csv(Files.writeString(dir.resolve("known.csv"), rows));
        Network student = Distillation.from(file)
                .student(Backbone.plain(8, 16))
                .schedule(SHORT)
                .listen(SILENT)
                .build()
                .run(train)
                .student();
        assertTrue(crossMatch(student) > 0.8, "cross-resolution " + crossMatch(student));
    }

    @Test
    void aStoreSparesTheSecondRunTheGuide() {
        List<TrainingEvent> events = new ArrayList<>();
        KnowledgeStore store = KnowledgeStore.inMemory();
        distillation().knowledge(store).build().run(train);
        distillation().knowledge(store).seed(4).listen(events::add).build().run(train);
        assertTrue(
                events.stream().noneMatch(e -> e instanceof TrainingEvent.KnowledgeGathered),
                "nothing was gathered again");
        distillation()
                .knowledge(store)
                .listen(events::add)
                .build()
                .run(train.subset(IntStream.range(0, 128).toArray()));
        assertTrue(
                events.stream().anyMatch(e -> e instanceof TrainingEvent.KnowledgeGathered),
                "other images are other knowledge");
    }

    @Test
    void sameSeedSameStudentAndItsFileTellsHowItWasMade(@TempDir Path dir) {
        Network first = distillation().build().run(train).student();
        Network second = distillation().build().run(train).student();
        assertEquals(first.identity(), second.identity());
        assertFalse(
                first.identity()
                        .equals(distillation()
                                .seed(4)
                                .build()
                                .run(train)
                                .student()
                                .identity()),
                "another seed, another student");
        first.save(dir.resolve("student.zip"));
        Network loaded = Network.load(dir.resolve("student.zip"));
        assertEquals("student", loaded.provenance().get("stage"));
        assertEquals(first.identity(), loaded.identity());
    }

    @Test
    void goesOnAfterAnInterruptionAsIfThereHadBeenNone(@TempDir Path dir) throws Exception {
        Backbone withDropout = new io.github.horkd.model.Plain(8, List.of(), 16, 0.3);
        Network whole = distillation().student(withDropout).build().run(train).student();
        RuntimeException pulled = new RuntimeException("the plug is pulled");
        TrainingListener interrupts = event -> {
            if (event instanceof TrainingEvent.StepFinished step && step.epoch() == 3) {
                throw pulled;
            }
        };
        Distillation interrupted = distillation()
                .student(withDropout)
                .listen(interrupts)
                .checkpoints(dir)
                .build();
        assertEquals(pulled, assertThrows(RuntimeException.class, () -> interrupted.run(train)));
        List<TrainingEvent> events = new ArrayList<>();
        Network resumed = distillation()
                .student(withDropout)
                .listen(events::add)
                .checkpoints(dir)
                .build()
                .run(train)
                .student();
        assertTrue(events.contains(new TrainingEvent.StageResumed("student", 3)), "it began with epoch 3");
        assertEquals(whole.identity(), resumed.identity());
        List<TrainingEvent> again = new ArrayList<>();
        Network loaded = distillation()
                .student(withDropout)
                .listen(again::add)
                .checkpoints(dir)
                .build()
                .run(train)
                .student();
        assertTrue(again.stream().allMatch(e -> e instanceof TrainingEvent.StageSkipped));
        assertEquals(whole.identity(), loaded.identity());
        try (Stream<Path> files = Files.list(dir)) {
            assertEquals(
                    List.of("student.zip"),
                    files.map(f -> f.getFileName().toString()).toList(),
                    "nothing half-written is left");
        }
    }

    @Test
    void aForeignOrDamagedCheckpointIsRefusedByName(@TempDir Path dir) throws Exception {
        distillation().checkpoints(dir).build().run(train);
        Distillation other = distillation().seed(99).checkpoints(dir).build();
        String foreign = assertThrows(IllegalArgumentException.class, () -> other.run(train))
                .getMessage();
        assertTrue(foreign.contains("student.zip") && foreign.contains("another run"), foreign);
        Files.delete(dir.resolve("student.zip"));
        Files.write(dir.resolve("student.checkpoint"), new byte[] {1, 2, 3});
        String damaged = assertThrows(java.io.UncheckedIOException.class, () -> other.run(train))
                .getMessage();
        assertTrue(damaged.contains("student.checkpoint") && damaged.contains("begin it anew"), damaged);
    }

    @Test
    void aDirectoryForCheckpointsIsMadeAndAFileInItsPlaceIsSaidBeforeAnythingIsLearned(@TempDir Path dir)
            throws Exception {
        distillation().checkpoints(dir.resolve("made").resolve("too")).build().run(train);
        assertTrue(Files.exists(dir.resolve("made/too/student.zip")));
        Distillation distillation = distillation()
                .checkpoints(Files.writeString(dir.resolve("file"), ""))
                .listen(event -> {
                    throw new AssertionError("it began: " + event);
                })
                .build();
        String message = assertThrows(java.io.UncheckedIOException.class, () -> distillation.run(train))
                .getMessage();
        assertTrue(message.contains("file: wanted a directory"), message);
    }

    @Test
    void earlyStoppingKeepsTheBestEpoch() {
        List<TrainingEvent> events = new ArrayList<>();
        Schedule wild =
                Schedule.epochs(12).withBatchSize(32).withLearningRate(0.05).withCurve(Schedule.Curve.CONSTANT);
        distillation()
                .schedule(wild)
                .earlyStopping(new EarlyStopping(0.25, 2))
                .listen(events::add)
                .build()
                .run(train);
        List<TrainingEvent.EpochFinished> epochs = events.stream()
                .filter(e -> e instanceof TrainingEvent.EpochFinished)
                .map(e -> (TrainingEvent.EpochFinished) e)
                .toList();
        var finished = (TrainingEvent.StageFinished) events.get(events.size() - 1);
        double[] held =
                epochs.stream().mapToDouble(e -> e.heldOutLoss().orElseThrow()).toArray();
        int best = IntStream.range(0, held.length)
                        .reduce((a, b) -> held[b] < held[a] ? b : a)
                        .orElseThrow()
                + 1;
        assertEquals(best, finished.bestEpoch());
        assertTrue(
                epochs.size() == 12 || epochs.size() == best + 2,
                "stopped two epochs after the best: " + Arrays.toString(held));
    }

    @Test
    void earlyStoppingWaitsUntilTheLearningRateHasComeDown() {
        List<TrainingEvent> events = new ArrayList<>();
        distillation()
                .student(Backbone.plain(2, 4))
                .loss(HybridOrderLoss.of(new Term("worse and worse", 1, new Growing())))
                .labels(0)
                .softLogits(0, 4)
                .schedule(SHORT.withEpochs(10))
                .earlyStopping(new EarlyStopping(0.25, 1))
                .listen(events::add)
                .build()
                .run(train);
        long epochs = events.stream()
                .filter(e -> e instanceof TrainingEvent.EpochFinished)
                .count();
        assertEquals(9, epochs, "one cycle is at a tenth of its highest rate after 86 % of the steps");
        assertEquals(1, ((TrainingEvent.StageFinished) events.get(events.size() - 1)).bestEpoch());
    }

    /** A loss that is larger each time. */
    private static final class Growing implements io.github.horkd.loss.BatchLoss {
        private static final long serialVersionUID = 1;
        private double value = 1;

        @Override
        public io.github.horkd.loss.LossValue lossAndGradient(INDArray guide, INDArray learner) {
            value += 0.01;
            return new io.github.horkd.loss.LossValue(value, learner.mul(0));
        }
    }

    @Test
    void aUsersOwnGraphLearnsAndStaysAsItWas() {
        Network own = Network.create(
                Backbone.plain(8, 16),
                new Head.Softmax(),
                new Input(train.shape(Resolution.LOW), Scaling.ZERO_ONE),
                train.classes(),
                5);
        String before = own.identity();
        Network student =
                distillation().student(Learner.of(own)).build().run(train).student();
        assertEquals(before, own.identity());
        assertEquals(Scaling.ZERO_ONE, student.input().scaling());
        assertTrue(accuracy(student, Resolution.LOW) > 0.8);
    }

    @ParameterizedTest
    @MethodSource("heads")
    void everyHeadLearnsAndLoadsInPlainDl4j(Head head, @TempDir Path dir) throws Exception {
        Network network = Classifier.train(
                Stage.onLabels("student", Backbone.plain(8, 16), Resolution.LOW, SHORT, 3)
                        .withLearner(Learner.of(Backbone.plain(8, 16), head)),
                train,
                SILENT);
        assertTrue(accuracy(network, Resolution.LOW) > 0.8, head + ": accuracy " + accuracy(network, Resolution.LOW));
        network.save(dir.resolve("net.zip"));
        ComputationGraph plain = ComputationGraph.load(dir.resolve("net.zip").toFile(), false);
        INDArray images = test.batch(Resolution.LOW, new int[] {0, 1, 2, 3, 4}, Pose.IDENTITY);
        INDArray ours = network.classify(images);
        INDArray theirs = plain.outputSingle(images); // The file scales them itself.
        assertArrayEquals(ours.dup().data().asFloat(), theirs.dup().data().asFloat(), 1e-4f);
        assertFalse(plain.getConfiguration().toJson().contains("horkd"), "DL4J would look for our classes");
    }

    static Stream<Head> heads() {
        return Stream.of(
                new Head.Softmax(),
                new Head.CosFace(16, 0.15),
                new Head.ArcFace(16, 0.15),
                new Head.AdaFace(16, 0.2, 0.333),
                new Head.MagFace(16, 0.05, 0.25, 1, 8, 2));
    }

    @Test
    void divergenceStopsSaysWhichTermAndKeepsTheBest() {
        Stage stage = Stage.onLabels("student", Backbone.plain(8, 16), Resolution.LOW, SHORT, 3)
                .withLosses(
                        1,
                        GuideLoss.onEmbeddings(
                                "teacher", HybridOrderLoss.of(new Term("poison", 1, new Poisoned(20, Double.NaN)))));
        DivergedException e = assertThrows(
                DivergedException.class, () -> Stages.run(List.of(stage), Map.of("teacher", teacher), train, SILENT));
        assertTrue(e.getMessage().contains("'teacher: poison' is NaN"), e.getMessage());
        assertTrue(e.getMessage().contains("learning rate"), e.getMessage());
        assertTrue(
                accuracy(e.bestSoFar().orElseThrow(), Resolution.LOW) >= 0,
                "the network of the last whole epoch is there");
    }

    @Test
    void anExplodingLossStopsToo() {
        Stage stage = Stage.onLabels("student", Backbone.plain(8, 16), Resolution.LOW, SHORT, 3)
                .withLosses(
                        1,
                        GuideLoss.onEmbeddings(
                                "teacher", HybridOrderLoss.of(new Term("poison", 2, new Poisoned(3, 1e4)))));
        DivergedException e = assertThrows(
                DivergedException.class, () -> Stages.run(List.of(stage), Map.of("teacher", teacher), train, SILENT));
        assertTrue(
                e.getMessage().contains("epoch 1, step 4") && e.getMessage().contains("'teacher: poison' is 10000.0"),
                e.getMessage());
        assertTrue(e.bestSoFar().isEmpty(), "no epoch was finished");
    }

    /** A loss that turns bad after some calls. */
    private static final class Poisoned implements io.github.horkd.loss.BatchLoss {
        private static final long serialVersionUID = 1;
        private final double bad;
        private int left;

        Poisoned(int good, double bad) {
            this.left = good;
            this.bad = bad;
        }

        @Override
        public io.github.horkd.loss.LossValue lossAndGradient(INDArray guide, INDArray learner) {
            return new io.github.horkd.loss.LossValue(left-- > 0 ? 0.5 : bad, learner.mul(0));
        }
    }

    @Test
    void pixelsThatAreNoNumbersAreNamed() {
        PairedImages poisoned = new PairedImages() {
            @Override
            public int size() {
                return train.size();
            }

            @Override
            public io.github.horkd.data.ImageShape shape(Resolution resolution) {
                return train.shape(resolution);
            }

            @Override
            public List<String> classes() {
                return train.classes();
            }

            @Override
            public int label(int index) {
                return train.label(index);
            }

            @Override
            public String name(int index) {
                return train.name(index);
            }

            @Override
            public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
                train.read(index, pose, high, highAt, low, lowAt);
                if (index == 17 && high != null) {
                    high[highAt] = Float.NaN;
                }
            }
        };
        Stage stage = Stage.onLabels("t", Backbone.plain(4, 8), Resolution.HIGH, SHORT, 1);
        String message = assertThrows(IllegalArgumentException.class, () -> Classifier.train(stage, poisoned, SILENT))
                .getMessage();
        assertTrue(message.contains("shape-17") && message.contains("not finite"), message);
    }

    @Test
    void whatDoesNotFitIsSaidBeforeTraining() {
        assertSaid("wanted at least one batch", () -> distillation().build().run(train.subset(0, 1, 2)));
        assertSaid(
                "wanted 1x12x12 as the network takes it",
                () -> Stages.run(
                        List.of(Stage.onLabels("s", Backbone.plain(4, 8), Resolution.LOW, SHORT, 1)
                                .withLosses(
                                        0, GuideLoss.onLogits("teacher", 1, 4).withResolution(Resolution.LOW))),
                        Map.of("teacher", teacher),
                        train,
                        SILENT));
        assertSaid("none of the", () -> distillation().labels(1).build().run(train.withoutLabels(i -> true)));
        assertSaid(
                "no guide 'nobody'",
                () -> Stages.run(
                        List.of(Stage.onLabels("s", Backbone.plain(4, 8), Resolution.LOW, SHORT, 1)
                                .withLosses(0, GuideLoss.onLogits("nobody", 1, 4))),
                        Map.of(),
                        train,
                        SILENT));
        assertSaid(
                "got 256 without",
                () -> Classifier.train(
                        Stage.onLabels("t", Backbone.plain(4, 8), Resolution.HIGH, SHORT, 1),
                        train.withoutLabels(i -> true),
                        SILENT));
        assertSaid(
                "early stopping holds out 2 pairs",
                () -> distillation()
                        .schedule(SHORT.withBatchSize(4))
                        .earlyStopping(new EarlyStopping(0.1, 1))
                        .build()
                        .run(train.where(i -> i < 16).withoutLabels(i -> true)));
        assertSaid("call student", () -> Distillation.from(teacher).build());
        assertSaid(
                "nothing to learn from",
                () -> Stage.onLabels("s", Backbone.plain(4, 8), Resolution.LOW, SHORT, 1)
                        .withLosses(0));
        assertSaid(
                "relates 3 samples",
                () -> distillation()
                        .schedule(SHORT.withBatchSize(2))
                        .loss(HybridOrderLoss.of(new Term("angle", 1, io.github.horkd.loss.AngleLoss.guideScaled())))
                        .build()
                        .run(train));
    }

    @Test
    void whatTeachesNothingIsSaid() {
        assertSaid("loss: wanted a value, got null", () -> distillation().loss(null));
        assertSaid("softLogits: weight", () -> distillation().softLogits(Double.NaN, 4));
        assertSaid("finite temperature", () -> distillation().softLogits(1, Double.NaN));
        Term first = new Term("first", 0, CosineLoss.squaredDistance());
        assertSaid("all weights 0", () -> GuideLoss.onEmbeddings("teacher", HybridOrderLoss.of(first)));
        assertSaid(
                "only one class",
                () -> Classifier.train(
                        Stage.onLabels("t", Backbone.plain(4, 8), Resolution.HIGH, SHORT, 1),
                        train.where(i -> train.label(i) == 1),
                        SILENT));
        Network zero = Network.create(
                Backbone.plain(8, 16),
                new Head.Softmax(),
                new Input(train.shape(Resolution.HIGH), Scaling.ZERO_ONE),
                train.classes(),
                5);
        zero.graph().params().assign(0);
        String collapsed = "guide 'teacher' has collapsed: its embeddings are all zero";
        assertSaid(
                collapsed,
                () -> Distillation.from(zero)
                        .student(Backbone.plain(8, 16))
                        .schedule(SHORT)
                        .build()
                        .run(train));
        Network still = Network.create(
                Backbone.plain(8, 16),
                new Head.Softmax(),
                new Input(train.shape(Resolution.LOW), Scaling.ZERO_ONE),
                train.classes(),
                5);
        still.graph().params().assign(0);
        String message = assertThrows(
                        DivergedException.class,
                        () -> distillation()
                                .student(Learner.of(still))
                                .labels(0)
                                .softLogits(0, 4)
                                .loss(HybridOrderLoss.of(new Term("distance", 1, DistanceLoss.guideScaled())))
                                .build()
                                .run(train))
                .getMessage();
        assertTrue(
                message.contains("epoch 2") && message.contains("learner has collapsed: its answers are all zero"),
                message);
    }

    private static void assertSaid(String part, org.junit.jupiter.api.function.Executable what) {
        String message = assertThrows(IllegalArgumentException.class, what).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void theTableOfEpochsIsWholeAtAnyTime(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("epochs.csv");
        distillation()
                .listen(Listeners.all(Listeners.csv(file), Listeners.log()))
                .build()
                .run(train);
        List<String> lines = Files.readAllLines(file);
        assertEquals(
                "stage,epoch,loss,held_out_loss,learning_rate,pairs_per_second,seconds_left,term,raw,weighted",
                lines.get(0));
        assertEquals(1 + SHORT.epochs() * 5, lines.size(), "labels, soft logits and three orders, each epoch");
        List<String[]> last = lines.subList(lines.size() - 5, lines.size()).stream()
                .map(line -> line.split(","))
                .toList();
        double loss = Double.parseDouble(last.get(0)[2]);
        assertEquals(
                loss,
                last.stream().mapToDouble(cells -> Double.parseDouble(cells[9])).sum(),
                1e-3 * loss);
        String[] first = last.stream()
                .filter(cells -> cells[7].equals("\"teacher: first\""))
                .findFirst()
                .orElseThrow();
        assertEquals(
                4 * Double.parseDouble(first[8]),
                Double.parseDouble(first[9]),
                1e-3,
                "the default weight of the first order is 4");
        assertEquals("student", first[0]);
        assertEquals(SHORT.epochs(), Integer.parseInt(first[1]));
        assertEquals("", first[3], "nothing was held out");
        assertEquals(0, Double.parseDouble(first[6]), "no time is left");
        String foreign = assertThrows(
                        java.io.UncheckedIOException.class,
                        () -> Listeners.csv(Files.writeString(dir.resolve("other.csv"), "a,b\n1,2\n")))
                .getMessage();
        assertTrue(foreign.contains("other.csv: there is a file that is no table of epochs"), foreign);
    }

    @Test
    void aResumedRunLosesNoLineOfTheTable(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("epochs.csv");
        RuntimeException pulled = new RuntimeException("the plug is pulled");
        Distillation interrupted = distillation()
                .checkpoints(dir.resolve("run"))
                .listen(Listeners.csv(file))
                .listen(event -> {
                    if (event instanceof TrainingEvent.StepFinished step && step.epoch() == 3) {
                        throw pulled;
                    }
                })
                .build();
        assertEquals(pulled, assertThrows(RuntimeException.class, () -> interrupted.run(train)));
        List<String> before = Files.readAllLines(file);
        distillation()
                .checkpoints(dir.resolve("run"))
                .listen(Listeners.csv(file))
                .build()
                .run(train);
        List<String> after = Files.readAllLines(file);
        assertEquals(1 + 2 * 5, before.size());
        assertEquals(before, after.subList(0, before.size()));
        assertEquals(1 + SHORT.epochs() * 5, after.size());
        distillation().listen(Listeners.csv(file)).build().run(train);
        assertEquals(1 + SHORT.epochs() * 5, Files.readAllLines(file).size(), "a run from the start takes its place");
    }

    private static double accuracy(Network network, Resolution sees) {
        int[] all = IntStream.range(0, test.size()).toArray();
        INDArray answers =
                network.classify(test.batch(sees, all, Pose.IDENTITY)).argMax(1);
        return IntStream.of(all).filter(i -> answers.getInt(i) == test.label(i)).count() / (double) all.length;
    }

    /** How often the nearest HR embedding of the teacher to an LR embedding of the student is of the same class. */
    private static double crossMatch(Network student) {
        int[] probes = IntStream.range(0, test.size()).toArray();
        int[] gallery = IntStream.range(0, train.size()).toArray();
        INDArray cosines = unit(student.embed(test.batch(Resolution.LOW, probes, Pose.IDENTITY)))
                .mmul(unit(teacher.embed(train.batch(Resolution.HIGH, gallery, Pose.IDENTITY)))
                        .transpose());
        INDArray nearest = cosines.argMax(1);
        return IntStream.of(probes)
                        .filter(i -> train.label(nearest.getInt(i)) == test.label(i))
                        .count()
                / (double) probes.length;
    }

    private static INDArray unit(INDArray rows) {
        return rows.divColumnVector(rows.norm2(true, 1));
    }
}
