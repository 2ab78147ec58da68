package io.github.horkd.examples;

import io.github.horkd.data.Interpolation;
import io.github.horkd.data.Resolution;
import io.github.horkd.experiment.Experiment;
import io.github.horkd.experiment.ExperimentRun;
import io.github.horkd.experiment.ImageSet;
import io.github.horkd.experiment.ImageSource;
import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.experiment.Variant;
import io.github.horkd.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A face model from outside teaches a small network to recognise 16-pixel faces, without labels: LFW in colour, people never seen. Run by {@link Lfw} when there is
 * {@code -Dteacher=face.onnx}; {@code -Ddata=lfw130.zip}, {@code -Dprotocol=DIR} with the protocol files of LFW. The experiments are {@code experiments/lfw-teacher.yaml} and
 * {@code experiments/lfw-view2.yaml}. {@code -Dsetting=} {@code rows} (the default: what each loss and network gives on View 1), {@code naive}, or names of rows with semicolons between;
 * {@code view2} (the ten folds; behind a semicolon names of rows for some of them), {@code sizes} (8 to 32 pixels), {@code own-sizes} (every picture 5 to 40 pixels).
 * {@code -Dseeds=}. Each leaves the directory of an experiment in {@code -Dout=DIR}, and goes on where it was stopped; what the teacher says is kept for all of them in
 * {@code lfw-teacher/knowledge}.
 *
 * <p>The student is held against the naive use of its teacher: low-resolution views enlarged. With {@code -Dquick=true} two thirds of the people, two views a picture and one
 * seed; the program ends with an error when the student does not beat the naive use (bicubic) across resolutions.
 */
final class LfwPublicTeacher {

    static final String CONTRASTIVE = "contrastive to a bank, whitened";
    static final String NAIVE = "naive: teacher on LR enlarged, bicubic";
    static final String ACROSS = "HR-LR AUC";
    private static final String SHARP = "teacher, HR on both sides";
    private static final List<String> NAIVE_ROWS =
            List.of("naive: teacher on LR enlarged, bilinear", NAIVE, "naive: teacher on LR enlarged, Lanczos");
    private static final Set<String> UNTRAINED = Set.of(SHARP, NAIVE_ROWS.get(0), NAIVE, NAIVE_ROWS.get(2));
    private static final int USUAL_SIDE = 16;
    private static final int[] OTHER_SIDES = {8, 12, 24, 32};

    private final Settings settings;
    private final Path out;
    private final Path data;

    private LfwPublicTeacher(Settings settings) {
        this.settings = settings;
        this.out = settings.out();
        this.data = settings.dataOrSay("lfw130.zip").toAbsolutePath().normalize();
    }

    /** Runs what the settings say. */
    static void run(Settings settings) throws IOException {
        LfwPublicTeacher benchmark = new LfwPublicTeacher(settings);
        switch (settings.setting().split(";")[0]) {
            case "view2" -> benchmark.viewTwo();
            case "sizes" -> benchmark.sizes();
            case "own-sizes" -> benchmark.ownSizes();
            default -> benchmark.viewOne();
        }
    }

    private Experiment load(String file, Map<String, String> more) throws IOException {
        Map<String, String> values = Experiments.values(settings);
        values.put("data", data.toString());
        values.put(
                "teacher",
                settings.teacher().orElseThrow().toAbsolutePath().normalize().toString());
        Path protocol = settings.protocol().orElse(data.getParent());
        values.put("protocol", protocol.toAbsolutePath().normalize().toString());
        values.put("pictures", Boolean.toString(settings.pictures()));
        values.putAll(more);
        return Experiments.load(file, values);
    }

    /** Runs an experiment in the directory of its name: some of its variants, or all. */
    private RunDirectory run(Experiment experiment, String... only) {
        Path directory = out.resolve(experiment.name());
        ExperimentRun run = experiment.in(directory, Experiments.KINDS);
        if (only.length > 0) {
            run.only(only);
        }
        if (!settings.quick()) {
            run.knowledgeIn(out.resolve("lfw-teacher").resolve("knowledge"));
        }
        RunDirectory done = Experiments.run(run, directory);
        System.out.println(done.table().markdown());
        Experiments.sayWhere(directory);
        return done;
    }

    private void viewOne() throws IOException {
        if (settings.quick()) {
            quickly();
            return;
        }
        Experiment experiment = load("lfw-teacher", Map.of()).withSeeds(settings.seeds(3));
        RunDirectory done = run(experiment, wanted(experiment, 0));
        System.out.println(LfwTables.gains(done, experiment).markdown());
    }

    /** Names of rows, behind so many words of the setting; none for all rows. */
    private String[] wanted(Experiment experiment, int behind) {
        List<String> said = List.of(settings.setting().split(";"));
        List<String> rows = said.subList(Math.min(behind, said.size()), said.size());
        if (rows.equals(List.of("")) || rows.equals(List.of("rows"))) {
            return new String[0];
        }
        return rows.stream()
                .flatMap(row -> row.equals("naive")
                        ? experiment.variants().stream().map(Variant::name).filter(UNTRAINED::contains)
                        : Stream.of(row))
                .toArray(String[]::new);
    }

    private void quickly() throws IOException {
        Map<String, String> part = Map.of(
                "name",
                "lfw-teacher-quick",
                "posed",
                "1",
                "mixed",
                "0",
                "without",
                "3",
                "everyPicture",
                "false",
                "cohort",
                "0.1");
        String[] rows = {SHARP, NAIVE, CONTRASTIVE};
        Experiment experiment = load("lfw-teacher", part).withVariants(rows).withSeeds(settings.seeds(1));
        RunDirectory done = run(experiment);
        double naive = done.finished(NAIVE).get(0).figures().get(ACROSS);
        double student = done.finished(CONTRASTIVE).get(0).figures().get(ACROSS);
        if (!(student > naive)) {
            throw new IllegalStateException("the student's AUC across resolutions, " + student
                    + ", is not above that of the naive use of its teacher, " + naive);
        }
    }

    /** Ten folds; for each, a student that saw no person of it. */
    private void viewTwo() throws IOException {
        Experiment experiment = load("lfw-view2", Map.of());
        RunDirectory done = run(experiment, wanted(experiment, 1));
        System.out.println(LfwTables.folds(done).markdown());
    }

    /** View 1 at other sizes: the naive use and the short row of the winning loss. */
    private void sizes() throws IOException {
        SortedMap<Integer, RunDirectory> bySide = new TreeMap<>();
        Path usual = out.resolve("lfw-teacher");
        if (Files.exists(usual.resolve("manifest.json"))) {
            bySide.put(USUAL_SIDE, RunDirectory.read(usual));
        }
        List<String> rows = new ArrayList<>(NAIVE_ROWS);
        rows.add(CONTRASTIVE);
        for (int side : OTHER_SIDES) {
            Map<String, String> values = Map.of("name", directoryOf(side), "side", Integer.toString(side));
            Experiment experiment = load("lfw-teacher", values)
                    .withVariants(rows.toArray(String[]::new))
                    .withSeeds(settings.seeds(1));
            bySide.put(side, run(experiment));
        }
        Path directory = out.resolve("lfw-teacher-sizes");
        new Report(
                        "lfw-teacher-sizes",
                        "A public face model teaches small networks, one for each size of low-resolution pictures.",
                        "",
                        List.of(LfwTables.sizes(bySide)))
                .write(directory);
        Experiments.sayWhere(directory);
    }

    private static String directoryOf(int side) {
        return "lfw-teacher" + (side == USUAL_SIDE ? "" : "-" + side);
    }

    /** Every low-resolution picture has a size of its own: one student for all sizes against the nearest of one student a size. */
    private void ownSizes() throws IOException {
        for (Interpolation how : Interpolation.values()) {
            String name = NAIVE_ROWS.get(0); // From 130 pixels to the teacher's 150.
            Map<String, String> values =
                    Map.of("name", "lfw-own-sizes-naive-" + how.name().toLowerCase(Locale.ROOT));
            run(load("lfw-teacher", values)
                    .withData("all", ownSizes(new OwnSize(5, 40, 130, how)))
                    .withVariants(name)
                    .withSeeds(1));
        }
        OwnSize seen = new OwnSize(5, 40, 32, Interpolation.BICUBIC);
        Experiment experiment = load("lfw-teacher", Map.of("name", "lfw-own-sizes"))
                .withData("all", ownSizes(seen))
                .withVariants(CONTRASTIVE)
                .withSeeds(settings.seeds(1));
        run(experiment);
        List<Path> students = new ArrayList<>();
        for (int side : new int[] {8, 12, USUAL_SIDE, 24, 32}) {
            Optional<Path> student = student(out.resolve(directoryOf(side)));
            if (student.isEmpty()) {
                System.out.println("one student a size: left out, -Dsetting=sizes and the row \"" + CONTRASTIVE
                        + "\" make its students first; there is none in " + out.resolve(directoryOf(side)));
                return;
            }
            students.add(student.get());
        }
        String name = "the nearest of one student a size (8, 12, 16, 24, 32)";
        run(load("lfw-teacher", Map.of("name", "lfw-own-sizes-nearest"))
                .withTeacher("nearest", new NearestOfSizes(students, 5, 40, 130))
                .withVariants(List.of(Variant.shared(name, "nearest", Resolution.HIGH, Variant.Enlarge.NO)))
                .withSeeds(1));
    }

    private Optional<Path> student(Path directory) {
        return Files.exists(directory.resolve("manifest.json"))
                ? RunDirectory.read(directory).finished(CONTRASTIVE).stream()
                        .filter(run -> run.seed() == settings.seed())
                        .findFirst()
                        .map(run ->
                                run.directory().resolve(run.networks().get(0).file()))
                : Optional.empty();
    }

    private ImageSet ownSizes(OwnSize low) {
        return ImageSet.of(new ImageSource.Folder(data, 3, 130, 130, List.of(low), ImageSource.Layout.CLASS, "", ""));
    }
}
