package io.github.horkd.examples;

import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.eval.Accuracy;
import io.github.horkd.eval.FoldAccuracy;
import io.github.horkd.eval.ImagePairs;
import io.github.horkd.eval.PairList;
import io.github.horkd.experiment.Experiment;
import io.github.horkd.experiment.ExperimentRun;
import io.github.horkd.experiment.Manifest;
import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.experiment.RunResult;
import io.github.horkd.experiment.Training;
import io.github.horkd.experiment.Variant;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.LocalScaling;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxGuide;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The benchmark's experiments on a data set of 48 pictures, in trainings of a few steps. */
class LfwExperimentsTest {

    private static final String BASE = "first order, whitened (the base)";
    private static final List<String> ROWS = List.of(
            LfwPublicTeacher.NAIVE,
            LfwPublicTeacher.CONTRASTIVE,
            BASE,
            "labels only",
            "contrastive, the large student as assistant",
            "the library's defaults");

    @TempDir
    private static Path small;

    private static Map<String, String> values;

    @TempDir
    Path out;

    @BeforeAll
    static void drawn() throws Exception {
        values = new HashMap<>(SmallLfw.in(small));
        values.putAll(Map.of("posed", "1", "mixed", "1", "cohort", "0.9"));
    }

    private static Experiment shortly(Experiment experiment, List<String> rows) {
        return experiment
                .withNetworks(experiment.networks().stream()
                        .map(LfwExperimentsTest::shortly)
                        .toList())
                .withVariants(experiment.variants().stream()
                        .filter(variant -> rows.contains(variant.name()))
                        .map(variant -> new Variant(
                                variant.name(),
                                variant.trainings().stream()
                                        .map(LfwExperimentsTest::shortly)
                                        .toList(),
                                variant.network(),
                                variant.sees(),
                                variant.enlarge(),
                                variant.gallery()))
                        .toList());
    }

    private static Training shortly(Training training) {
        return training.withSchedule(Schedule.steps(3).withBatchSize(8));
    }

    @Test
    void viewOne() throws Exception {
        Experiment experiment =
                shortly(Experiments.load("lfw-teacher", values), ROWS).withSeeds(1);
        Map<String, Integer> learned = new HashMap<>();
        ExperimentRun run = experiment.in(out, Experiments.KINDS).listen(event -> {
            if (event instanceof TrainingEvent.StageStarted started) {
                learned.merge(started.stage(), started.pairs(), Math::max);
            }
        });
        RunDirectory done = run.run();
        for (String row : ROWS) {
            assertEquals(1, done.finished(row).size(), row);
        }
        assertEquals(Map.of("student", 72, "large", 72), learned, "24 pictures, as many posed, as many mixed");
        Manifest.DataSet test = set(done, "test");
        assertEquals(24 + 18, test.pictures(), "all of the test's people, and who else is in a pair");
        assertEquals(24, test.labelled());
        assertEquals(6, done.manifest().files().size() + 1, "a model, two lists of people, two of pairs");
        RunResult student = done.finished(LfwPublicTeacher.CONTRASTIVE).get(0);
        EmbeddingSpace space = Network.load(student.directory().resolve("student.zip"))
                .embeddingSpace()
                .orElseThrow();
        PairedImages judged = run.images("test", 1);
        try (OnnxGuide teacher = OnnxGuide.from(Path.of(values.get("teacher")))
                .scaling(Scaling.ZERO_255)
                .imageChannels(3)
                .atOnce(16)
                .open()) {
            INDArray gallery = Embeddings.by(teacher.upsampled(Interpolation.BILINEAR))
                    .withMirror()
                    .in(space)
                    .of(judged, Resolution.HIGH);
            assertArrayEquals(
                    gallery.toFloatMatrix(),
                    student.gallery().rows().toArray(float[][]::new),
                    "in the student's space");
            INDArray cohort = Embeddings.by(teacher.upsampled(Interpolation.BILINEAR))
                    .withMirror()
                    .in(space)
                    .of(run.images("cohort", 1), Resolution.HIGH);
            Network network = Network.load(student.directory().resolve("student.zip"));
            INDArray small = Embeddings.by(network).withMirror().of(run.images("cohort", 1), Resolution.LOW);
            ImagePairs pairs = PairList.read(Path.of(values.get("protocol")).resolve("pairsDevTest.txt"))
                    .in(judged);
            INDArray probes = Nd4j.create(student.probes().rows().toArray(float[][]::new));
            assertEquals(
                    100
                            * pairs.bothWays()
                                    .verify(gallery, probes, LocalScaling.of(cohort, small))
                                    .auc(),
                    student.figures().get("locally scaled HR-LR AUC"),
                    1e-3);
        }
        assertEquals(
                List.of(LfwPublicTeacher.CONTRASTIVE, "labels only", "contrastive, the large student as assistant"),
                LfwTables.gains(twice(done), experiment).rows().stream()
                        .map(row -> row.get(0))
                        .toList(),
                "the same student, as many steps, all pictures; not the defaults");
    }

    /** As if another seed had given the same. */
    private static RunDirectory twice(RunDirectory done) {
        List<RunResult> runs = new ArrayList<>(done.runs());
        for (RunResult run : done.runs()) {
            runs.add(new RunResult(
                    run.directory(),
                    run.variant(),
                    run.seed() + 1,
                    run.state(),
                    run.seconds(),
                    run.figures(),
                    run.networks(),
                    run.epochs(),
                    run.validation(),
                    run.matching(),
                    run.byResolution(),
                    run.answers()));
        }
        return new RunDirectory(done.path(), done.manifest(), runs);
    }

    private static Manifest.DataSet set(RunDirectory done, String name) {
        return done.manifest().data().stream()
                .filter(set -> set.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void viewTwo() throws Exception {
        String row = "contrastive to a bank, whitened, 5,000 steps";
        Map<String, String> own = new HashMap<>(values);
        Experiment experiment = shortly(Experiments.load("lfw-view2", own), List.of(LfwPublicTeacher.NAIVE, row))
                .withSeeds(0, 1);
        List<Integer> learned = new ArrayList<>();
        ExperimentRun run = experiment.in(out, Experiments.KINDS).listen(event -> {
            if (event instanceof TrainingEvent.StageStarted started) {
                learned.add(started.pairs());
            }
        });
        RunDirectory done = run.run();
        assertEquals(2, learned.size());
        // Pictures and eight poses of the other fold's eight people, and those of six mixtures a picture that are of
        // them alone.
        learned.forEach(pairs -> assertTrue(pairs >= 24 * 9 && pairs < 24 * 15, pairs + " views"));
        ImagePairs pairs = PairList.read(small.resolve("pairs.txt")).in(run.images("train", 0));
        RunResult student = done.finished(row).get(1);
        INDArray low = Nd4j.create(student.probes().rows().toArray(float[][]::new));
        INDArray high = Nd4j.create(student.gallery().rows().toArray(float[][]::new));
        ImagePairs across = pairs.bothWays();
        assertEquals(
                100
                        * FoldAccuracy.of(across.cosines(high, low), across.same(), across.folds(), Accuracy.PLAIN)
                                .accuracies()
                                .get(1),
                student.figures().get("HR-LR accuracy"),
                1e-9);
        // People A to H are those of the first fold, which is the other one here.
        int[] others = IntStream.range(0, 24).toArray();
        LocalScaling scaling = LocalScaling.of(high.getRows(others), low.getRows(others));
        assertEquals(
                100
                        * FoldAccuracy.of(
                                        across.scores(high, low, scaling),
                                        across.same(),
                                        across.folds(),
                                        Accuracy.PLAIN)
                                .accuracies()
                                .get(1),
                student.figures().get("HR-LR accuracy, locally scaled"),
                1e-9);
        assertEquals(2, done.finished(LfwPublicTeacher.NAIVE).size(), "a figure a fold");
        assertEquals(2, LfwTables.folds(done).rows().size());
    }
}
