package io.github.horkd.distill;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Sampling;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Scaling;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HintLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.OctupletLoss;
import io.github.horkd.model.Backbone;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever order options are given in, the same stages come of them, or the same refusal. */
class DistillationBuilderTest {

    private static final Guide TEACHER = new PixelGuide("pixels", 8, 4);
    private static final Schedule FAST =
            Schedule.epochs(3).withLearningRate(0.02).withBatchSize(16);
    private static final Schedule SLOW =
            Schedule.steps(50).withLearningRate(1e-4).withWeightDecay(0.1);

    private static Map<String, Consumer<DistillationBuilder>> options() {
        Map<String, Consumer<DistillationBuilder>> all = new LinkedHashMap<>();
        all.put("assistant", b -> b.assistant(Backbone.plain(8, 16)));
        all.put("assistantResolution", b -> b.assistantResolution(Resolution.LOW));
        all.put("studentAlsoFromTeacher", b -> b.studentAlsoFromTeacher());
        all.put("student", b -> b.student(Backbone.plain(4, 8)));
        all.put("loss", b -> b.loss(DistanceLoss.guideScaled()));
        all.put("bank", b -> b.bank(GuideBank.recentBatches(100)));
        all.put("alsoWhereGuideErrs", b -> b.alsoWhereGuideErrs());
        all.put("lossReadsLabels", b -> b.lossReadsLabels());
        all.put("maps", b -> b.maps(MapTerm.of("block1", "stem", HintLoss.plain())));
        all.put("labels", b -> b.labels(0.5));
        all.put("softLogits", b -> b.softLogits(2, 3));
        all.put("schedule", b -> b.schedule(FAST, SLOW));
        all.put("epochs", b -> b.epochs(5, 6));
        all.put("batchSize", b -> b.batchSize(32));
        all.put("scaling", b -> b.scaling(Scaling.ZERO_ONE));
        all.put("sampling", b -> b.sampling(Sampling.balanced(4, 8)));
        all.put("augmentation", b -> b.augmentation(Augmentation.none().flip()));
        all.put("earlyStopping", b -> b.earlyStopping(new EarlyStopping(0.1, 2)));
        all.put("seed", b -> b.seed(9));
        all.put("listen", b -> b.listen(event -> {}));
        all.put("knowledge", b -> b.knowledge(KnowledgeStore.inMemory()));
        all.put("checkpoints", b -> b.checkpoints(Path.of("kept")));
        return all;
    }

    private static Stream<Arguments> pairs() {
        List<String> names = List.copyOf(options().keySet());
        return names.stream()
                .flatMap(a -> names.stream().filter(b -> a.compareTo(b) < 0).map(b -> Arguments.of(a, b)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void twoOptionsGiveTheSameInEitherOrder(String one, String other) {
        assertEquals(built(one, other), built(other, one));
    }

    @Test
    void allOptionsGiveTheSameBackToFront() {
        List<String> names = new ArrayList<>(options().keySet());
        Object forwards = built(names.toArray(String[]::new));
        java.util.Collections.reverse(names);
        assertEquals(forwards, built(names.toArray(String[]::new)));
    }

    /** The stages, or why there are none. */
    private static Object built(String... names) {
        DistillationBuilder builder = Distillation.from(TEACHER);
        for (String name : names) {
            options().get(name).accept(builder);
        }
        try {
            return builder.build().stages();
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    @Test
    void epochsKeepAllElseOfEachSchedule() {
        List<Stage> stages = Distillation.from(TEACHER)
                .assistant(Backbone.plain(8, 16))
                .student(Backbone.plain(4, 8))
                .schedule(FAST, SLOW)
                .epochs(5, 6)
                .build()
                .stages();
        assertEquals(FAST.withEpochs(5), stages.get(0).options().schedule(), "the assistant's learning rate stays");
        assertEquals(SLOW.withEpochs(6), stages.get(1).options().schedule());
    }

    @Test
    void whatOnlyAnAssistantCanFollowIsRefusedWithoutOne() {
        for (String option : List.of("assistantResolution", "studentAlsoFromTeacher", "schedule", "epochs")) {
            DistillationBuilder builder = Distillation.from(TEACHER).student(Backbone.plain(4, 8));
            options().get(option).accept(builder);
            String message =
                    assertThrows(IllegalArgumentException.class, builder::build).getMessage();
            assertTrue(message.contains("call assistant"), message);
        }
    }

    @Test
    void bankAndGuideInFullReachEveryLossAgainstAGuide() {
        List<Stage> stages = Distillation.from(TEACHER)
                .assistant(Backbone.plain(8, 16))
                .student(Backbone.plain(4, 8))
                .studentAlsoFromTeacher()
                .bank(GuideBank.recentBatches(100))
                .alsoWhereGuideErrs()
                .build()
                .stages();
        List<GuideLoss> losses =
                stages.stream().flatMap(stage -> stage.losses().stream()).toList();
        assertEquals(3, losses.size());
        for (GuideLoss loss : losses) {
            assertEquals(GuideBank.recentBatches(100), loss.bank());
            assertTrue(loss.everywhere());
        }
    }

    @Test
    void posesThatAllWouldBeTheImageAsItIsAreRefused() {
        DistillationBuilder builder =
                Distillation.from(TEACHER).student(Backbone.plain(4, 8)).guidePoses(4);
        String message =
                assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertTrue(message.contains("augmentation"), message);
        builder.augmentation(Augmentation.none().flip()).build();
        Stage alone = new Stage(
                "student",
                Learner.of(Backbone.plain(4, 8)),
                Resolution.LOW,
                List.of(GuideLoss.recommended("teacher")),
                TrainingOptions.of(FAST, 1).withGuidePoses(4));
        assertThrows(
                IllegalArgumentException.class,
                () -> Stages.run(List.of(alone), Map.of("teacher", TEACHER), Shapes.drawn(64, 1), event -> {}));
    }

    @Test
    void labelsAndMapsGoIntoTheLossAgainstTheTeacher() {
        DistillationBuilder builder = Distillation.from(TEACHER)
                .student(Backbone.plain(4, 8))
                .loss(new OctupletLoss(0.3))
                .lossReadsLabels()
                .maps(MapTerm.of("block1", "stem", HintLoss.plain()));
        GuideLoss against = builder.build().stages().get(0).losses().get(0);
        assertTrue(against.labelled());
        assertEquals("stem", against.onMaps().get(0).vertex());
        builder.assistant(Backbone.plain(8, 16));
        String message =
                assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertTrue(message.contains("maps") && message.contains("studentAlsoFromTeacher"), message);
        List<Stage> both = builder.studentAlsoFromTeacher().build().stages();
        assertTrue(both.get(0).losses().get(0).onMaps().isEmpty(), "the assistant's layers are others");
        assertEquals(1, both.get(1).losses().get(1).onMaps().size());
    }

    @Test
    void anyLossOverABatchWillDo() {
        GuideLoss alone = GuideLoss.onEmbeddings("teacher", CosineLoss.squaredDistance());
        assertEquals(
                List.of(new HybridOrderLoss.Term("CosineLoss", 1, CosineLoss.squaredDistance())), alone.onEmbeddings());
    }
}
