package io.github.horkd.experiment;

import io.github.horkd.distill.Log;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.eval.PairWeight;
import io.github.horkd.eval.Verification;
import io.github.horkd.guide.Guide;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a run directory promises: a teacher is asked once, nothing that changed is mixed with what was there, parts may be run at other times. */
class ExperimentDirectoryTest {

    private static final String TEXT = """
            {"name": "judged",
             "data": {"test": {"source": {"type": "drawnShapes", "count": 40, "seed": 9}}},
             "teachers": {"teacher": {"type": "pixels", "file": "${file:}"}},
             "variants": [
               {"name": "sharp", "network": "teacher", "sees": "high"},
               {"name": "naive", "network": "teacher", "enlarge": "bicubic"}],
             "seeds": [1, 2],
             "evaluation": {"measures": [
               {"type": "allPairs", "column": "across"},
               {"type": "allPairs", "column": "both", "against": "both"}]}}
            """;

    private static final TypeRegistry KINDS =
            DrawnShapes.KINDS.with("pixels", PixelTeacher.class).with("runSeed", new RunSeed(Seed.ofRun()));

    private static PixelGuide asked;

    @TempDir
    Path folder;

    /** Sees what {@link PixelGuide} sees, and counts. */
    public record PixelTeacher(Path file) implements TeacherSource {
        @Override
        public Guide open() {
            return asked;
        }
    }

    /** The seed of the run. */
    public record RunSeed(Seed seed) implements Measure {
        @Override
        public List<String> columns() {
            return List.of("seed");
        }

        @Override
        public double[] of(Trial trial) {
            return new double[] {seed.of(trial.seed())};
        }
    }

    @BeforeEach
    void anew() {
        asked = new PixelGuide("pixels", 8, 0);
    }

    private static Experiment judged(String... values) {
        return Experiment.parse(TEXT, "judged.json", values.length == 0 ? Map.of() : Map.of("file", values[0]), KINDS);
    }

    @Test
    void aTeacherIsAskedOnceAboutAPicture() {
        Path out = folder.resolve("run");
        RunDirectory first = judged().in(out, KINDS).only("sharp").run();
        assertEquals(40, asked.asked);
        assertEquals(1, first.runs().size());
        assertEquals(List.of("sharp", "naive"), first.manifest().variants(), "the others are left to a later call");
        RunDirectory all = judged().in(out, KINDS).run();
        assertEquals(80, asked.asked, "low views are new, high ones are not");
        assertEquals(
                List.of("sharp", "naive"),
                all.runs().stream().map(RunResult::variant).toList());
        judged().in(folder.resolve("other"), KINDS)
                .knowledgeIn(out.resolve("knowledge"))
                .run();
        assertEquals(80, asked.asked);
        assertTrue(Files.notExists(folder.resolve("other").resolve("knowledge")));
        ExperimentRun run = judged().in(out, KINDS);
        String refused = assertThrows(IllegalArgumentException.class, () -> run.only("shrap"))
                .getMessage();
        assertEquals("variants: there is no 'shrap'; did you mean 'sharp'? Known: naive, sharp", refused);
    }

    @Test
    void enrolledAtBothResolutionsIsTheSumOfUnitRows() {
        RunResult run = judged().in(folder.resolve("run"), KINDS)
                .only("naive")
                .run()
                .finished("naive")
                .get(0);
        INDArray low = Nd4j.create(run.probes().rows().toArray(float[][]::new));
        INDArray high = Nd4j.create(run.gallery().rows().toArray(float[][]::new));
        float[][] sum = new float[40][8];
        for (int i = 0; i < sum.length; i++) {
            for (int d = 0; d < 8; d++) {
                sum[i][d] = (float) (high.getDouble(i, d)
                                / high.getRow(i).norm2Number().doubleValue()
                        + low.getDouble(i, d) / low.getRow(i).norm2Number().doubleValue());
            }
        }
        int[] labels = run.probes().people().stream()
                .mapToInt(List.of("level", "upright", "falling", "rising")::indexOf)
                .toArray();
        double auc = Verification.allPairs(Nd4j.create(sum), low, labels, PairWeight.PER_PERSON)
                .auc();
        assertEquals(100 * auc, run.figures().get("both"), 1e-3);
        assertFalse(Math.abs(run.figures().get("across") - run.figures().get("both")) < 1e-3);
    }

    @Test
    void aVariantIsRunForEverySeedThatAMeasureReads() {
        Experiment read = judged();
        EvaluationPlan plan =
                new EvaluationPlan("test", "", "teacher", false, List.of(new RunSeed(new Seed(10, 1))), List.of());
        Experiment counted = new Experiment(
                read.name(), "", read.data(), read.teachers(), List.of(), read.variants(), read.seeds(), plan, false);
        RunDirectory done = counted.in(folder.resolve("run"), KINDS).run();
        assertEquals(
                List.of(11.0, 21.0),
                done.finished("naive").stream()
                        .map(run -> run.figures().get("seed"))
                        .toList());
    }

    @Test
    void aFileThatChangedIsRefused() throws Exception {
        Path model = Files.writeString(folder.resolve("model.bin"), "one");
        Path out = folder.resolve("run");
        RunDirectory done = judged(model.toString()).in(out, KINDS).run();
        assertEquals(
                List.of(model.toString()), List.copyOf(done.manifest().files().keySet()));
        Files.writeString(model, "other");
        ExperimentRun changed = judged(model.toString()).in(out, KINDS);
        String refused =
                assertThrows(IllegalArgumentException.class, changed::run).getMessage();
        assertTrue(refused.startsWith(model + ": has changed since the directory was begun"), refused);
        assertEquals(done, RunDirectory.read(out), "it stays as it was");
        Files.writeString(model, "one");
        judged(model.toString()).in(out, KINDS).run();
    }

    @Test
    void manifestsOfBeforeFilesWereNotedAreGoneOnWith() throws Exception {
        Path out = folder.resolve("run");
        judged().in(out, KINDS).run();
        Path manifest = out.resolve("manifest.json");
        String text = Files.readString(manifest);
        String without = text.replaceFirst(",\\s*\"files\"\\s*:\\s*\\{\\s*\\}", "");
        assertFalse(without.equals(text), text);
        Files.writeString(manifest, without);
        assertEquals(Map.of(), RunDirectory.read(out).manifest().files());
        judged().in(out, KINDS).run();
        assertEquals(80, asked.asked);
    }

    @Test
    void runsWithoutManifestAreRefusedAndOtherFilesLeftAlone() throws Exception {
        Path out = folder.resolve("run");
        Files.createDirectories(out);
        Path other = Files.writeString(out.resolve("rows.csv"), "mine");
        try (Log log = new Log()) {
            judged().in(out, KINDS).run();
            assertTrue(
                    log.text().contains("what lies there is not gone on with and stays as it is: rows.csv (1 in all)"),
                    log.text());
        }
        assertEquals("mine", Files.readString(other));
        Files.delete(out.resolve("manifest.json"));
        ExperimentRun orphans = judged().in(out, KINDS);
        String refused =
                assertThrows(IllegalArgumentException.class, orphans::run).getMessage();
        assertTrue(refused.startsWith(out + ": has runs and no manifest.json"), refused);
        assertTrue(Files.notExists(out.resolve("manifest.json")));
    }

    @Test
    void furtherVariantsAreGoneOnWithChangedOnesAreNot() throws Exception {
        Path out = folder.resolve("run");
        Experiment all = judged();
        Variant sharp = all.variants().get(0);
        all.withVariants("sharp").in(out, KINDS).run();
        RunDirectory grown = all.in(out, KINDS).run();
        assertEquals(List.of("sharp", "naive"), grown.manifest().variants());
        assertEquals(2, grown.runs().size());
        assertEquals(80, asked.asked);
        Variant changed = Variant.shared("sharp", "teacher", sharp.sees(), Variant.Enlarge.LANCZOS);
        List<List<Variant>> others = List.of(List.of(changed, all.variants().get(1)), List.of(sharp));
        for (List<Variant> other : others) {
            ExperimentRun run = all.withVariants(other).in(out, KINDS);
            String refused =
                    assertThrows(IllegalArgumentException.class, run::run).getMessage();
            assertTrue(refused.contains("holds runs of another experiment"), refused);
        }
        assertEquals(grown, RunDirectory.read(out));
        // Where the experiment is not there to be compared with, nobody knows.
        Files.delete(out.resolve("experiment.json"));
        all.in(out, KINDS).run();
        Files.delete(out.resolve("experiment.json"));
        ExperimentRun more = all.withVariants(List.of(
                        sharp,
                        all.variants().get(1),
                        Variant.shared("more", "teacher", sharp.sees(), Variant.Enlarge.NO)))
                .in(out, KINDS);
        assertThrows(IllegalArgumentException.class, more::run);
    }

    @Test
    void otherVersionsAreSaid() throws Exception {
        Path out = folder.resolve("run");
        judged().in(out, KINDS).run();
        Path manifest = out.resolve("manifest.json");
        String java = System.getProperty("java.version") + ", " + System.getProperty("java.vendor");
        Files.writeString(manifest, Files.readString(manifest).replace(java, "1.5, Sun"));
        try (Log log = new Log()) {
            judged().in(out, KINDS).run();
            assertTrue(log.text().contains("{java=1.5, Sun then, " + java + " now}"), log.text());
        }
    }
}
