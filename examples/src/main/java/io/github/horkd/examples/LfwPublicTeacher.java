package io.github.horkd.examples;

import io.github.horkd.accelerate.CpuThreads;
import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.GuideLoss;
import io.github.horkd.distill.Learner;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.Stages;
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
import io.github.horkd.loss.AngleLoss;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.ContrastiveLoss;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.CrossStreamLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.loss.NeighbourhoodLoss;
import io.github.horkd.loss.UnitEmbeddings;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxGuide;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A face model from outside teaches a small network to recognise 16-pixel faces, without labels: LFW in colour, people never seen. Run by {@link Lfw} when there is
 * {@code -Dteacher=face.onnx}; {@code -Ddata=lfw130.zip}, {@code -Dprotocol=DIR} with the protocol files of LFW. {@code -Dsetting=} {@code rows} (the default: what each loss and
 * network gives on View 1), {@code view2} (the ten folds), {@code naive}, or the name of a row. {@code -Dseeds=}. The teacher's answers are kept in {@code -Dout=DIR}, so an
 * interrupted run goes on.
 *
 * <p>The student is held against the naive use of its teacher: low-resolution views enlarged. With {@code -Dquick=true} two thirds of the people, two views a picture and one
 * seed; the program ends with an error when the student does not beat the naive use (bicubic) across resolutions.
 */
final class LfwPublicTeacher {

    /** The side of a low-resolution view. */
    private static final int SIDE = 16;

    private static final Backbone SMALL =
            Backbone.residual(20, 128).withBlocks(36, 50).withPooledGrid(2);
    private static final Backbone PLAIN = Backbone.residual(20, 128).withBlocks(36, 64);
    private static final Backbone LARGE =
            Backbone.residual(40, 128).withBlocks(80, 144).withPooledGrid(2);

    private static final SpaceMethod WHITENED = SpaceMethod.whitened();
    private static final BatchLoss FIRST = CosineLoss.squaredDistance();

    private static final int SHORT = 2000;
    private static final int LONG = 5000;
    private static final int LONGEST = 20_000;

    /** A row of the table: who learns, in which space, by which loss, for how long. */
    private record Row(Backbone backbone, SpaceMethod space, BatchLoss loss, int steps) {

        Row(BatchLoss loss) {
            this(SMALL, WHITENED, loss, SHORT);
        }

        /** Wider networks take smaller steps. */
        double learningRate() {
            return backbone.equals(LARGE) ? 6e-3 : 8e-3;
        }
    }

    private static final Interpolation[] QUICKLY = {Interpolation.BICUBIC};
    private static final String NAIVE = "naive: teacher on LR enlarged, ";
    private static final String SHORT_WINNER = "contrastive to a bank, whitened";
    private static final String WINNER = "contrastive to a bank, whitened, 5,000 steps";
    private static final String BASE = "first order, whitened (the base)";
    private static final String LONG_BASE = BASE + ", 5,000 steps";
    private static final Map<String, Row> ROWS = rows();

    private final Settings settings;
    private final Path results;
    private final Path protocol;
    private final KnowledgeStore store;
    private final PairedImages all;
    private final OnnxGuide model;
    private final KnowledgeSource teacher;
    private final PairedImages learned;
    private final TeacherViews views;

    private static Map<String, Row> rows() {
        Map<String, Row> rows = new LinkedHashMap<>();
        BatchLoss contrastive = ContrastiveLoss.at(0.1);
        SpaceMethod centred = SpaceMethod.centred();
        rows.put(WINNER, new Row(SMALL, WHITENED, contrastive, LONG));
        rows.put(SHORT_WINNER, new Row(contrastive));
        rows.put(BASE, new Row(FIRST));
        BatchLoss neighbourhood = NeighbourhoodLoss.at(0.1);
        Term first = new Term("first", 4, FIRST);
        Term distance = new Term("distance", 0.25, new UnitEmbeddings(DistanceLoss.guideScaled()));
        Term angle = new Term("angle", 0.25, new UnitEmbeddings(AngleLoss.guideScaled()));
        Term third = new Term("third", 0.25, new UnitEmbeddings(CrossStreamLoss.guideScaled(3, 20_000, 1)));
        Term fourth = new Term("fourth", 0.25, new UnitEmbeddings(CrossStreamLoss.guideScaled(4, 20_000, 1)));
        rows.put("neighbourhood to a bank, whitened", new Row(neighbourhood));
        rows.put("first order and neighbourhood to a bank", sum(first, new Term("bank", 1, neighbourhood)));
        rows.put("first order and orders 2 and 3 within the stream", sum(first, distance, angle));
        rows.put("first order and order 3 across streams", sum(first, third));
        rows.put("first order and orders 3 and 4 across streams", sum(first, third, fourth));
        rows.put(
                "contrastive and orders 2 and 3 within the stream",
                sum(new Term("contrastive", 1, contrastive), distance, angle));
        rows.put("contrastive and order 3 across streams", sum(new Term("contrastive", 1, contrastive), third));
        rows.put("first order, centred", new Row(SMALL, centred, FIRST, SHORT));
        rows.put("contrastive, centred", new Row(SMALL, centred, contrastive, SHORT));
        rows.put("contrastive, whitened, average over the whole map", new Row(PLAIN, WHITENED, contrastive, SHORT));
        rows.put("contrastive, whitened, large student", new Row(LARGE, WHITENED, contrastive, SHORT));
        rows.put("contrastive, whitened, large student, 5,000 steps", new Row(LARGE, WHITENED, contrastive, LONG));
        rows.put(LONG_BASE, new Row(SMALL, WHITENED, FIRST, LONG));
        rows.put("contrastive to a bank, whitened, 20,000 steps", new Row(SMALL, WHITENED, contrastive, LONGEST));
        rows.put("contrastive, whitened, large student, 10,000 steps", new Row(LARGE, WHITENED, contrastive, 10_000));
        return rows;
    }

    private static Row sum(Term... terms) {
        return new Row(HybridOrderLoss.of(terms));
    }

    private LfwPublicTeacher(Settings settings) throws Exception {
        this.settings = settings;
        results = settings.out().resolve(settings.quick() ? "lfw-teacher-quick" : "lfw-teacher");
        Files.createDirectories(results.resolve("knowledge"));
        store = KnowledgeStore.inFolder(results.resolve("knowledge"));
        Path data = settings.dataOrSay("lfw130.zip");
        protocol = settings.protocol().orElse(data.toAbsolutePath().getParent());
        PairedImages whole = ImageFolder.open(data, ImageShape.colour(130), Degradation.downscaleTo(SIDE));
        model = OnnxGuide.from(settings.teacher().orElseThrow())
                .normalisation(new double[] {0}, new double[] {1 / 255.0})
                .imageChannels(3)
                .atOnce(16)
                .threads(CpuThreads.count())
                .open();
        teacher = model.upsampled(Interpolation.BILINEAR);
        boolean everybody = settings.setting().equals("view2");
        Set<String> people = new TreeSet<>(
                PeopleList.read(protocol.resolve("peopleDevTrain.txt")).names());
        all = whole;
        learned = everybody
                ? whole
                : whole.where(i -> people.contains(whole.classes().get(whole.label(i))));
        PairedImages asked = settings.quick() ? learned.where(i -> learned.label(i) % 3 > 0) : learned;
        views = new TeacherViews(
                asked.withoutLabels(i -> true), settings.quick() ? 1 : 8, settings.quick() ? 0 : 6, teacher, store, 7);
    }

    /** Runs what the settings say. */
    static void run(Settings settings) throws Exception {
        LfwPublicTeacher benchmark = new LfwPublicTeacher(settings);
        try (OnnxGuide opened = benchmark.model) {
            if (settings.setting().equals("view2")) {
                benchmark.viewTwo();
            } else {
                benchmark.viewOne();
            }
        }
    }

    private void viewOne() throws Exception {
        LfwFaces faces = new LfwFaces(all, protocol, !settings.quick(), teacher, store);
        Trials trials = new Trials(results.resolve("rows.csv"), LfwFaces.COLUMNS);
        EmbeddingSpace raw = EmbeddingSpace.raw(teacher.embeddingWidth());
        if (wanted("naive")) {
            trials.row("teacher, HR on both sides", new long[] {0}, s -> faces.teacher(raw));
            for (Interpolation how : settings.quick() ? QUICKLY : Interpolation.values()) {
                trials.row(NAIVE + how, new long[] {0}, s -> faces.naive(model, how, store));
            }
        }
        for (Map.Entry<String, Row> row : ROWS.entrySet()) {
            if (settings.quick() ? !row.getKey().equals(SHORT_WINNER) : !wanted(row.getKey())) {
                continue;
            }
            EmbeddingSpace space = space(i -> true, row.getValue().space());
            trials.row(
                    row.getKey(),
                    settings.seeds(settings.quick() ? 1 : 3),
                    seed -> faces.student(train(row.getValue(), views.part(i -> true, space), seed), space));
        }
        System.out.println(trials.table().markdown());
        if (settings.quick()) {
            double naive = trials.figures(NAIVE + QUICKLY[0], 0).orElseThrow()[LfwFaces.ACROSS_AUC];
            double student = trials.figures(SHORT_WINNER, settings.seed()).orElseThrow()[LfwFaces.ACROSS_AUC];
            if (!(student > naive)) {
                throw new IllegalStateException("the student's AUC across resolutions, " + student
                        + ", is not above that of the naive use of its teacher, " + naive);
            }
        }
    }

    private boolean wanted(String row) {
        return settings.setting().isEmpty()
                || settings.setting().equals("rows")
                || settings.setting().equals(row);
    }

    private EmbeddingSpace space(IntPredicate allowed, SpaceMethod method) {
        return EmbeddingSpace.fit(EmbeddingRows.of(views.pictures(allowed)), method);
    }

    private Network train(Row row, TeacherViews.Part part, long seed) {
        TrainingOptions options = TrainingOptions.of(
                        Schedule.steps(row.steps())
                                .withBatchSize(128)
                                .withLearningRate(row.learningRate())
                                .withWeightDecay(0.1),
                        seed)
                .withLabelWeight(0)
                .withSpace(SpaceMethod.raw()) // The answers lie in the row's space already, and so does the bank.
                .withAugmentation(Augmentation.none().flip());
        Stage stage = new Stage(
                "student",
                Learner.of(row.backbone()),
                Resolution.LOW,
                List.of(GuideLoss.onEmbeddings("teacher", row.loss().withBank(part.bank()))),
                options);
        return Stages.run(List.of(stage), Map.of("teacher", part.teacher()), part.images(), Listeners.log())
                .get("student");
    }

    /** Ten folds; for each, a student that saw no person of it. */
    private void viewTwo() throws Exception {
        ImagePairs pairs = PairList.read(protocol.resolve("pairs.txt")).in(all);
        PeopleList people = PeopleList.read(protocol.resolve("people.txt"));
        INDArray[] high = LfwFaces.views(teacher, all, Resolution.HIGH, store);
        EmbeddingSpace raw = EmbeddingSpace.raw(teacher.embeddingWidth());
        Trials trials = new Trials(results.resolve("view2.csv"), "HR-LR accuracy", "LR-LR accuracy");
        long[] folds = IntStream.range(0, 10).asLongStream().toArray();
        for (Interpolation how : Interpolation.values()) {
            INDArray[] low = LfwFaces.views(model.upsampled(how), all, Resolution.LOW, store);
            trials.row(
                    "naive, " + how,
                    folds,
                    f -> accuracies(pairs, LfwFaces.sum(high, raw), LfwFaces.sum(low, raw), (int) f));
        }
        for (String name : List.of(WINNER, LONG_BASE)) {
            trials.row(name, folds, f -> {
                Set<String> fold = new TreeSet<>();
                people.people().stream().filter(p -> p.fold() == f).forEach(p -> fold.add(p.name()));
                IntPredicate allowed = i -> !fold.contains(all.classes().get(all.label(i)));
                EmbeddingSpace space = space(allowed, ROWS.get(name).space());
                Network student = train(ROWS.get(name), views.part(allowed, space), 1);
                INDArray low =
                        Embeddings.by(student.forInference()).withMirror().of(all, Resolution.LOW);
                return accuracies(pairs, LfwFaces.sum(high, space), low, (int) f);
            });
        }
        System.out.println(trials.table().markdown());
    }

    private static double[] accuracies(ImagePairs pairs, INDArray gallery, INDArray low, int fold) {
        return new double[] {
            100 * LfwFaces.fold(pairs.bothWays(), gallery, low, fold), 100 * LfwFaces.fold(pairs, low, low, fold)
        };
    }
}
