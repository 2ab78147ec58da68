package io.github.horkd.distill;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.EmbeddingRows;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.loss.Bank;
import io.github.horkd.loss.BankLoss;
import io.github.horkd.loss.ContrastiveLoss;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.loss.LossValue;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A teacher whose embeddings share one large direction, as those of public descriptors do: its student learns in a space that was fitted first. */
class SpaceAndBankTest {

    private static final Schedule SHORT = Schedule.epochs(5).withBatchSize(32).withLearningRate(0.01);

    private static PairedImages train;
    private static PairedImages test;
    private static Network own;
    private static Guide offCentre;
    private final List<TrainingEvent> events = new ArrayList<>();

    @BeforeAll
    static void trainATeacher() {
        train = Shapes.drawn(256, 1);
        test = Shapes.drawn(96, 2);
        own = Classifier.train(
                Stage.onLabels("teacher", Backbone.residual(8, 16), Resolution.HIGH, SHORT, 7), train, event -> {});
        offCentre = new OffCentre(own);
    }

    /** The same answers with a constant added. */
    private record OffCentre(Network network) implements Guide {

        @Override
        public Input input() {
            return network.input();
        }

        @Override
        public String identity() {
            return "off centre " + network.identity();
        }

        @Override
        public int embeddingWidth() {
            return network.embeddingWidth();
        }

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public Output output(INDArray images) {
            return Output.of(network.embed(images).add(20));
        }
    }

    private DistillationBuilder distillation(Guide teacher) {
        return Distillation.from(teacher)
                .student(Backbone.plain(8, 16))
                .labels(0)
                .schedule(SHORT)
                .listen(events::add);
    }

    @Test
    void theSpaceIsFittedOnceSaidAndSavedWithTheStudent(@TempDir Path dir) {
        DistillationResult result = distillation(offCentre)
                .assistant(Backbone.plain(8, 16))
                .studentAlsoFromTeacher()
                .build()
                .run(train);
        EmbeddingSpace space = result.student().embeddingSpace().orElseThrow();
        assertEquals(SpaceMethod.Kind.PROJECTED, space.kind());
        assertTrue(space.report().offCentre() > 0.9, space.report().toString());
        assertEquals(
                space, result.assistant().orElseThrow().embeddingSpace().orElseThrow(), "one space for both stages");
        assertTrue(
                events.stream()
                        .anyMatch(e -> e instanceof TrainingEvent.SpaceFitted f
                                && f.guide().equals("teacher")
                                && f.space().equals(space)),
                "it is said");
        assertTrue(
                terms(result).containsAll(List.of("teacher: contrastive", "assistant: contrastive")),
                terms(result).toString());
        result.student().save(dir.resolve("student.zip"));
        Network loaded = Network.load(dir.resolve("student.zip"));
        assertEquals(space, loaded.embeddingSpace().orElseThrow());
        double inSpace = crossMatch(loaded, offCentre.in(space));
        assertTrue(inSpace > 0.8, "cross-resolution " + inSpace);
    }

    @Test
    void aResumedSecondStageLearnsInTheSpaceOfTheFirst(@TempDir Path dir) {
        RuntimeException pulled = new RuntimeException("the plug is pulled");
        EarlyStopping heldOut =
                new EarlyStopping(0.25, 5); // another part in each stage, so a space fitted anew would be another
        DistillationResult whole = twoStages(heldOut).build().run(train);
        try {
            twoStages(heldOut)
                    .checkpoints(dir)
                    .listen(event -> {
                        if (event instanceof TrainingEvent.StepFinished step
                                && step.stage().equals("student")) {
                            throw pulled;
                        }
                    })
                    .build()
                    .run(train);
        } catch (RuntimeException e) {
            assertEquals(pulled, e);
        }
        DistillationResult resumed = twoStages(heldOut).checkpoints(dir).build().run(train);
        assertEquals(whole.student().identity(), resumed.student().identity());
        assertEquals(whole.student().embeddingSpace(), resumed.student().embeddingSpace());
    }

    private DistillationBuilder twoStages(EarlyStopping heldOut) {
        return distillation(offCentre)
                .schedule(SHORT.withEpochs(1))
                .assistant(Backbone.plain(4, 16))
                .studentAlsoFromTeacher()
                .earlyStopping(heldOut);
    }

    @Test
    void aCentredTeachersSpaceStaysItsOwn() {
        DistillationResult result = distillation(own)
                .softLogits(0, 4)
                .schedule(SHORT.withEpochs(1))
                .build()
                .run(train);
        assertTrue(result.student().embeddingSpace().isEmpty());
        assertTrue(terms(result).contains("teacher: first"), terms(result).toString());
    }

    @Test
    void ofUnitLengthATeachersSpaceIsStillItsOwn() {
        DistillationResult result = distillation(own.in(EmbeddingSpace.raw(16)))
                .softLogits(0, 4)
                .schedule(SHORT.withEpochs(1))
                .build()
                .run(train);
        assertTrue(terms(result).contains("teacher: first"), terms(result).toString());
    }

    private static List<String> terms(DistillationResult result) {
        return result.history().stream()
                .flatMap(epoch -> epoch.terms().stream())
                .map(term -> term.name())
                .distinct()
                .toList();
    }

    @Test
    void whatWasTaughtInASpaceIsTakenAsItIs() {
        EmbeddingSpace space = whitened();
        Network student = distillation(own.in(space))
                .softLogits(0, 4)
                .schedule(SHORT.withEpochs(1))
                .build()
                .run(train)
                .student();
        assertEquals(space, student.embeddingSpace().orElseThrow());
    }

    @Test
    void aTeacherInASpaceIsNotBroughtIntoItAgainOnResuming(@TempDir Path dir) {
        EmbeddingSpace space = whitened();
        RuntimeException pulled = new RuntimeException("the plug is pulled");
        Network whole = alsoFromTeacher(own.in(space)).build().run(train).student();
        DistillationBuilder interrupted = alsoFromTeacher(own.in(space))
                .checkpoints(dir)
                .listen(event -> {
                    if (event instanceof TrainingEvent.StepFinished step
                            && step.stage().equals("student")) {
                        throw pulled;
                    }
                });
        assertEquals(
                pulled,
                assertThrows(RuntimeException.class, () -> interrupted.build().run(train)));
        Network resumed = alsoFromTeacher(own.in(space))
                .checkpoints(dir)
                .build()
                .run(train)
                .student();
        assertEquals(whole.identity(), resumed.identity());
    }

    private static EmbeddingSpace whitened() {
        int[] all = IntStream.range(0, train.size()).toArray();
        INDArray seen = own.embed(train.batch(Resolution.HIGH, all, Pose.IDENTITY));
        return EmbeddingSpace.fit(EmbeddingRows.of(seen), SpaceMethod.whitened());
    }

    private DistillationBuilder alsoFromTeacher(Guide teacher) {
        return distillation(teacher)
                .softLogits(0, 4)
                .schedule(SHORT.withEpochs(1))
                .assistant(Backbone.plain(4, 16))
                .studentAlsoFromTeacher();
    }

    @Test
    void aStudentOfAnotherWidthLiesInASpaceOfItsOwn() {
        Network student = distillation(offCentre)
                .student(Backbone.plain(4, 12))
                .schedule(SHORT.withEpochs(1))
                .build()
                .run(train)
                .student();
        assertTrue(student.embeddingSpace().isEmpty());
    }

    @Test
    void aStudentTaughtAnewForgetsTheSpaceOfItsFormerTeacher() {
        Network before = distillation(offCentre)
                .schedule(SHORT.withEpochs(1))
                .build()
                .run(train)
                .student();
        assertTrue(before.embeddingSpace().isPresent());
        Network after = distillation(own)
                .student(Learner.of(before))
                .softLogits(0, 4)
                .schedule(SHORT.withEpochs(1))
                .build()
                .run(train)
                .student();
        assertTrue(after.embeddingSpace().isEmpty());
    }

    /** Counts its bank. */
    private record Counting(List<Integer> sizes) implements BankLoss {

        @Override
        public LossValue lossAndGradient(INDArray guide, INDArray learner, Bank bank) {
            sizes.add(bank.size());
            return CosineLoss.squaredDistance().lossAndGradient(guide, learner);
        }
    }

    private int bankOf(GuideBank bank) {
        List<Integer> sizes = new ArrayList<>();
        train(GuideLoss.onEmbeddings("teacher", new Counting(sizes)).withBank(bank));
        return sizes.get(sizes.size() - 1);
    }

    private static void train(GuideLoss loss) {
        train(loss, SpaceMethod.whitenedWhereOffCentre(), event -> {});
    }

    private static void train(GuideLoss loss, SpaceMethod space, TrainingListener listener) {
        TrainingOptions options = TrainingOptions.of(SHORT.withEpochs(1), 3).withSpace(space);
        Stage stage = Stage.onLabels("student", Backbone.plain(4, 16), Resolution.LOW, options)
                .withLosses(0, loss);
        Stages.run(List.of(stage), java.util.Map.of("teacher", offCentre), train, listener);
    }

    @Test
    void aLossThatHasItsBankKeepsIt() {
        List<Integer> own = new ArrayList<>();
        List<Integer> handed = new ArrayList<>();
        Bank seven = Bank.of(Nd4j.rand(DataType.FLOAT, 7, 16));
        train(GuideLoss.onEmbeddings(
                "teacher",
                HybridOrderLoss.of(
                        new Term("own", 1, new Counting(own).withBank(seven)),
                        new Term("handed", 1, new Counting(handed)))));
        assertEquals(List.of(7), own.stream().distinct().toList());
        assertEquals(List.of(train.size()), handed.stream().distinct().toList());
    }

    @Test
    void aBankOfRowsAsTheyComeIsRefusedWhereASpaceWasFitted() {
        int[] all = IntStream.range(0, train.size()).toArray();
        Pose[] asIs = Collections.nCopies(all.length, Pose.IDENTITY).toArray(Pose[]::new);
        INDArray raw = KnowledgeStore.inMemory()
                .of(offCentre, train, Resolution.HIGH, KnownPoses.asIs(), seen -> {})
                .embeddings(all, asIs);
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> train(GuideLoss.onEmbeddings(
                                "teacher", ContrastiveLoss.at(0.1).withBank(Bank.of(raw)))))
                .getMessage();
        assertTrue(message.contains("ContrastiveLoss") && message.contains("as they come"), message);
        train(
                GuideLoss.onEmbeddings("teacher", ContrastiveLoss.at(0.1).withBank(Bank.of(raw))),
                SpaceMethod.raw(),
                events::add);
        EmbeddingSpace space = EmbeddingSpace.fit(EmbeddingRows.of(raw), SpaceMethod.whitenedWhereOffCentre());
        train(
                GuideLoss.onEmbeddings("teacher", ContrastiveLoss.at(0.1).withBank(Bank.of(space.apply(raw)))),
                SpaceMethod.whitenedWhereOffCentre(),
                events::add);
        assertTrue(events.stream().noneMatch(e -> e instanceof TrainingEvent.UnrelatedBank), events.toString());
    }

    @Test
    void aBankThatKnowsNoImageIsSaid() {
        train(
                GuideLoss.onEmbeddings(
                        "teacher", ContrastiveLoss.at(0.1).withBank(Bank.of(Nd4j.rand(DataType.FLOAT, 7, 16)))),
                SpaceMethod.whitenedWhereOffCentre(),
                events::add);
        assertTrue(events.stream()
                .anyMatch(e ->
                        e instanceof TrainingEvent.UnrelatedBank s && s.term().equals("ContrastiveLoss")));
        train(
                GuideLoss.onEmbeddings("teacher", ContrastiveLoss.at(0.1)).withBank(GuideBank.recentBatches(64)),
                SpaceMethod.whitenedWhereOffCentre(),
                event -> assertTrue(!(event instanceof TrainingEvent.UnrelatedBank)));
    }

    @Test
    void guidesOfDifferentSpacesAreSaidWhereValuesAreCompared() {
        GuideLoss first = GuideLoss.onEmbeddings("teacher", CosineLoss.squaredDistance());
        GuideLoss second = GuideLoss.onEmbeddings("other", CosineLoss.squaredDistance());
        assertEquals(List.of("teacher", "other"), differing(first, second));
        assertEquals(List.of(), differing(first), "one alone");
        assertEquals(
                List.of(),
                differing(first, GuideLoss.onEmbeddings("other", DistanceLoss.guideScaled())),
                "relations want no common space");
    }

    private List<String> differing(GuideLoss... losses) {
        events.clear();
        Stage stage = Stage.onLabels("student", Backbone.plain(4, 16), Resolution.LOW, SHORT.withEpochs(1), 3)
                .withLosses(0, losses);
        Stages.run(List.of(stage), java.util.Map.of("teacher", offCentre, "other", own), train, events::add);
        return events.stream()
                .filter(e -> e instanceof TrainingEvent.SpacesDiffer)
                .flatMap(e -> ((TrainingEvent.SpacesDiffer) e).guides().stream())
                .toList();
    }

    @Test
    void anAssistantLiesInItsTeachersSpace() {
        for (Guide teacher : List.of(own, offCentre)) {
            alsoFromTeacher(teacher).build().run(train);
        }
        assertTrue(events.stream().noneMatch(e -> e instanceof TrainingEvent.SpacesDiffer), events.toString());
    }

    @Test
    void aBatchOfTwoIsLargeEnoughForWhatIsRecommended() {
        PairedImages few = train.subset(IntStream.range(0, 16).toArray());
        for (Guide teacher : List.of(own, offCentre)) {
            distillation(teacher)
                    .softLogits(0, 4)
                    .schedule(SHORT.withEpochs(1))
                    .batchSize(2)
                    .build()
                    .run(few);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> distillation(own)
                        .loss(HybridOrderLoss.defaults())
                        .batchSize(2)
                        .build()
                        .run(few),
                "who asks for angles by name is told");
    }

    @Test
    void aLossIsHandedItsBank() {
        assertEquals(train.size(), bankOf(GuideBank.defaults()), "all there is");
        assertEquals(100, bankOf(GuideBank.sampled(100)));
        assertEquals(0, bankOf(GuideBank.recentBatches(64)), "which only losses of the library fill");
    }

    @Test
    void aBankOfPosesTeachesTheStudent() {
        Network student = distillation(offCentre)
                .loss(ContrastiveLoss.at(0.1))
                .augmentation(Augmentation.none().shift(1).rotate(0.1))
                .guidePoses(3)
                .build()
                .run(train)
                .student();
        double inSpace =
                crossMatch(student, offCentre.in(student.embeddingSpace().orElseThrow()));
        assertTrue(inSpace > 0.7, "cross-resolution " + inSpace);
        assertTrue(
                events.stream()
                        .anyMatch(e -> e instanceof TrainingEvent.KnowledgeGathered k && k.views() == 3 * train.size()),
                "the teacher was asked about every pose");
    }

    private static double crossMatch(Network student, Guide teacher) {
        int[] probes = IntStream.range(0, test.size()).toArray();
        int[] gallery = IntStream.range(0, train.size()).toArray();
        INDArray low = student.embed(test.batch(Resolution.LOW, probes, Pose.IDENTITY));
        INDArray high = teacher.output(train.batch(Resolution.HIGH, gallery, Pose.IDENTITY))
                .embeddings();
        INDArray nearest = low.divColumnVector(low.norm2(true, 1))
                .mmul(high.divColumnVector(high.norm2(true, 1)).transpose())
                .argMax(1);
        return IntStream.of(probes)
                        .filter(i -> train.label(nearest.getInt(i)) == test.label(i))
                        .count()
                / (double) probes.length;
    }
}
