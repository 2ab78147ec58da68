package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.eval.Evaluation;
import io.github.horkd.guide.Guide;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxExport;
import io.github.horkd.onnx.OnnxGuide;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A teacher that went out as ONNX and came back knows the same, and teaches. */
class OnnxTeacherTest {

    private static final Schedule SHORT = Schedule.epochs(4).withBatchSize(32).withLearningRate(0.01);
    private static final TrainingListener SILENT = event -> {};

    @Test
    void exportedAndReadBackItKnowsTheSameAndTeaches(@TempDir Path dir) {
        PairedImages train = Shapes.drawn(256, 1);
        PairedImages test = Shapes.drawn(128, 2);
        Network teacher = Classifier.train(
                Stage.onLabels("teacher", Backbone.residual(8, 16), Resolution.HIGH, SHORT, 7), train, SILENT);
        Path file = dir.resolve("teacher.onnx");
        OnnxExport.write(teacher, file);
        try (OnnxGuide guide = OnnxGuide.from(file).threads(1).open();
                KnowledgeStore store = KnowledgeStore.inMemory()) {
            for (Pose pose : List.of(Pose.IDENTITY, Pose.MIRRORED)) {
                int[] all = IntStream.range(0, train.size()).toArray();
                Pose[] poses = new Pose[all.length];
                Arrays.fill(poses, pose);
                Knowledge before = store.of(teacher, train, Resolution.HIGH, KnownPoses.withMirror(), views -> {});
                Knowledge after = store.of(guide, train, Resolution.HIGH, KnownPoses.withMirror(), views -> {});
                assertClose(before.embeddings(all, poses), after.embeddings(all, poses));
                assertClose(
                        before.logits(all, poses).orElseThrow(),
                        after.logits(all, poses).orElseThrow());
            }
            // Wider than the teacher, and by its logits too.
            Network student = Distillation.from((Guide) guide)
                    .student(Backbone.plain(8, 24))
                    .softLogits(1, 4)
                    .schedule(SHORT)
                    .seed(3)
                    .listen(SILENT)
                    .build()
                    .run(train)
                    .student();
            assertEquals(24, student.embeddingWidth());
            int[] labels = Evaluation.labels(test);
            INDArray scores = student.classify(
                    test.batch(Resolution.LOW, IntStream.range(0, labels.length).toArray(), Pose.IDENTITY));
            double right = IntStream.range(0, labels.length)
                    .filter(i -> scores.getRow(i).argMax().getInt(0) == labels[i])
                    .count();
            assertTrue(right / labels.length > 0.8, "accuracy " + right / labels.length);
        }
    }

    private static void assertClose(INDArray wanted, INDArray got) {
        double worst = wanted.sub(got).amaxNumber().doubleValue()
                / Math.max(1, wanted.amaxNumber().doubleValue());
        assertTrue(worst <= 1e-5, "differs by " + worst);
    }
}
