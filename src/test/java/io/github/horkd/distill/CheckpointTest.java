package io.github.horkd.distill;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.loss.Bank;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.CrossEntropyLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.loss.NeighbourhoodLoss;
import io.github.horkd.loss.RelationMemory;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import io.github.horkd.model.Plain;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A run that is interrupted, wherever and with whatever loss, ends in the very student of one that was not. */
class CheckpointTest {

    private static final Schedule SHORT = Schedule.epochs(3).withBatchSize(32).withLearningRate(0.01);
    private static final Backbone WITH_DROPOUT = new Plain(4, List.of(), 8, 0.3);
    private static final RuntimeException PULLED = new RuntimeException("the plug is pulled");

    private static PairedImages train;
    private static Network teacher;

    @BeforeAll
    static void trainATeacher() {
        train = Shapes.drawn(160, 1);
        teacher = Classifier.train(
                Stage.onLabels("teacher", Backbone.residual(4, 8), Resolution.HIGH, SHORT, 7), train, event -> {});
    }

    private static DistillationBuilder distillation(BatchLoss loss) {
        return Distillation.from(teacher)
                .student(WITH_DROPOUT)
                .loss(loss)
                .schedule(SHORT)
                .augmentation(Augmentation.none().shift(1))
                .seed(3);
    }

    private static TrainingListener pullsAt(int step) {
        return event -> {
            if (event instanceof TrainingEvent.StepFinished done && done.step() == step) {
                throw PULLED;
            }
        };
    }

    private static Checkpoints everyStep(Path dir) {
        return Checkpoints.in(dir).withInterval(Duration.ofNanos(1));
    }

    static Stream<Supplier<BatchLoss>> losses() {
        return Stream.of(
                HybridOrderLoss::defaults,
                () -> HybridOrderLoss.of(
                        new Term("first", 1, CosineLoss.squaredDistance()),
                        new Term("past", 0.1, new RelationMemory(DistanceLoss.guideScaled(), 64))),
                () -> NeighbourhoodLoss.at(0.1).withBank(Bank.recent(48)));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void withinAnEpochAndWithWhateverTheLossKeeps(Supplier<BatchLoss> loss, @TempDir Path dir) {
        DistillationResult whole = distillation(loss.get()).build().run(train);
        Distillation interrupted = distillation(loss.get())
                .checkpoints(everyStep(dir))
                .listen(pullsAt(8))
                .build();
        assertEquals(PULLED, assertThrows(RuntimeException.class, () -> interrupted.run(train)));
        List<TrainingEvent> events = new ArrayList<>();
        DistillationResult resumed = distillation(loss.get())
                .checkpoints(everyStep(dir))
                .listen(events::add)
                .build()
                .run(train);
        assertTrue(events.contains(new TrainingEvent.StageResumed("student", 2)), "it goes on within epoch 2");
        assertEquals(
                8,
                events.stream()
                        .filter(e -> e instanceof TrainingEvent.StepFinished)
                        .map(e -> ((TrainingEvent.StepFinished) e).step())
                        .findFirst()
                        .orElseThrow(),
                "no step before the last checkpoint is done again");
        assertEquals(whole.student().identity(), resumed.student().identity());
        assertEquals(
                whole.history().get(1).loss(), resumed.history().get(0).loss(), "the mean is over the whole epoch");
        assertEquals(whole.history().get(1).terms(), resumed.history().get(0).terms());
    }

    /** A user's own head. */
    record OwnHead(int times) implements Head {

        @Override
        public BatchLoss labelLoss() {
            return new CrossEntropyLoss(0);
        }

        @Override
        public String trainedVertex() {
            return LOGITS;
        }

        @Override
        public void addTo(GraphBuilder graph, String embedding, int classes) {
            new Softmax().addTo(graph, embedding, classes);
        }
    }

    /** A user's own activation. */
    public static final class OwnActivation extends ActivationReLU {}

    @Test
    void aFinishedStageWithTheUsersOwnClassesIsTakenUpAgain(@TempDir Path dir) {
        Backbone body = Backbone.plain(4, 8);
        Backbone own = new Backbone() {
            @Override
            public int embeddingWidth() {
                return 8;
            }

            @Override
            public void addTo(GraphBuilder graph, String input, ImageShape shape, String name) {
                body.addTo(graph, input, shape, "body");
                graph.addLayer(
                        name,
                        new DenseLayer.Builder()
                                .nOut(8)
                                .activation(new OwnActivation())
                                .build(),
                        "body");
            }

            @Override
            public String toString() {
                return "own";
            }
        };
        DistillationBuilder distillation =
                distillation(CosineLoss.squaredDistance()).student(Learner.of(own, new OwnHead(3)));
        Network first = distillation.checkpoints(dir).build().run(train).student();
        Network again = distillation.checkpoints(dir).build().run(train).student();
        assertEquals(first.identity(), again.identity());
    }

    @Test
    void aDamagedNewestGivesWayToTheOneBefore(@TempDir Path dir) throws Exception {
        Network whole =
                distillation(CosineLoss.squaredDistance()).build().run(train).student();
        pulled(dir, 12);
        Path newest = dir.resolve("student.checkpoint");
        assertTrue(Files.exists(dir.resolve("student.checkpoint.previous")));
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(newest, bytes);
        List<TrainingEvent> events = new ArrayList<>();
        Network resumed = distillation(CosineLoss.squaredDistance())
                .checkpoints(dir)
                .listen(events::add)
                .build()
                .run(train)
                .student();
        assertTrue(events.contains(new TrainingEvent.StageResumed("student", 2)), "the one before is an epoch earlier");
        assertEquals(whole.identity(), resumed.identity());
        try (Stream<Path> left = Files.list(dir)) {
            assertEquals(List.of(dir.resolve("student.zip")), left.toList());
        }
    }

    @Test
    void anInterruptionBetweenTwoCheckpointsLeavesTheOneBefore(@TempDir Path dir) throws Exception {
        pulled(dir, 12);
        Files.delete(dir.resolve("student.checkpoint"));
        List<TrainingEvent> events = new ArrayList<>();
        distillation(CosineLoss.squaredDistance())
                .checkpoints(dir)
                .listen(events::add)
                .build()
                .run(train);
        assertTrue(events.contains(new TrainingEvent.StageResumed("student", 2)));
    }

    @Test
    void twoDamagedOnesAreRefused(@TempDir Path dir) throws Exception {
        pulled(dir, 12);
        Files.write(dir.resolve("student.checkpoint"), new byte[] {1, 2, 3});
        Files.write(dir.resolve("student.checkpoint.previous"), new byte[0]);
        Distillation again =
                distillation(CosineLoss.squaredDistance()).checkpoints(dir).build();
        String message =
                assertThrows(UncheckedIOException.class, () -> again.run(train)).getMessage();
        assertTrue(
                message.contains("student.checkpoint.previous: damaged") && message.contains("begin it anew"), message);
    }

    @Test
    void whatIsLeftBesideAFinishedStageIsRemoved(@TempDir Path dir) throws Exception {
        distillation(CosineLoss.squaredDistance()).checkpoints(dir).build().run(train);
        Files.write(dir.resolve("student.checkpoint"), new byte[] {1});
        distillation(CosineLoss.squaredDistance()).checkpoints(dir).build().run(train);
        assertFalse(Files.exists(dir.resolve("student.checkpoint")));
    }

    @Test
    void impossiblePositionsAndValuesAreRefusedThoughTheChecksumIsRight(@TempDir Path dir) {
        Checkpoint.Shape shape = new Checkpoint.Shape("x", 3, 30, 10);
        INDArray two = Nd4j.ones(1, 2);
        INDArray notNumbers = Nd4j.createFromArray(1, Float.NaN).reshape(1, 2);
        Path file = dir.resolve("c");
        for (Checkpoint.Position position : List.of(
                new Checkpoint.Position(-5, 0, -50),
                new Checkpoint.Position(1, 0, Integer.MAX_VALUE),
                new Checkpoint.Position(0, 10, 10),
                new Checkpoint.Position(4, 0, 30))) {
            new Checkpoint("x", position, 0, 1, 1, 0, two, two, null, new byte[0]).write(file);
            assertThrows(UncheckedIOException.class, () -> Checkpoint.read(file, shape), position.toString());
        }
        Checkpoint.Position good = new Checkpoint.Position(1, 2, 12);
        new Checkpoint("x", good, 0, 1, 1, 0, notNumbers, two, null, new byte[0]).write(file);
        assertThrows(UncheckedIOException.class, () -> Checkpoint.read(file, shape), "NaN");
        new Checkpoint("x", good, 0, 1, 1, 0, two, two, null, new byte[0]).write(file);
        assertEquals(good, Checkpoint.read(file, shape).position());
    }

    @ParameterizedTest
    @ValueSource(strings = {"parameters", "updater", "best", "losses"})
    void arraysOfAnotherLengthAreRefusedThoughTheChecksumIsRight(String which, @TempDir Path dir) throws Exception {
        pulled(dir, 8);
        Path file = dir.resolve("student.checkpoint");
        Checkpoint.Shape shape = shapeOf(file);
        Checkpoint sound = Checkpoint.read(file, shape);
        INDArray three = Nd4j.ones(1, 3);
        new Checkpoint(
                        sound.fingerprint(),
                        sound.position(),
                        sound.bestEpoch(),
                        sound.bestLoss(),
                        sound.firstLoss(),
                        sound.epochLoss(),
                        which.equals("parameters") ? three : sound.parameters(),
                        which.equals("updater") ? three : sound.updaterState(),
                        which.equals("best") ? three : sound.bestParameters(),
                        which.equals("losses") ? new byte[1000] : sound.lossState())
                .write(file);
        Distillation resumed =
                distillation(CosineLoss.squaredDistance()).checkpoints(dir).build();
        String message = assertThrows(UncheckedIOException.class, () -> resumed.run(train))
                .getMessage();
        assertTrue(message.contains(file.toString()) && message.contains("remove the stage's checkpoints"), message);
    }

    private static Checkpoint.Shape shapeOf(Path file) throws Exception {
        try (var in = new java.io.DataInputStream(Files.newInputStream(file))) {
            in.readInt();
            return new Checkpoint.Shape(in.readUTF(), 3, 15, 5);
        }
    }

    private static void pulled(Path dir, int step) {
        Distillation interrupted = distillation(CosineLoss.squaredDistance())
                .checkpoints(dir)
                .listen(pullsAt(step))
                .build();
        assertEquals(PULLED, assertThrows(RuntimeException.class, () -> interrupted.run(train)));
    }
}
