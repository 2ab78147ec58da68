package io.github.horkd.examples;

import io.github.horkd.data.Interpolation;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Split;
import io.github.horkd.eval.Table;
import io.github.horkd.experiment.DegradationStep;
import io.github.horkd.experiment.Experiment;
import io.github.horkd.experiment.ExperimentRun;
import io.github.horkd.experiment.ImageSet;
import io.github.horkd.experiment.ImageSource;
import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.experiment.RunResult;
import io.github.horkd.experiment.Selection;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.model.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The main job: distils a recogniser for 12-pixel faces from one for 64-pixel faces, and holds it against what people would do otherwise. Without
 * {@code -Ddata} the faces are drawn (nobody's); with it they come from a folder or archive with one directory a person. Only a fifth of the training
 * pictures has a label for the students; the teacher saw all labels. The experiment is {@code experiments/quickstart.yaml}.
 *
 * <p>Prints one table, writes {@code quickstart.png} (some faces, and whom each model took them for) and {@code student.zip} to {@code -Dout}, everything else to a directory below it, and
 * fails when the distilled student does not beat the naive use of the teacher. {@code -Dquick=true} is a short form, {@code -Dseed=} another run.
 */
public final class Quickstart {

    private static final int SHARP = 64;
    private static final int SMALL = 12;
    private static final String COLUMN = "cross-resolution rank-1";
    private static final List<String> NAMES =
            List.of("teacher, 64 pixels", "teacher, 12 pixels enlarged", "student, labels only", "student, distilled");

    private Quickstart() {}

    public static void main(String[] args) throws Exception {
        long began = System.nanoTime();
        Settings settings = Settings.ofThisRun();
        Experiment experiment = experiment(settings);
        Path directory = settings.out().resolve(directory(settings));
        ExperimentRun run = experiment.in(directory, Experiments.KINDS);
        long seed = settings.seed();
        Split split = new Split(run.images("train", seed), run.images("test", seed));
        System.out.printf(
                "%d people, %d pictures to learn from (%d of them labelled for the students), %d to test%n",
                split.train().classes().size(),
                split.train().size(),
                run.images("few", seed).labelled().size(),
                split.test().size());
        RunDirectory done = Experiments.run(run, directory);
        report(settings, done, split);
        System.out.printf(
                Locale.ROOT,
                "quickstart.png and student.zip are in %s; %.0f s in all%n",
                settings.out(),
                (System.nanoTime() - began) / 1e9);
        Experiments.sayWhere(directory);
    }

    private static Experiment experiment(Settings settings) throws Exception {
        Map<String, String> values = Experiments.values(settings);
        if (settings.quick()) {
            values.putAll(Map.of("people", "30", "steps", "200", "studentSteps", "400", "assistantSteps", "100"));
        }
        boolean own = settings.data().isPresent();
        if (own) {
            values.put("share", "0.5");
        }
        Experiment written = Experiments.load("quickstart", values).withSeeds(settings.seed());
        return own ? written.withData("faces", ownFaces(settings)) : written;
    }

    /** Everybody with four pictures or more: two to learn from, two to test with. */
    private static ImageSet ownFaces(Settings settings) {
        return ImageSet.of(
                new ImageSource.Folder(
                        settings.data().orElseThrow().toAbsolutePath(),
                        1,
                        SHARP,
                        SHARP,
                        List.of(new DegradationStep.DownscaleTo(SMALL, SMALL)),
                        settings.layout(),
                        settings.list(),
                        settings.under()),
                new Selection.AtLeast(4));
    }

    private static String directory(Settings settings) {
        String data = settings.data()
                .map(path ->
                        "-" + path.toAbsolutePath().getFileName().toString().replaceAll("[^A-Za-z0-9]+", "-"))
                .orElse("");
        return "quickstart" + data + (settings.quick() ? "-quick" : "");
    }

    private static void report(Settings settings, RunDirectory done, Split split) throws Exception {
        List<RunResult> runs = NAMES.stream()
                .map(name -> done.finished(name).stream()
                        .filter(run -> run.seed() == settings.seed())
                        .findFirst()
                        .orElseThrow())
                .toList();
        RunResult teaching = done.finished(RunResult.SHARED).stream()
                .filter(run -> run.seed() == settings.seed())
                .findFirst()
                .orElseThrow();
        Table table = Table.of("", "top-1 %", "cross-resolution rank-1 %", "parameters", "images/s");
        for (RunResult run : runs) {
            RunResult maker = run.networks().isEmpty() ? teaching : run;
            RunResult.TrainedNetwork network =
                    maker.networks().get(maker.networks().size() - 1);
            table = table.row(
                    run.variant(),
                    one(run.figures().get("top-1")),
                    one(run.figures().get(COLUMN)),
                    network.parameters(),
                    Math.round(network.imagesPerSecond()));
        }
        System.out.println(table);
        Path student = runs.get(3).directory().resolve("student.zip");
        Files.copy(student, settings.out().resolve("student.zip"), StandardCopyOption.REPLACE_EXISTING);
        Network teacher = Network.load(teaching.directory().resolve("teacher.zip"));
        Network labelsOnly = Network.load(runs.get(2).directory().resolve("labels-only.zip"));
        Network distilled = Network.load(student);
        List<Contender> contenders = List.of(
                new Contender(
                        NAMES.get(1), teacher, Embeddings.by(teacher).upsampled(Interpolation.BICUBIC), Resolution.LOW),
                new Contender(NAMES.get(2), labelsOnly, Embeddings.by(labelsOnly), Resolution.LOW),
                new Contender(NAMES.get(3), distilled, Embeddings.by(distilled), Resolution.LOW));
        AnswerPicture.of(
                        split,
                        contenders,
                        contenders.stream()
                                .map(contender -> contender.answers(split.test()))
                                .toList())
                .write(settings.out().resolve("quickstart.png"));
        if (runs.get(3).figures().get(COLUMN) <= runs.get(1).figures().get(COLUMN)) {
            throw new IllegalStateException("the distilled student does not beat the naive use of its teacher");
        }
    }

    private static String one(double percent) {
        return String.format(Locale.ROOT, "%.1f", percent);
    }
}
