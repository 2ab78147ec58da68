package io.github.horkd.experiment;

import io.github.horkd.data.Resolution;
import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.eval.Identification;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import io.github.horkd.model.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An experiment from its file to its directory: the same every time, gone on with where it was stopped. */
class ExperimentTest {

    private static final Path FILE =
            Path.of(System.getProperty("basedir", ""), "src/test/resources/io/github/horkd/experiment/shapes.yaml");

    @TempDir
    Path folder;

    private static Experiment shapes() {
        return Experiment.load(FILE, Map.of(), DrawnShapes.KINDS);
    }

    @ParameterizedTest
    @CsvSource({"again.json", "again.yaml"})
    void survivesItsFile(String name) {
        Experiment experiment = shapes();
        experiment.save(folder.resolve(name), DrawnShapes.KINDS);
        assertEquals(experiment, Experiment.load(folder.resolve(name), Map.of(), DrawnShapes.KINDS));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "every: 2|evry: 2|shapes.yaml.variants[3].trainings[0].watch: there is no key 'evry' here; did you mean 'every'?",
                "loss: distance}|loss: distanse}|.losses[0].onEmbeddings[1].loss.loss: there is no type 'distanse'; did you mean 'distance'?",
                "sees: high|sees: hihg|there is no 'hihg' here; did you mean 'high'?",
                "network: teacher, sees: low|network: tacher, sees: low|variant naive, network: there is no 'tacher'; did you mean 'teacher'?",
                "temperature: 2|temperature: -2|onLogits[0].loss: ",
                "count: 32|count: many|shapes.yaml.data.others.source.count: wanted a whole number, got 'many'",
                "10 * seed + 1|ten * seed|something like '10 * seed + 1', got 'ten * seed'",
                "steps: 16, batch|stps: 16, batch|.schedule: there is no key 'stps' here; did you mean 'steps'?",
                "source: drawnShapes}|sorce: drawnShapes}|shapes.yaml.data.train: there is no key 'sorce' here; did you mean 'source'?",
                "width: 4, embeddingWidth: 8|width: 4, embedingWidth: 8|.backbone: there is no key 'embedingWidth' here; did you mean 'embeddingWidth'?",
                "sides: [3, 6]|sides: [3, -6]|shapes.yaml.evaluation: sides: wanted heights of 1 pixel and more, got [3, -6]",
                "seeds: [1, 2]|seeds: []|at least one seed",
                "gallery: train|gallery: ${nowhere}|wanted a value for ${nowhere}, got none"
            })
    void saysWhatIsWrongAndWhere(String right, String wrong, String message) throws Exception {
        Path file = folder.resolve("shapes.yaml");
        String text = Files.readString(FILE);
        assertTrue(text.contains(right), right);
        Files.writeString(
                file,
                text.replaceFirst(
                        java.util.regex.Pattern.quote(right), java.util.regex.Matcher.quoteReplacement(wrong)));
        String said = assertThrows(
                        IllegalArgumentException.class, () -> Experiment.load(file, Map.of(), DrawnShapes.KINDS))
                .getMessage();
        assertTrue(said.contains(message), said);
    }

    @Test
    void anEmptyFileIsNamed() throws Exception {
        Path file = Files.createFile(folder.resolve("empty.yaml"));
        String said = assertThrows(IllegalArgumentException.class, () -> Experiment.load(file))
                .getMessage();
        assertEquals("empty.yaml: wanted an Experiment, got nothing", said);
    }

    @Test
    void leavesEverythingInItsDirectory() throws Exception {
        Path out = folder.resolve("run");
        List<Path> told = new ArrayList<>();
        RunDirectory done =
                shapes().in(out, DrawnShapes.KINDS).whenWritten(told::add).run();
        assertEquals(done, RunDirectory.read(out));
        assertFalse(told.isEmpty());
        assertEquals(RunState.FINISHED, done.manifest().state());
        assertEquals(List.of("naive"), done.manifest().naive());
        assertTrue(done.manifest().versions().get("java").startsWith("1")
                || done.manifest().versions().containsKey("java"));
        assertEquals(3, done.manifest().data().size());
        // teacher, two rows of it that no seed changes, two variants of two seeds
        assertEquals(7, done.runs().size());
        assertEquals(RunResult.SHARED, done.runs().get(0).variant());
        RunResult run = done.finished("distilled").get(1);
        assertEquals(4, run.epochs().size());
        assertEquals(
                List.of("teacher: cosine", "teacher: unit distances", "teacher: softLogits"),
                run.epochs().get(0).terms().stream()
                        .map(TermValue::name)
                        .filter(name -> name.startsWith("teacher"))
                        .toList());
        assertEquals(
                List.of(0, 2, 4),
                run.validation().stream().map(RunResult.ValidationPoint::epoch).toList());
        assertTrue(run.validation().get(0).naiveAuc() > 0);
        assertEquals(
                List.of("HR-LR", "LR-LR"),
                run.matching().stream().map(RunResult.MatchingCurves::name).toList());
        assertEquals(2, run.byResolution().size());
        assertEquals(40, run.answers().size());
        long right = run.answers().stream().filter(RunResult.Answer::right).count();
        assertEquals(run.figures().get("x rank-1"), 100.0 * right / 40, 1e-9);
        assertEquals(40, run.probes().rows().size());
        assertEquals(64, run.gallery().rows().size());
        assertEquals(
                run.byResolution().get(1).rankOne(),
                run.matching().get(0).cmc().get(0),
                1e-9,
                "6 pixels are all there are");
        RunResult.TrainedNetwork network = run.networks().get(0);
        Network student = Network.load(run.directory().resolve(network.file()));
        assertEquals(student.parameterCount(), network.parameters());
        assertTrue(Files.size(run.directory().resolve(network.onnx())) > 0);
        assertTrue(done.finished("distilled")
                .get(0)
                .picture("shape-0", Resolution.LOW)
                .isPresent());
        for (String file : List.of(
                "figures.csv", "metrics.csv", "metrics.json", "validation.csv", "experiment.json", "experiment.yaml")) {
            assertTrue(Files.size(out.resolve(file)) > 100, file);
        }
        assertEquals(shapes(), Experiment.load(out.resolve("experiment.yaml"), Map.of(), DrawnShapes.KINDS));
        assertEquals(4, done.table().rows().size());
    }

    @Test
    void sameManifestSameNumbersAlsoAfterAnInterruption() throws Exception {
        Experiment small = shapes().withSeeds(1);
        Path whole = folder.resolve("whole");
        small.in(whole, DrawnShapes.KINDS).run();
        Path stopped = folder.resolve("stopped");
        ExperimentRun interrupted = small.in(stopped, DrawnShapes.KINDS).listen(event -> {
            if (event instanceof TrainingEvent.StepFinished step
                    && step.stage().equals("student")
                    && step.step() == 11) {
                throw new IllegalStateException("the power went");
            }
        });
        assertThrows(IllegalStateException.class, interrupted::run);
        RunDirectory half = RunDirectory.read(stopped);
        assertEquals(RunState.FAILED, half.manifest().state());
        assertEquals("the power went", half.manifest().problem());
        RunResult cut = half.runs().stream()
                .filter(run -> run.variant().equals("distilled"))
                .findFirst()
                .orElseThrow();
        assertEquals(RunState.RUNNING, cut.state());
        assertEquals(2, cut.epochs().size());
        RunDirectory done = small.in(stopped, DrawnShapes.KINDS).run();
        assertEquals(Files.readString(whole.resolve("figures.csv")), Files.readString(stopped.resolve("figures.csv")));
        assertEquals(
                losses(RunDirectory.read(whole).finished("distilled").get(0)),
                losses(done.finished("distilled").get(0)));
        assertEquals(
                Files.readString(whole.resolve("validation.csv")), Files.readString(stopped.resolve("validation.csv")));
        Manifest manifest = done.manifest();
        assertEquals(RunDirectory.read(whole).manifest().fingerprint(), manifest.fingerprint());
        assertEquals(RunDirectory.read(whole).manifest().data(), manifest.data());
        // A further seed belongs to it, another network does not.
        assertEquals(
                2,
                small.withSeeds(1, 2)
                        .in(stopped, DrawnShapes.KINDS)
                        .run()
                        .finished("labels only")
                        .size());
        String refused = assertThrows(
                        IllegalArgumentException.class,
                        () -> small.withVariants("naive")
                                .in(stopped, DrawnShapes.KINDS)
                                .run())
                .getMessage();
        assertTrue(refused.contains("holds runs of another experiment"), refused);
        assertEquals(RunState.FINISHED, RunDirectory.read(stopped).manifest().state());
    }

    private static List<Double> losses(RunResult run) {
        return run.epochs().stream().map(RunResult.Epoch::loss).toList();
    }

    @Test
    void embeddingsAreThoseOfTheNetwork() {
        Path out = folder.resolve("run");
        RunDirectory done = shapes().withSeeds(1)
                .withVariants("distilled")
                .in(out, DrawnShapes.KINDS)
                .run();
        RunResult run = done.finished("distilled").get(0);
        EmbeddingTable probes = run.probes();
        EmbeddingTable gallery = run.gallery();
        int[] labels = probes.people().stream()
                .mapToInt(List.of("level", "upright", "falling", "rising")::indexOf)
                .toArray();
        int[] enrolled = gallery.people().stream()
                .mapToInt(List.of("level", "upright", "falling", "rising")::indexOf)
                .toArray();
        double rank = Identification.of(
                        org.nd4j.linalg.factory.Nd4j.create(probes.rows().toArray(float[][]::new)),
                        labels,
                        org.nd4j.linalg.factory.Nd4j.create(gallery.rows().toArray(float[][]::new)),
                        enrolled)
                .rank(1);
        assertEquals(run.figures().get("x rank-1"), 100 * rank, 1e-9);
    }

    @Test
    void changedDataIsNotMixedWithEarlierRuns() {
        Path out = folder.resolve("run");
        Experiment naive = shapes().withSeeds(1).withVariants("naive");
        naive.in(out, DrawnShapes.KINDS).run();
        TypeRegistry others = TypeRegistry.standard().with("drawnShapes", new ChangedShapes(64, Seed.fixed(1)));
        Experiment same = Experiment.load(out.resolve("experiment.json"), Map.of(), others);
        String refused = assertThrows(
                        IllegalArgumentException.class,
                        () -> same.in(out, others).run())
                .getMessage();
        assertTrue(refused.contains("data train: has changed since"), refused);
    }

    /** The same description, other pictures. */
    public record ChangedShapes(int count, Seed seed) implements ImageSource {
        @Override
        public io.github.horkd.data.PairedImages open(SourceContext context) {
            return io.github.horkd.distill.Shapes.drawn(count, seed.of(context.seed()) + 100);
        }
    }

    /** A billion values in nine lines. */
    @Test
    void aliasesAreBounded() {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            String before = "*a" + (i - 1);
            text.append(
                    "a" + i + ": &a" + i + " [" + String.join(", ", java.util.Collections.nCopies(9, before)) + "]\n");
        }
        String refused = assertThrows(
                        IllegalArgumentException.class,
                        () -> Experiment.parse(text.toString(), "laugh.yaml", Map.of(), TypeRegistry.standard()))
                .getMessage();
        assertTrue(refused.contains("more than the 200000 values allowed"), refused);
    }

    @ParameterizedTest
    @CsvSource({"n.yaml, 'name: '", "n.json, '{\"name\": '"})
    void numbersWithoutEndAreRefusedBeforeTheyAreMade(String name, String start) {
        String refused = assertThrows(
                        IllegalArgumentException.class,
                        () -> Experiment.parse(start + "9".repeat(3_000_000), name, Map.of(), TypeRegistry.standard()))
                .getMessage();
        assertTrue(refused.startsWith(name) && refused.contains("more than 1000 digits"), refused);
    }

    @Test
    void aTableOfNoRowsStatesNoWidthThatFillsAllMemory() throws Exception {
        Files.writeString(folder.resolve("probes.csv"), "picture,person\n");
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 999999999), }\n";
        java.io.ByteArrayOutputStream npy = new java.io.ByteArrayOutputStream();
        npy.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
        npy.writeBytes(header.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        Files.write(folder.resolve("probes.npy"), npy.toByteArray());
        String refused = assertThrows(java.io.UncheckedIOException.class, () -> EmbeddingTable.read(folder, "probes"))
                .getMessage();
        assertTrue(refused.contains("0 rows of 999999999 values"), refused);
    }

    @ParameterizedTest
    @CsvSource({"'name: &a [*a]'", "'name: &a {b: *a}'", "'&a name: {? *a : b}'"})
    void whatLiesInItselfIsRefused(String text) {
        String refused = assertThrows(
                        IllegalArgumentException.class,
                        () -> Experiment.parse(text, "itself.yaml", Map.of(), TypeRegistry.standard()))
                .getMessage();
        assertTrue(refused.startsWith("itself.yaml"), refused);
    }

    @Test
    @Timeout(20)
    void placeholdersWithoutEndAreReadOnce() {
        String text = "{\"name\": \"" + "${a:".repeat(1_000_000) + "\"}";
        assertThrows(
                IllegalArgumentException.class,
                () -> Experiment.parse(text, "open.json", Map.of(), TypeRegistry.standard()));
    }

    @Test
    void placeholdersAreFilledOrSayOtherwise() {
        String text = "{\"a\": \"${x}/pictures\", \"b\": \"${y:7}\", \"c\": [\"${z:0.5}\", \"${z:true}\"]}";
        assertEquals(
                Map.of("a", "here/pictures", "b", 7L, "c", List.of(0.5, true)),
                Placeholders.filled(TreeFile.parse(text, "it.json"), Map.of("x", "here"), "it.json"));
        assertEquals(
                3L,
                ((Map<?, ?>) Placeholders.filled(TreeFile.parse(text, "it.json"), Map.of("x", "", "y", "3"), ""))
                        .get("b"));
    }

    @ParameterizedTest
    @CsvSource({"seed,1,0", "10 * seed + 1,10,1", "2*seed-3,2,-3", "7,0,7", "-7,0,-7", "seed + 5,1,5"})
    void seedsFollowFromThatOfTheRun(String text, long times, long plus) {
        Seed seed = Seed.parse(text);
        assertEquals(new Seed(times, plus), seed);
        assertEquals(seed, Seed.parse(seed.toString()));
        assertEquals(times * 4 + plus, seed.of(4));
    }
}
