package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.guide.PrecomputedKnowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.Precision;
import io.github.horkd.loss.AttentionTransferLoss;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.HintLoss;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import io.github.horkd.loss.SpatialAffinityLoss;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxExport;
import io.github.horkd.onnx.OnnxGuide;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Learners held against what their guide says inside. */
class FeatureMapsTest {

    private static final Schedule SHORT = Schedule.epochs(5).withBatchSize(32).withLearningRate(0.01);

    private static PairedImages train;
    private static Network teacher;
    private final List<TrainingEvent.EpochFinished> epochs = new ArrayList<>();

    @BeforeAll
    static void trainATeacher() {
        train = Shapes.drawn(256, 1);
        teacher = Classifier.train(
                Stage.onLabels("teacher", Backbone.residual(8, 16), Resolution.HIGH, SHORT, 7), train, event -> {});
    }

    private static GuideLoss loss(String guide, String suffix) {
        return GuideLoss.onEmbeddings(guide, CosineLoss.squaredDistance())
                .andMaps(
                        MapTerm.of("block1" + suffix, "stem", HintLoss.ofGuidesSpread()),
                        MapTerm.of("block2" + suffix, "block1", new AttentionTransferLoss()),
                        new MapTerm("block1" + suffix, "stem", 2, SpatialAffinityLoss.defaults()));
    }

    private static Stage student(GuideLoss loss) {
        return Stage.onLabels("student", Backbone.plain(8, 16), Resolution.LOW, SHORT, 3)
                .withLosses(0, loss);
    }

    private Network run(KnowledgeStore store, Map<String, KnowledgeSource> guides, Stage... stages) {
        TrainingListener listener = event -> {
            if (event instanceof TrainingEvent.EpochFinished epoch) {
                epochs.add(epoch);
            }
        };
        return Stages.run(List.of(stages), guides, train, listener, store, Checkpoints.none())
                .get("student");
    }

    @Test
    void everyTermFallsAndTheSavedStudentIsPlain(@TempDir Path dir) throws IOException {
        Network student;
        try (KnowledgeStore store = KnowledgeStore.inFolder(dir, Precision.FLOAT16)) {
            student = run(store, Map.of("teacher", teacher), student(loss("teacher", "")));
        }
        List<TermValue> first = epochs.get(0).terms();
        List<TermValue> last = epochs.get(epochs.size() - 1).terms();
        assertEquals(4, first.size());
        assertTrue(
                first.stream().anyMatch(term -> term.name().equals("teacher: hint block1 to stem")), first.toString());
        for (int t = 0; t < 4; t++) {
            assertTrue(last.get(t).raw() < 0.8 * first.get(t).raw(), first.get(t) + " became " + last.get(t));
        }
        student.save(dir.resolve("student.zip"));
        ComputationGraph plain =
                ComputationGraph.load(dir.resolve("student.zip").toFile(), false);
        String json = plain.getConfiguration().toJson();
        assertFalse(json.contains("horkd") || json.contains("projection") || json.contains("hint"), "nothing stays");
        INDArray images = train.batch(Resolution.LOW, new int[] {0, 1, 2}, Pose.IDENTITY);
        assertArrayEquals(
                student.embed(images).dup().data().asFloat(),
                plain.output(List.of("embedding"), false, new INDArray[] {images}, null)[0]
                        .dup()
                        .data()
                        .asFloat(),
                1e-4f);
        // Two maps of 16x6x6 and 24x3x3, an embedding and four logits, of each image, two bytes a value.
        long bytes = 256L * (16 + 4 + 16 * 36 + 24 * 9) * 2;
        try (Stream<Path> files = Files.list(dir)) {
            Path kept = files.filter(file -> file.toString().endsWith(".knowledge"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(Files.size(kept) >= bytes && Files.size(kept) < bytes + 8192, Files.size(kept) + " bytes");
        }
    }

    @Test
    void anOnnxFileGivesItsMapsAsANetworkDoes(@TempDir Path dir) {
        OnnxExport.write(teacher, dir.resolve("teacher.onnx"));
        Stage one = student(loss("teacher", "/Relu"));
        try (OnnxGuide guide = OnnxGuide.from(dir.resolve("teacher.onnx")).open()) {
            run(
                    KnowledgeStore.inMemory(),
                    Map.of("teacher", guide),
                    one.withOptions(one.options().withSchedule(SHORT.withEpochs(1))));
        }
        Stage other = student(loss("teacher", ""));
        run(
                KnowledgeStore.inMemory(),
                Map.of("teacher", teacher),
                other.withOptions(other.options().withSchedule(SHORT.withEpochs(1))));
        for (int t = 0; t < 4; t++) {
            double byOnnx = epochs.get(0).terms().get(t).raw();
            assertEquals(epochs.get(1).terms().get(t).raw(), byOnnx, 0.02 * byOnnx);
        }
    }

    @Test
    void whatLearnedInAnEarlierStageGivesMapsToo() {
        Schedule once = SHORT.withEpochs(1);
        Stage assistant = Stage.onLabels("assistant", Backbone.residual(4, 16), Resolution.HIGH, once, 5)
                .withLosses(0, GuideLoss.onMaps("teacher", MapTerm.of("block1", "block1", HintLoss.plain())));
        Stage student = student(loss("assistant", ""));
        run(
                KnowledgeStore.inMemory(),
                Map.of("teacher", teacher),
                assistant,
                student.withOptions(student.options().withSchedule(once)));
        assertEquals(
                List.of("teacher: hint block1 to block1"),
                epochs.get(0).terms().stream().map(TermValue::name).toList());
        assertEquals(4, epochs.get(1).terms().size());
    }

    @Test
    void mapsThatAreNotThereAreSaid() {
        KnowledgeSource precomputed = PrecomputedKnowledge.of(
                IntStream.range(0, train.size()).mapToObj(train::name).toList(),
                teacher.embed(train.batch(
                        Resolution.HIGH, IntStream.range(0, train.size()).toArray(), Pose.IDENTITY)));
        assertSaid(precomputed, "block1", "stem", "stage student", "'teacher'", "gives none");
        assertSaid(teacher, "nothing", "stem", "stage student", "'teacher'", "'nothing'", "block1");
        assertSaid(teacher, "embedding", "stem", "'embedding'", "which gives [1, 16]");
        assertSaid(teacher, "block1", "nothing", "the learner", "'nothing'", "stem");
        assertThrows(IllegalArgumentException.class, () -> GuideLoss.onMaps("teacher"));
    }

    private void assertSaid(KnowledgeSource guide, String map, String vertex, String... parts) {
        Stage stage = student(GuideLoss.onMaps("teacher", MapTerm.of(map, vertex, new AttentionTransferLoss())));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> run(KnowledgeStore.inMemory(), Map.of("teacher", guide), stage))
                .getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }
}
