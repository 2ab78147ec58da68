package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A teacher of level, upright and falling bars, images of upright, falling and rising ones: nothing may be paired by number. */
class ClassesByNameTest {

    private static final Schedule SHORT = Schedule.epochs(4).withBatchSize(32).withLearningRate(0.01);
    private static final List<String> TAUGHT = List.of("level", "upright", "falling");
    private static final List<String> SHOWN = List.of("upright", "falling", "rising");

    private static PairedImages shown;
    private static PairedImages test;
    private static Network teacher;
    private final List<TrainingEvent> events = new ArrayList<>();

    @BeforeAll
    static void trainATeacher() {
        PairedImages all = Shapes.drawn(256, 1);
        PairedImages taught = all.where(i -> all.label(i) < 3).withoutUnusedClasses();
        assertEquals(TAUGHT, taught.classes());
        teacher = Classifier.train(
                Stage.onLabels("teacher", Backbone.residual(8, 16), Resolution.HIGH, SHORT, 7), taught, event -> {});
        shown = all.where(i -> all.label(i) > 0).withoutUnusedClasses();
        assertEquals(SHOWN, shown.classes());
        PairedImages others = Shapes.drawn(128, 2);
        test = others.where(i -> others.label(i) > 0).withoutUnusedClasses();
    }

    @Test
    void softLogitsMeetTheClassesOfTheSameName() {
        Network student = Distillation.from(teacher)
                .student(Backbone.plain(8, 16))
                .schedule(SHORT)
                .listen(events::add)
                .build()
                .run(shown)
                .student();
        assertEquals(SHOWN, student.classes());
        assertTrue(accuracy(student, SHOWN) > 0.8, "accuracy " + accuracy(student, SHOWN));
        assertEquals(List.of("level", "rising"), leftOut());
    }

    @Test
    void softLogitsAloneTeachTheSharedClasses() {
        Network student = run(Stage.onLabels("student", Backbone.plain(8, 16), Resolution.LOW, SHORT, 3)
                .withLosses(0, GuideLoss.onLogits("teacher", 1, 1)));
        assertEquals(TAUGHT, student.classes(), "a head that only the teacher's logits train has its classes");
        double ofShared = accuracy(student, List.of("upright", "falling"));
        assertTrue(ofShared > 0.8, "accuracy " + ofShared);
        assertEquals(List.of(), leftOut());
    }

    @Test
    void anExistingNetworkKeepsItsClassesAndLearnsThoseItShares() {
        Network own = Network.create(
                Backbone.plain(8, 16),
                new io.github.horkd.model.Head.Softmax(),
                new io.github.horkd.guide.Input(
                        shown.shape(Resolution.LOW), io.github.horkd.guide.Scaling.STANDARDISED),
                TAUGHT,
                5);
        Network student = run(Stage.onLabels("student", Backbone.plain(8, 16), Resolution.LOW, SHORT, 3)
                .withLearner(Learner.of(own)));
        assertEquals(TAUGHT, student.classes());
        double ofShared = accuracy(student, List.of("upright", "falling"));
        assertTrue(ofShared > 0.8, "accuracy " + ofShared);
        assertEquals(List.of("rising"), leftOut());
    }

    @Test
    void theSameNameStoredOtherwiseIsTheSameClass() {
        ClassPairs pairs = ClassPairs.of(List.of("Jose\u0301", "b", "c"), List.of("b", "Jos\u00e9"));
        assertEquals(List.of(1, 0), pairs.first());
        assertEquals(List.of(0, 1), pairs.second());
        assertEquals(List.of("c"), pairs.onlyFirst());
        assertEquals(List.of(), pairs.onlySecond());
    }

    @Test
    void namesThatAreNearlyTheSameAreSaid() {
        ClassPairs pairs = ClassPairs.of(List.of("Anna", "bert", "carl"), List.of("anna ", "bert"));
        assertEquals(1, pairs.shared());
        assertEquals("; 'Anna' and 'anna ' differ only in case or blanks, give them one name", pairs.nearly());
        assertEquals("", ClassPairs.of(List.of("a", "b"), List.of("b", "c")).nearly());
    }

    @Test
    void probabilitiesAreNoLogits() {
        assertTrue(Softened.areProbabilities(Nd4j.createFromArray(new float[][] {{.2f, .8f}, {1, 0}})));
        for (float[][] logits :
                new float[][][] {{{.2f, .9f}, {1, 0}}, {{-.2f, 1.2f}}, {{1, 0}, {0, 1}}, {{1}, {1}}, {{Float.NaN, 1}}
                }) {
            assertFalse(Softened.areProbabilities(Nd4j.createFromArray(logits)));
        }
    }

    @Test
    void answersOfNothingButZerosAreCounted() {
        assertEquals(2, Collapse.zeros(Nd4j.createFromArray(new float[][] {{0, 0}, {0, 1e-30f}, {-0f, 0}, {1, 0}})));
    }

    @Test
    void nothingInCommonIsLeftOutOrRefusedWhenItIsAll() {
        Network foreign = Network.create(
                Backbone.plain(8, 16),
                new io.github.horkd.model.Head.Softmax(),
                new io.github.horkd.guide.Input(
                        shown.shape(Resolution.LOW), io.github.horkd.guide.Scaling.STANDARDISED),
                List.of("cat", "dog"),
                5);
        Stage onLabels = Stage.onLabels("student", Backbone.plain(8, 16), Resolution.LOW, SHORT, 3)
                .withLearner(Learner.of(foreign));
        String labels = assertThrows(IllegalArgumentException.class, () -> run(onLabels))
                .getMessage();
        assertTrue(labels.contains("none of the") && labels.contains("that the learner knows"), labels);
        Stage onLogits = onLabels.withLosses(0, GuideLoss.onLogits("teacher", 1, 4));
        String logits = assertThrows(IllegalArgumentException.class, () -> run(onLogits))
                .getMessage();
        assertTrue(logits.contains("share no two classes"), logits);
    }

    @Test
    void aNetworkThatNothingTeachesClassesHasNoHead() {
        Network student = Distillation.from(teacher)
                .student(Backbone.plain(8, 16))
                .labels(0)
                .softLogits(0, 4)
                .schedule(SHORT.withEpochs(1))
                .build()
                .run(shown)
                .student();
        assertEquals(List.of(), student.classes());
        assertTrue(student.logitsVertex().isEmpty());
    }

    private Network run(Stage stage) {
        return Stages.run(List.of(stage), Map.of("teacher", teacher), shown, events::add)
                .get("student");
    }

    private List<String> leftOut() {
        return events.stream()
                .filter(e -> e instanceof TrainingEvent.ClassesLeftOut)
                .flatMap(e -> ((TrainingEvent.ClassesLeftOut) e).classes().stream())
                .toList();
    }

    /** Among the test images of some classes, how many the network calls by their name. */
    private static double accuracy(Network network, List<String> among) {
        int[] some = IntStream.range(0, test.size())
                .filter(i -> among.contains(test.classes().get(test.label(i))))
                .toArray();
        INDArray answers = network.classify(test.batch(Resolution.LOW, some, Pose.IDENTITY))
                .argMax(1);
        return IntStream.range(0, some.length)
                        .filter(i -> network.classes()
                                .get(answers.getInt(i))
                                .equals(test.classes().get(test.label(some[i]))))
                        .count()
                / (double) some.length;
    }
}
