package io.github.horkd.examples;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Sampling;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.GuideLoss;
import io.github.horkd.distill.Learner;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.TrainingOptions;
import io.github.horkd.distill.Validation;
import io.github.horkd.experiment.Experiment;
import io.github.horkd.experiment.Seed;
import io.github.horkd.experiment.Training;
import io.github.horkd.experiment.Variant;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.loss.AngleLoss;
import io.github.horkd.loss.ContrastiveLoss;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.CrossStreamLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.loss.NeighbourhoodLoss;
import io.github.horkd.loss.UnitEmbeddings;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The files of experiments say what the tables in RESULTS.md were made by, stage for stage. */
class ExperimentFilesTest {

    private static final int MANY = 10_000;
    private static final Map<String, String> VALUES =
            Map.of("data", "DIR", "protocol", "DIR", "teacher", "face.onnx", "scaling", "ZERO_255");
    private static final Term FIRST = new Term("first", 4, CosineLoss.squaredDistance());

    @ParameterizedTest
    @ValueSource(
            strings = {"quickstart", "own-teacher", "orl", "fashion-mnist", "lfw", "lfw-teacher", "lfw-view2", "cifar10"
            })
    void everyFileSurvivesBeingWritten(String name, @TempDir Path folder) throws Exception {
        Experiment experiment = Experiments.load(name, VALUES);
        for (String file : List.of("again.yaml", "again.json")) {
            experiment.save(folder.resolve(file), Experiments.KINDS);
            assertEquals(experiment, Experiments.load(folder.resolve(file).toString(), Map.of()));
        }
    }

    private static List<Stage> stages(Experiment experiment, String variant, long seed) {
        return experiment.variants().stream()
                .filter(each -> each.name().equals(variant))
                .map(Variant::trainings)
                .findFirst()
                .orElseThrow()
                .stream()
                .map(training -> stage(training, seed))
                .toList();
    }

    private static Stage stage(Training training, long seed) {
        return training.watching(Training.Watch.nobody()).stage(seed, MANY, name -> null);
    }

    private static Network teacher(int side, int channels) {
        return Network.create(
                Backbone.plain(2, 64),
                new Head.Softmax(),
                new Input(new io.github.horkd.data.ImageShape(channels, side, side), Scaling.ZERO_ONE),
                List.of("a", "b"),
                1);
    }

    @Test
    void quickstart() throws Exception {
        Experiment experiment = Experiments.load("quickstart", Map.of());
        long seed = 3;
        Augmentation moves = Augmentation.none().flip().shift(2);
        Backbone student = Backbone.residual(16, 64);
        assertEquals(
                Stage.onLabels(
                                "teacher",
                                student,
                                Resolution.HIGH,
                                TrainingOptions.of(Schedule.steps(400), 10 * seed)
                                        .withAugmentation(moves))
                        .withLearner(Learner.of(Backbone.residual(24, 64), new Head.CosFace(16, 0.1))),
                stage(experiment.networks().get(0), seed));
        assertEquals(
                List.of(Stage.onLabels(
                        "labels-only",
                        student,
                        Resolution.LOW,
                        TrainingOptions.of(Schedule.steps(800), 10 * seed + 1).withAugmentation(moves))),
                stages(experiment, "student, labels only", seed));
        assertEquals(
                Distillation.from(teacher(64, 1))
                        .assistant(Backbone.residual(16, 64))
                        .student(student)
                        .schedule(Schedule.steps(200), Schedule.steps(800))
                        .batchSize(64)
                        .augmentation(moves)
                        .seed(10 * seed + 2)
                        .build()
                        .stages(),
                stages(experiment, "student, distilled", seed));
    }

    @Test
    void orl() throws Exception {
        Experiment experiment = Experiments.load("orl", VALUES);
        Schedule schedule = Schedule.steps(600);
        assertEquals(
                Stage.onLabels(
                        "teacher", Backbone.residual(24, 64).withBlocks(48, 72, 108), Resolution.HIGH, schedule, 1000),
                stage(experiment.networks().get(0), 5));
        Stage student =
                Stage.onLabels("student", Backbone.residual(16, 64).withBlocks(32, 52), Resolution.LOW, schedule, 2);
        HybridOrderLoss hybrid = HybridOrderLoss.of(
                FIRST,
                new Term("distance", 10, DistanceLoss.rkdCompatible()),
                new Term("angle", 20, AngleLoss.rkdCompatible()));
        assertEquals(List.of(student), stages(experiment, "labels only", 2));
        assertEquals(
                List.of(student.withLosses(1, GuideLoss.onEmbeddings("teacher", HybridOrderLoss.of(FIRST)))),
                stages(experiment, "first order", 2));
        assertEquals(
                List.of(student.withLosses(1, GuideLoss.onLogits("teacher", 1, 4))),
                stages(experiment, "soft logits", 2));
        assertEquals(
                List.of(student.withLosses(
                        1, GuideLoss.onEmbeddings("teacher", hybrid).andLogits(1, 4))),
                stages(experiment, "hybrid + soft logits", 2));
        assertEquals(
                List.of(student.withLosses(
                        1,
                        GuideLoss.onEmbeddings("teacher", HybridOrderLoss.defaults())
                                .andLogits(1, 4))),
                stages(experiment, "our default loss + soft logits", 2));
    }

    @Test
    void fashionMnist() throws Exception {
        Experiment experiment = Experiments.load("fashion-mnist", VALUES);
        Backbone large = Backbone.residual(32, 64).withBlocks(64, 100, 160);
        Backbone small = Backbone.residual(16, 64).withBlocks(32, 52);
        TrainingOptions options = TrainingOptions.of(Schedule.epochs(8), 2)
                .withScaling(Scaling.PLUS_MINUS_ONE)
                .withAugmentation(Augmentation.none().flip());
        Schedule asLong = Schedule.steps(8 * (10_000 / 64));
        HybridOrderLoss rkd = HybridOrderLoss.of(
                FIRST,
                new Term("distance", 10, DistanceLoss.rkdCompatible()),
                new Term("angle", 20, AngleLoss.rkdCompatible()));
        assertEquals(
                Stage.onLabels("teacher", large, Resolution.HIGH, options.withSeed(1000)),
                stage(experiment.networks().get(0), 2));
        assertEquals(
                Stage.onLabels("teacher-of-few", large, Resolution.HIGH, options.withSeed(1000)),
                stage(experiment.networks().get(1), 2));
        assertEquals(
                List.of(Stage.onLabels("student", small, Resolution.LOW, options.withSchedule(asLong))),
                stages(experiment, "labels only", 2));
        Stage student = Stage.onLabels("student", small, Resolution.LOW, options);
        assertEquals(
                List.of(student.withLosses(
                        1, GuideLoss.onEmbeddings("teacher-of-few", rkd).andLogits(1, 4))),
                stages(experiment, "hybrid + soft logits, teacher saw the same 2,000", 2));
        assertEquals(
                List.of(student.withLosses(1, GuideLoss.onEmbeddings("teacher", rkd))),
                stages(experiment, "hybrid (1 + 2 + 3)", 2));
        assertEquals(
                Distillation.from(teacher(28, 1))
                        .assistant(Backbone.residual(32, 64).withBlocks(64, 112))
                        .assistantResolution(Resolution.LOW)
                        .student(small)
                        .loss(rkd)
                        .softLogits(1, 4)
                        .schedule(Schedule.epochs(8))
                        .scaling(Scaling.PLUS_MINUS_ONE)
                        .augmentation(Augmentation.none().flip())
                        .seed(2)
                        .build()
                        .stages(),
                stages(experiment, "two stages, LR assistant", 2));
        assertEquals(
                List.of(Stage.onLabels("rival", small, Resolution.HIGH, options.withSchedule(asLong))),
                stages(experiment, "rival: student's size, HR and LR mixed", 2));
        assertEquals(
                List.of(Stage.onLabels(
                        "rival",
                        large,
                        Resolution.HIGH,
                        options.withSchedule(asLong).withSeed(1))),
                stages(experiment, "rival: teacher's size, HR and LR mixed", 2));
    }

    @Test
    void lfw() throws Exception {
        Experiment experiment = Experiments.load("lfw", VALUES);
        Backbone large = Backbone.residual(32, 128).withBlocks(64, 96, 160).withDropout(0.2);
        Backbone small = Backbone.residual(20, 128).withBlocks(36, 64);
        TrainingOptions long32 = TrainingOptions.of(
                        Schedule.epochs(32).withLearningRate(4e-3).withWeightDecay(0.05), "teacher-1000".hashCode())
                .withSampling(Sampling.shuffled().cappedAt(40))
                .withAugmentation(Augmentation.none()
                        .flip()
                        .shift(4)
                        .rotate(0.1)
                        .scale(0.08)
                        .contrast(0.2));
        Head strict = new Head.CosFace(16, 0.2);
        assertEquals(
                Stage.onLabels("teacher", large, Resolution.HIGH, long32).withLearner(Learner.of(large, strict)),
                stage(experiment.networks().get(0), 2));
        Head head = new Head.CosFace(16, 0.15);
        Stage student = Stage.onLabels(
                        "student",
                        small,
                        Resolution.LOW,
                        TrainingOptions.of(Schedule.steps(1200), 2)
                                .withAugmentation(Augmentation.none().flip().shift(2)))
                .withLearner(Learner.of(small, head));
        Term distance = new Term("distance", 10, new UnitEmbeddings(DistanceLoss.rkdCompatible()));
        Term angle = new Term("angle", 20, new UnitEmbeddings(AngleLoss.rkdCompatible()));
        HybridOrderLoss hybrid = HybridOrderLoss.of(FIRST, distance, angle);
        assertEquals(List.of(student), stages(experiment, "labels only", 2));
        assertEquals(
                List.of(student.withLosses(
                        1, GuideLoss.onEmbeddings("teacher", hybrid).andLogits(1, 2))),
                stages(experiment, "hybrid + soft logits", 2));
        assertEquals(
                List.of(student.withLosses(0, GuideLoss.onEmbeddings("teacher", HybridOrderLoss.of(distance, angle)))),
                stages(experiment, "distance + angle, no labels", 2));
        assertEquals(
                Distillation.from(teacher(64, 1))
                        .assistant(Learner.of(Backbone.residual(16, 128).withBlocks(32, 56, 96), head))
                        .student(Learner.of(small, head))
                        .loss(hybrid)
                        .softLogits(1, 2)
                        .schedule(Schedule.steps(900), Schedule.steps(1200))
                        .augmentation(Augmentation.none().flip().shift(2))
                        .seed(2)
                        .build()
                        .stages(),
                stages(experiment, "two stages, HR assistant", 2));
        assertEquals(
                List.of(Stage.onLabels(
                                "rival",
                                small,
                                Resolution.HIGH,
                                long32.withSchedule(Schedule.steps(1200)).withSeed("mixed-2".hashCode()))
                        .withLearner(Learner.of(small, strict))),
                stages(experiment, "rival: student's size, HR and LR mixed", 2));
        assertEquals(
                List.of(Stage.onLabels("rival", large, Resolution.HIGH, long32.withSeed("mixed-1000".hashCode()))
                        .withLearner(Learner.of(large, strict))),
                stages(experiment, "rival: teacher's size, HR and LR mixed", 2));
    }

    /** The rows of the face benchmark: the base, a sum of orders, the assistant, the defaults. */
    @Test
    void lfwTeacher() throws Exception {
        Experiment experiment = Experiments.load("lfw-teacher", VALUES);
        Backbone small = Backbone.residual(20, 128).withBlocks(36, 50).withPooledGrid(2);
        TrainingOptions options = TrainingOptions.of(
                        Schedule.steps(2000)
                                .withBatchSize(128)
                                .withLearningRate(8e-3)
                                .withWeightDecay(0.1),
                        4)
                .withLabelWeight(0)
                .withSpace(SpaceMethod.whitened())
                .withAugmentation(Augmentation.none().flip());
        Term first = new Term("cosine", 1, CosineLoss.squaredDistance());
        Term contrastive = new Term("contrastive", 1, ContrastiveLoss.at(0.1));
        Term neighbours = new Term("neighbourhood", 1, NeighbourhoodLoss.at(0.1));
        Stage base = new Stage("student", Learner.of(small), Resolution.LOW, List.of(against(first)), options);
        assertEquals(List.of(base), stages(experiment, "first order, whitened (the base)", 4));
        assertEquals(
                List.of(base.withLosses(0, against(contrastive))),
                stages(experiment, "contrastive to a bank, whitened", 4));
        Term third = new Term("third", 0.25, new UnitEmbeddings(CrossStreamLoss.guideScaled(3, 20_000, 1)));
        Term fourth = new Term("fourth", 0.25, new UnitEmbeddings(CrossStreamLoss.guideScaled(4, 20_000, 1)));
        assertEquals(
                List.of(base.withLosses(0, against(FIRST, third, fourth))),
                stages(experiment, "first order and orders 3 and 4 across streams", 4));
        assertEquals(
                List.of(base.withLosses(
                        0,
                        against(contrastive),
                        GuideLoss.onEmbeddings("large", HybridOrderLoss.of(neighbours))
                                .withResolution(Resolution.LOW))),
                stages(experiment, "contrastive, the large student as assistant", 4));
        Network unclassed = Network.create(
                Backbone.plain(2, 64),
                new Head.Softmax(),
                new Input(new io.github.horkd.data.ImageShape(3, 150, 150), Scaling.ZERO_ONE),
                List.of(),
                1);
        // What a distillation adds where no image has a label.
        Stage defaults = Distillation.from(unclassed)
                .student(small)
                .seed(3)
                .build()
                .stages()
                .get(0);
        assertEquals(
                List.of(defaults.withOptions(defaults.options()
                        .withLabelWeight(0)
                        .withSchedule(Schedule.steps(5000)
                                .withBatchSize(128)
                                .withLearningRate(8e-3)
                                .withWeightDecay(0.1))
                        .withAugmentation(Augmentation.none().shift(4).flip()))),
                stages(experiment, "the library's defaults", 3));
        assertEquals(new ManyViews("teacher", 8, 6, 7, 0, Seed.fixed(0), Path.of(""), Seed.fixed(-1)), ManyViews.USUAL);
        assertEquals(
                ManyViews.USUAL, experiment.networks().get(0).preparation(), "unless the command line says otherwise");
    }

    private static GuideLoss against(Term... terms) {
        return GuideLoss.onEmbeddings("teacher", HybridOrderLoss.of(terms));
    }

    /** The rows of View 2 are rows of View 1, less the people of a fold. */
    @Test
    void lfwView2() throws Exception {
        Experiment rows = Experiments.load("lfw-teacher", VALUES);
        Experiment folds = Experiments.load("lfw-view2", VALUES);
        for (String name : List.of(
                "contrastive to a bank, whitened, 5,000 steps", "first order, whitened (the base), 5,000 steps")) {
            assertEquals(stages(rows, name, 1), stages(folds, name, 7));
        }
        assertEquals(
                stage(rows.networks().get(0), 1).toString().replace("name=large", "name=student"),
                stages(folds, "contrastive, whitened, large student, 5,000 steps", 7)
                        .get(0)
                        .toString());
    }

    /** What is watched decides nothing, so that figures are those of a run without. */
    @Test
    void whatIsWatchedDecidesNothing() throws Exception {
        for (String name : List.of("quickstart", "cifar10")) {
            Experiments.load(name, VALUES).variants().stream()
                    .flatMap(variant -> variant.trainings().stream())
                    .forEach(training -> assertEquals(
                            Validation.Follow.NOTHING, training.watch().follow()));
        }
    }
}
