package io.github.horkd.examples;

import io.github.horkd.accelerate.CpuThreads;
import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.GuideLoss;
import io.github.horkd.distill.Learner;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.Stages;
import io.github.horkd.distill.TrainingListener;
import io.github.horkd.distill.TrainingOptions;
import io.github.horkd.eval.ImagePairs;
import io.github.horkd.eval.PairList;
import io.github.horkd.eval.PeopleList;
import io.github.horkd.guide.EmbeddingRows;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.NeighbourhoodLoss;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxGuide;
import io.github.horkd.report.ComparedEmbeddings;
import io.github.horkd.report.Comparison;
import io.github.horkd.report.LiveReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A face model from outside teaches a small network to recognise 16-pixel faces, without labels: LFW in colour, people never seen. Run by {@link Lfw} when there is
 * {@code -Dteacher=face.onnx}; {@code -Ddata=lfw130.zip}, {@code -Dprotocol=DIR} with the protocol files of LFW. {@code -Dsetting=} {@code rows} (the default: what each loss and
 * network gives on View 1), {@code view2} (the ten folds; behind a semicolon names of rows for some of them), {@code sizes} (8 to 32 pixels), {@code own-sizes} (every picture 5 to 40 pixels), {@code naive}, or names of rows with semicolons between.
 * {@code -Dseeds=}. The teacher's answers and the students are kept in {@code -Dout=DIR}, so an interrupted run goes on.
 *
 * <p>The student is held against the naive use of its teacher: low-resolution views enlarged. With {@code -Dquick=true} two thirds of the people, two views a picture and one
 * seed; the program ends with an error when the student does not beat the naive use (bicubic) across resolutions.
 */
final class LfwPublicTeacher {

    /** The side of a low-resolution view. */
    private static final int SIDE = 16;

    private static final int[] OTHER_SIDES = {8, 12, 24, 32};
    private static final Interpolation[] QUICKLY = {Interpolation.BICUBIC};
    private static final String NAIVE = "naive: teacher on LR enlarged, ";

    private static final String DEFAULTS = "the library's defaults: Distillation.from(teacher).student(backbone)";

    private final Settings settings;
    private final Path results;
    private final Path protocol;
    private final KnowledgeStore store;
    private final OnnxGuide model;
    private final KnowledgeSource teacher;
    private final Set<String> people;
    private final LiveReport report;
    /** Whom the training under way is told to. */
    private TrainingListener told = event -> {};

    private LfwPublicTeacher(Settings settings) throws Exception {
        this.settings = settings;
        results = settings.out().resolve(settings.quick() ? "lfw-teacher-quick" : "lfw-teacher");
        Files.createDirectories(results.resolve("knowledge"));
        Files.createDirectories(results.resolve("students"));
        store = KnowledgeStore.inFolder(results.resolve("knowledge"));
        report = LiveReport.in(results, "LFW in colour, a face model as the teacher")
                .lead("A public face model teaches small networks to recognise " + SIDE
                        + "-pixel faces, without labels. People who were never seen; 130 pixels in the gallery.");
        protocol = settings.protocol()
                .orElse(settings.dataOrSay("lfw130.zip").toAbsolutePath().getParent());
        model = OnnxGuide.from(settings.teacher().orElseThrow())
                .normalisation(new double[] {0}, new double[] {1 / 255.0})
                .imageChannels(3)
                .atOnce(16)
                .threads(CpuThreads.count())
                .open();
        teacher = model.upsampled(Interpolation.BILINEAR);
        people = new TreeSet<>(
                PeopleList.read(protocol.resolve("peopleDevTrain.txt")).names());
    }

    /** Runs what the settings say. */
    static void run(Settings settings) throws Exception {
        ConsoleProgress.insteadOfLines();
        LfwPublicTeacher benchmark = new LfwPublicTeacher(settings);
        try (OnnxGuide opened = benchmark.model) {
            switch (settings.setting().split(";")[0]) {
                case "view2" -> benchmark.viewTwo();
                case "sizes" -> benchmark.sizes();
                case "own-sizes" -> benchmark.ownSizes();
                default -> benchmark.viewOne();
            }
        }
    }

    private PairedImages open(Degradation degradation) throws IOException {
        return ImageFolder.open(settings.dataOrSay("lfw130.zip"), ImageShape.colour(130), degradation);
    }

    /** What there is to learn from: the people of DevTrain, or everybody. */
    private TeacherViews views(PairedImages all, boolean everybody) {
        PairedImages learned =
                everybody ? all : all.where(i -> people.contains(all.classes().get(all.label(i))));
        PairedImages asked = settings.quick() ? learned.where(i -> learned.label(i) % 3 > 0) : learned;
        return new TeacherViews(asked, settings.quick() ? 1 : 8, settings.quick() ? 0 : 6, teacher, store, 7);
    }

    private LfwFaces faces(PairedImages all) {
        return new LfwFaces(all, protocol, !settings.quick(), teacher, store);
    }

    private void viewOne() throws Exception {
        PairedImages all = open(Degradation.downscaleTo(SIDE));
        LfwFaces faces = faces(all);
        Trials trials = new Trials(results.resolve("rows.csv"), LfwFaces.COLUMNS);
        if (wanted("naive")) {
            EmbeddingSpace raw = EmbeddingSpace.raw(teacher.embeddingWidth());
            trials.row("teacher, HR on both sides", new long[] {0}, s -> faces.teacher(raw));
            naive(trials, faces, NAIVE);
        }
        List<String> rows = LfwRow.TABLE.keySet().stream()
                .filter(row -> settings.quick() ? row.equals(LfwRow.CONTRASTIVE) : wanted(row))
                .toList();
        TeacherViews views = rows.isEmpty() ? null : views(all, false);
        for (String row : rows) {
            for (Enrolled enrolled : Enrolled.values()) {
                trials.row(
                        enrolled.row(row),
                        settings.seeds(settings.quick() ? 1 : 3),
                        seed -> faces.student(student(row, "", views, seed), space(views, row), enrolled));
            }
            report.put(trials.ablation(LfwRow.BASE, LfwReport.COLUMNS).section());
        }
        boolean defaults = wanted(DEFAULTS) && !settings.quick();
        PairedImages learned = all.where(i -> people.contains(all.classes().get(all.label(i))));
        if (defaults) {
            for (Enrolled enrolled : Enrolled.values()) {
                trials.row(enrolled.row(DEFAULTS), settings.seeds(3), seed -> {
                    Network student = defaultStudent(learned, seed);
                    return faces.student(student, student.embeddingSpace().orElseThrow(), enrolled);
                });
            }
        }
        System.out.println(trials.table().markdown());
        System.out.println(trials.gains(LfwRow.BASE, LfwFaces.EVERYBODY_TAR, LfwRow.sameStudent())
                .markdown());
        if (!rows.isEmpty()) {
            String row = rows.get(0);
            compare(faces, row, student(row, "", views, settings.seed()), space(views, row));
        } else if (defaults) {
            Network student = defaultStudent(learned, settings.seed());
            compare(
                    faces,
                    "student, by the library's defaults",
                    student,
                    student.embeddingSpace().orElseThrow());
        }
        LfwReport.sizes(results.resolve("sizes.csv"), trials, SIDE, NAIVE + Interpolation.BICUBIC, settings.seed())
                .ifPresent(report::put);
        report.put(LfwReport.networks(results.resolve("students"), settings.seed()));
        report.put(trials.ablation(LfwRow.BASE, LfwReport.COLUMNS).section());
        System.out.println("the report is " + report.finish());
        if (settings.quick()) {
            double naive = trials.figures(NAIVE + QUICKLY[0], 0).orElseThrow()[LfwFaces.ACROSS_AUC];
            double student = trials.figures(LfwRow.CONTRASTIVE, settings.seed()).orElseThrow()[LfwFaces.ACROSS_AUC];
            if (!(student > naive)) {
                throw new IllegalStateException("the student's AUC across resolutions, " + student
                        + ", is not above that of the naive use of its teacher, " + naive);
            }
        }
    }

    /** The first row that was run, held against the naive use of its teacher. Pictures of people are in the report with -Dpictures=true. */
    private void compare(LfwFaces faces, String row, Network student, EmbeddingSpace space) {
        Comparison comparison = faces.comparison();
        List<ComparedEmbeddings> recognisers = List.of(
                faces.recogniser(comparison, row, student, space),
                faces.naiveRecogniser(comparison, NAIVE + QUICKLY[0], model, QUICKLY[0], store),
                faces.teacherRecogniser(
                        comparison, "teacher, HR on both sides", EmbeddingSpace.raw(teacher.embeddingWidth())));
        report.put(comparison.sections(recognisers));
        if (settings.pictures()) {
            report.put(comparison.pictures(recognisers, 12));
        }
    }

    private Network defaultStudent(PairedImages learned, long seed) {
        return keptOrTrained(kept("defaults", "", seed), () -> defaults(learned.withoutLabels(i -> true), seed));
    }

    /** What the library does unless told otherwise. */
    private Network defaults(PairedImages learned, long seed) {
        return Distillation.from(teacher)
                .student(LfwRow.SMALL)
                .seed(seed)
                .knowledge(store)
                .build()
                .run(learned)
                .student();
    }

    private void naive(Trials trials, LfwFaces faces, String name) throws IOException {
        for (Interpolation how : settings.quick() ? QUICKLY : Interpolation.values()) {
            for (Enrolled enrolled : Enrolled.values()) {
                trials.row(enrolled.row(name + how), new long[] {0}, s -> faces.naive(model, how, enrolled, store));
            }
        }
    }

    private boolean wanted(String row) {
        return settings.setting().isEmpty()
                || settings.setting().equals("rows")
                || List.of(settings.setting().split(";")).contains(row);
    }

    /** View 1 at other sizes: the naive use and the short row of the winning loss. */
    private void sizes() throws Exception {
        Trials trials = new Trials(results.resolve("sizes.csv"), LfwFaces.COLUMNS);
        for (int side : OTHER_SIDES) {
            PairedImages all = open(Degradation.downscaleTo(side));
            LfwFaces faces = faces(all);
            naive(trials, faces, side + " pixels, " + NAIVE);
            TeacherViews views = views(all, false);
            trials.row(
                    side + " pixels, " + LfwRow.CONTRASTIVE,
                    settings.seeds(1),
                    seed -> faces.student(
                            student(LfwRow.CONTRASTIVE, side + " pixels ", views, seed),
                            space(views, LfwRow.CONTRASTIVE),
                            Enrolled.HIGH));
        }
        System.out.println(trials.table().markdown());
    }

    /** Every low-resolution picture has a size of its own: one student for all sizes against the nearest of one student a size. */
    private void ownSizes() throws Exception {
        Trials trials = new Trials(results.resolve("own-sizes.csv"), LfwFaces.COLUMNS);
        for (Interpolation how : Interpolation.values()) {
            LfwFaces faces = faces(open(new OwnSize(5, 40, 130, how)));
            trials.row(
                    "naive: teacher on LR enlarged, " + how,
                    new long[] {0},
                    s -> faces.naive(model, Interpolation.BILINEAR, Enrolled.HIGH, store));
        }
        OwnSize seen = new OwnSize(5, 40, 32, Interpolation.BICUBIC);
        PairedImages all = open(seen);
        LfwFaces faces = faces(all);
        TeacherViews views = views(all, false);
        EmbeddingSpace space = space(views, LfwRow.CONTRASTIVE);
        trials.row(
                "one student of 32 pixels for all sizes",
                settings.seeds(1),
                seed -> faces.student(student(LfwRow.CONTRASTIVE, "own sizes ", views, seed), space, Enrolled.HIGH));
        SortedMap<Integer, INDArray> bySide = new TreeMap<>();
        for (int side : new int[] {8, 12, SIDE, 24, 32}) {
            Path kept = kept(LfwRow.CONTRASTIVE, side == SIDE ? "" : side + " pixels ", settings.seed());
            if (!Files.exists(kept)) {
                System.out.println("one student a size: left out, -Dsetting=sizes and the row \"" + LfwRow.CONTRASTIVE
                        + "\" make its students first; there is no " + kept);
                System.out.println(trials.table().markdown());
                return;
            }
            bySide.put(
                    side,
                    faces(open(new OwnSize(5, 40, side, Interpolation.BICUBIC))).embedded(Network.load(kept)));
        }
        trials.row(
                "the nearest of one student a size (8, 12, 16, 24, 32)",
                new long[] {settings.seed()},
                s -> faces.nearest(bySide, seen, space));
        System.out.println(trials.table().markdown());
    }

    private EmbeddingSpace space(TeacherViews views, String row) {
        return space(views, i -> true, LfwRow.TABLE.get(row).space());
    }

    private static EmbeddingSpace space(TeacherViews views, IntPredicate allowed, SpaceMethod method) {
        return EmbeddingSpace.fit(EmbeddingRows.of(views.pictures(allowed)), method);
    }

    private Path kept(String row, String prefix, long seed) {
        return LfwReport.kept(results.resolve("students"), prefix + row, seed);
    }

    /** The student of a row, trained unless it is there. */
    private Network student(String row, String prefix, TeacherViews views, long seed) {
        return keptOrTrained(kept(row, prefix, seed), () -> {
            LfwRow how = LfwRow.TABLE.get(row);
            Network bridge = how.bridge().isEmpty() ? null : student(how.bridge(), prefix, views, seed);
            IntPredicate allowed = views.some(how.pictures(), seed);
            told = report.during(prefix + row + ", seed " + seed);
            return train(how, views.part(allowed, space(views, row)), bridge, seed);
        });
    }

    private static Network keptOrTrained(Path file, Supplier<Network> training) {
        if (Files.exists(file)) {
            return Network.load(file);
        }
        Network student = training.get();
        student.save(file);
        return student;
    }

    private Network train(LfwRow row, TeacherViews.Part part, Network bridge, long seed) {
        TrainingOptions options = TrainingOptions.of(
                        Schedule.steps(row.steps())
                                .withBatchSize(128)
                                .withLearningRate(row.learningRate())
                                .withWeightDecay(0.1),
                        seed)
                .withLabelWeight(row.labels() ? 1 : 0)
                .withSpace(SpaceMethod.raw()) // The answers lie in the row's space already, and so does the bank.
                .withAugmentation(Augmentation.none().flip());
        List<GuideLoss> losses = new ArrayList<>();
        row.losses().forEach(loss -> losses.add(GuideLoss.onEmbeddings("teacher", loss.withBank(part.bank()))));
        Map<String, KnowledgeSource> guides = new HashMap<>(Map.of("teacher", part.teacher()));
        if (bridge != null) {
            BatchLoss neighbours = NeighbourhoodLoss.at(0.1).withBank(part.bank());
            losses.add(GuideLoss.onEmbeddings("assistant", neighbours).withResolution(Resolution.LOW));
            guides.put("assistant", bridge);
        }
        Stage stage = new Stage("student", Learner.of(row.backbone()), Resolution.LOW, losses, options);
        PairedImages images = row.labels()
                ? part.images().withoutUnusedClasses()
                : part.images().withoutLabels(i -> true);
        TrainingListener all = Listeners.all(Listeners.log(), ConsoleProgress.here(), told);
        return Stages.run(List.of(stage), guides, images, all).get("student");
    }

    /** Ten folds; for each, a student that saw no person of it. */
    private void viewTwo() throws Exception {
        PairedImages all = open(Degradation.downscaleTo(SIDE));
        TeacherViews views = views(all, true);
        ImagePairs pairs = PairList.read(protocol.resolve("pairs.txt")).in(all);
        PeopleList everybody = PeopleList.read(protocol.resolve("people.txt"));
        INDArray[] high = LfwFaces.views(teacher, all, Resolution.HIGH, store);
        EmbeddingSpace raw = EmbeddingSpace.raw(teacher.embeddingWidth());
        Trials trials = new Trials(results.resolve("view2.csv"), "HR-LR accuracy", "LR-LR accuracy");
        long[] folds = IntStream.range(0, 10).asLongStream().toArray();
        for (Interpolation how : Interpolation.values()) {
            INDArray[] low = LfwFaces.views(model.upsampled(how), all, Resolution.LOW, store);
            INDArray gallery = LfwFaces.sum(high, raw);
            INDArray probes = LfwFaces.sum(low, raw);
            for (Enrolled enrolled : Enrolled.values()) {
                trials.row(
                        enrolled.row("naive, " + how),
                        folds,
                        f -> accuracies(pairs, enrolled.of(gallery, probes), probes, (int) f));
            }
        }
        for (String name : List.of(LfwRow.WINNER, LfwRow.LONG_BASE, LfwRow.LARGE_STUDENT)) {
            if (!settings.setting().equals("view2") && !wanted(name)) {
                continue;
            }
            LfwRow row = LfwRow.TABLE.get(name);
            for (Enrolled enrolled : Enrolled.values()) {
                trials.row(enrolled.row(name), folds, f -> {
                    Set<String> fold = new TreeSet<>();
                    everybody.people().stream().filter(p -> p.fold() == f).forEach(p -> fold.add(p.name()));
                    IntPredicate allowed = i -> !fold.contains(all.classes().get(all.label(i)));
                    EmbeddingSpace space = space(views, allowed, row.space());
                    Network student = keptOrTrained(
                            kept(name, "view 2 ", f), () -> train(row, views.part(allowed, space), null, 1));
                    INDArray low =
                            Embeddings.by(student.forInference()).withMirror().of(all, Resolution.LOW);
                    return accuracies(pairs, enrolled.of(LfwFaces.sum(high, space), low), low, (int) f);
                });
            }
        }
        System.out.println(trials.tableOfFolds().markdown());
    }

    private static double[] accuracies(ImagePairs pairs, INDArray gallery, INDArray low, int fold) {
        return new double[] {
            100 * LfwFaces.fold(pairs.bothWays(), gallery, low, fold), 100 * LfwFaces.fold(pairs, low, low, fold)
        };
    }
}
