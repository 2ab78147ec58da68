package io.github.horkd.distill;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.eval.Evaluation;
import io.github.horkd.eval.Matching;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** People who are not learned from are recognised while a stage learns; guides are asked about everybody once. */
class ValidationTest {

    private static final PairedImages IMAGES = Shapes.drawn(64, 1);

    private static DistillationBuilder student(PixelGuide guide) {
        return Distillation.from(guide)
                .student(Backbone.plain(4, 8))
                .labels(0)
                .schedule(Schedule.epochs(5).withBatchSize(16));
    }

    private static List<TrainingEvent.Validated> looks(DistillationBuilder builder, PairedImages images) {
        List<TrainingEvent.Validated> looks = new ArrayList<>();
        builder.listen(event -> {
                    if (event instanceof TrainingEvent.Validated look) {
                        looks.add(look);
                    }
                })
                .build()
                .run(images);
        return looks;
    }

    @Test
    void looksBeforeTheFirstEpochThenEachFewAndAfterTheLast() {
        List<TrainingEvent.Validated> looks = looks(
                student(new PixelGuide("g", 8, 0))
                        .validation(Validation.ofPeople(0.5).every(2)),
                IMAGES);
        assertEquals(
                List.of(0, 2, 4, 5),
                looks.stream().map(TrainingEvent.Validated::epoch).toList());
        for (TrainingEvent.Validated look : looks) {
            assertEquals("HR-LR", look.matching());
            assertEquals(looks.get(0).naiveAuc(), look.naiveAuc());
            assertTrue(look.auc() >= 0 && look.auc() <= 1 && look.naiveAuc() > 0.5, look.toString());
        }
    }

    /** What is told is what {@link Evaluation} measures with the finished student, naive use included. */
    @Test
    void lastLookAgreesWithEvaluation() {
        PairedImages others = Shapes.drawn(32, 9);
        PixelGuide guide = new PixelGuide("g", 8, 0);
        List<TrainingEvent.Validated> looks = new ArrayList<>();
        Network trained = student(guide)
                .validation(Validation.on(others))
                .listen(event -> {
                    if (event instanceof TrainingEvent.Validated look) {
                        looks.add(look);
                    }
                })
                .build()
                .run(IMAGES)
                .student();
        var measured = Evaluation.crossResolution(guide, trained, others);
        TrainingEvent.Validated last = looks.get(looks.size() - 1);
        assertEquals(measured.highLow().identification().rank(1), last.rankOne(), 1e-9);
        assertEquals(measured.highLow().verification().auc(), last.auc(), 1e-6);
        Matching naive = measured.naive().get(1);
        assertEquals(naive.verification().auc(), last.naiveAuc(), 1e-6);
    }

    @Test
    void heldOutPeopleAreNotLearnedFrom() {
        List<TrainingEvent.StageStarted> begun = new ArrayList<>();
        Network trained = Classifier.train(
                Stage.onLabels(
                        "teacher",
                        Backbone.plain(4, 8),
                        Resolution.HIGH,
                        TrainingOptions.of(Schedule.epochs(1).withBatchSize(16), 1)
                                .withValidation(Validation.ofPeople(0.5))),
                IMAGES,
                event -> {
                    if (event instanceof TrainingEvent.StageStarted started) {
                        begun.add(started);
                    }
                });
        assertEquals(2, trained.classes().size());
        assertEquals(32, begun.get(0).pairs());
    }

    @Test
    void bestEpochByTheFollowedFigureIsKept() {
        List<TrainingEvent.Validated> looks = new ArrayList<>();
        Network trained = student(new PixelGuide("g", 8, 0))
                .validation(Validation.on(Shapes.drawn(32, 9)).following(Validation.Follow.AUC))
                .listen(event -> {
                    if (event instanceof TrainingEvent.Validated look) {
                        looks.add(look);
                    }
                })
                .build()
                .run(IMAGES)
                .student();
        double highest = looks.stream()
                .filter(look -> look.epoch() > 0)
                .mapToDouble(TrainingEvent.Validated::auc)
                .max()
                .orElseThrow();
        TrainingEvent.Validated best = looks.stream()
                .filter(look -> look.epoch() > 0 && look.auc() == highest)
                .findFirst()
                .orElseThrow();
        assertTrue(best.best());
        assertEquals(Integer.toString(best.epoch()), trained.provenance().get("epoch"));
    }

    @Test
    void patienceEndsAStageOnlyOnceItHasAnnealed() {
        List<TrainingEvent.Validated> looks = looks(
                student(new PixelGuide("g", 8, 0))
                        .schedule(Schedule.epochs(10).withBatchSize(16).withLearningRate(1e-9))
                        .validation(Validation.on(Shapes.drawn(32, 9))
                                .following(Validation.Follow.RANK_ONE)
                                .withPatience(1)),
                IMAGES);
        int last = looks.get(looks.size() - 1).epoch();
        assertTrue(last >= 8, "one cycle comes down to a tenth after 8 of 10 epochs, ended after " + last);
    }

    @Test
    void twoJudgesAreRefused() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> student(new PixelGuide("g", 8, 0))
                                .earlyStopping(new EarlyStopping(0.25, 2))
                                .validation(Validation.ofPeople(0.5).following(Validation.Follow.AUC))
                                .build()
                                .run(IMAGES))
                .getMessage();
        assertTrue(message.contains("would both decide which epoch is kept"), message);
        assertThrows(
                IllegalArgumentException.class, () -> Validation.ofPeople(0.5).withPatience(2));
    }

    @Test
    void anotherSeedAsksNobodyAnew() {
        KnowledgeStore store = KnowledgeStore.inMemory();
        PixelGuide guide = new PixelGuide("g", 8, 0);
        DistillationBuilder builder = student(guide)
                .knowledge(store)
                .augmentation(Augmentation.none().flip())
                .earlyStopping(new EarlyStopping(0.25, 5));
        builder.seed(1).build().run(IMAGES);
        assertEquals(2 * IMAGES.size(), guide.asked, "once about every picture and its mirror image");
        builder.seed(2).build().run(IMAGES);
        assertEquals(2 * IMAGES.size(), guide.asked);
    }

    @Test
    void peopleWithoutMatesAreRefused() {
        PairedImages one = IMAGES.subset(IntStream.of(0, 1, 2).toArray());
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> student(new PixelGuide("g", 8, 0))
                                .validation(Validation.on(one))
                                .build()
                                .run(IMAGES))
                .getMessage();
        assertTrue(message.contains("one of them with 2 pictures or more"), message);
    }
}
