package io.github.horkd.examples.workers;

import io.github.horkd.accelerate.CpuThreads;
import io.github.horkd.data.Augmentation;
import io.github.horkd.data.AugmentedPool;
import io.github.horkd.data.Batches;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Split;
import io.github.horkd.distill.Checkpoints;
import io.github.horkd.distill.GuideLoss;
import io.github.horkd.distill.Learner;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.Stages;
import io.github.horkd.eval.Spread;
import io.github.horkd.eval.Table;
import io.github.horkd.examples.Contender;
import io.github.horkd.examples.DrawnFaces;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The last stage of a distillation by one worker and by two, by DL4J's ParallelWrapper and by threads of our own, beside the library's own loop: how long it takes and how good
 * the student is. Without {@code -Ddata} the faces are drawn. Fails when a student is more than 10 points behind the first.
 * <pre>  mvn -q -f examples/workers -Ddata=faces.zip -Dseeds=3</pre>
 */
public final class WorkersExample {

    private static final int SHARP = 48;
    private static final int SMALL = given("small").map(Integer::parseInt).orElse(12);
    private static final int STEPS = 300;
    private static final int BATCH = 64;
    private static final Backbone STUDENT = Backbone.residual(16, 64);

    private WorkersExample() {}

    /**
     * One way to train.
     *
     * @param name    in the table
     * @param batch   pictures a step of one worker
     * @param workers who trains; nobody stands for the library's own loop
     */
    private record Way(String name, int batch, Optional<Workers> workers) {

        static Way by(String who, Workers workers, int batch) {
            return new Way(who + ", " + workers.workers() + " x " + batch, batch, Optional.of(workers));
        }

        /** All ways see as many pictures. Where a step of all workers has more of them, there are fewer steps, and the learning rate is as much higher. */
        Network train(Teaching teaching, int pictures, long seed) {
            int aStep = batch * workers.map(Workers::workers).orElse(1);
            Schedule schedule = Schedule.steps(pictures / aStep).withBatchSize(batch);
            schedule = schedule.withLearningRate(schedule.learningRate() * aStep / BATCH);
            return workers.isEmpty()
                    ? teaching.byTheLibrary(schedule, seed)
                    : teaching.byWorkers(workers.get(), schedule, seed);
        }
    }

    private static final List<Way> WAYS = List.of(
            new Way("the library's own loop, 64", BATCH, Optional.empty()),
            Way.by("ParallelWrapper", new ByParallelWrapper(1, 1), BATCH),
            Way.by("ParallelWrapper", new ByParallelWrapper(2, 1), BATCH / 2),
            Way.by("ParallelWrapper", new ByParallelWrapper(2, 1), BATCH),
            Way.by("side by side", new SideBySide(1, 1), BATCH),
            Way.by("side by side", new SideBySide(2, 1), BATCH / 2),
            Way.by("side by side", new SideBySide(2, 1), BATCH));

    public static void main(String[] args) {
        // Each worker: side by side they are to have a core each.
        CpuThreads.use(given("threads").map(Integer::parseInt).orElse(1));
        Optional<Path> data = given("data").map(Path::of);
        int seeds = given("seeds").map(Integer::parseInt).orElse(1);
        List<Way> ways = given("ways")
                .map(w -> Arrays.stream(w.split(",")).map(WorkersExample::way).toList())
                .orElse(WAYS);
        PairedImages faces = data.isPresent()
                ? ImageFolder.open(data.get(), ImageShape.gray(SHARP), Degradation.downscaleTo(SMALL))
                        .classesWithAtLeast(4)
                : drawn(30, 12);
        Split split = faces.split(0.5, 1);
        // Poses are drawn once, so that all ways learn from the very same pictures.
        PairedImages pool =
                new AugmentedPool(split.train(), 8, Augmentation.none().flip().shift(2), 1);
        System.out.printf(
                "%d people, %d pictures to learn from in 8 poses each, %d to test%n",
                faces.classes().size(), split.train().size(), split.test().size());
        try (KnowledgeStore store = KnowledgeStore.inMemory()) {
            compare(Teaching.of(pool, teacher(pool, Schedule.steps(STEPS)), store), split, ways, seeds);
        }
    }

    private static Way way(String number) {
        if (!number.matches("[0-" + (WAYS.size() - 1) + "]")) {
            throw new IllegalArgumentException(
                    "ways: wanted numbers from 0 to " + (WAYS.size() - 1) + " with commas between them, got " + number);
        }
        return WAYS.get(Integer.parseInt(number));
    }

    private static void compare(Teaching teaching, Split split, List<Way> ways, int seeds) {
        double[][] seconds = new double[ways.size()][seeds];
        double[][] top = new double[ways.size()][seeds];
        double[][] cross = new double[ways.size()][seeds];
        int pictures = STEPS * BATCH;
        ways.forEach(way -> way.train(teaching, pictures / 5, 1)); // Until Java has compiled what it will.
        for (int s = 0; s < seeds; s++) {
            long seed = 100 + s;
            for (int w = 0; w < ways.size(); w++) {
                // Not always the same one first.
                int i = (w + s) % ways.size();
                long began = System.nanoTime();
                Network student = ways.get(i).train(teaching, pictures, seed);
                seconds[i][s] = (System.nanoTime() - began) / 1e9;
                Contender.Score score = Contender.acrossResolutions(student, teaching.teacher(), split);
                top[i][s] = score.topOne();
                cross[i][s] = score.rankOne();
                System.out.printf(
                        Locale.ROOT,
                        "seed %d, %s: %.1f s, top-1 %.1f, cross-resolution rank-1 %.1f%n",
                        seed,
                        ways.get(i).name(),
                        seconds[i][s],
                        100 * score.topOne(),
                        100 * score.rankOne());
            }
        }
        Table table =
                Table.of("workers x pictures a step", "seconds", "pictures/s", "top-1 %", "cross-resolution rank-1 %");
        for (int i = 0; i < ways.size(); i++) {
            double median = median(seconds[i]);
            table = table.row(
                    ways.get(i).name(),
                    String.format(Locale.ROOT, "%.1f", median),
                    String.format(Locale.ROOT, "%.0f", pictures / median),
                    Spread.percent(top[i]),
                    Spread.percent(cross[i]));
        }
        System.out.println(table);
        for (int i = 1; i < ways.size(); i++) {
            if (mean(top[i]) < mean(top[0]) - 0.1 || mean(cross[i]) < mean(cross[0]) - 0.1) {
                throw new IllegalStateException(ways.get(i).name() + ": more than 10 points behind "
                        + ways.get(0).name());
            }
        }
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /**
     * Everything a student's training needs but the way.
     *
     * @param pool what it learns from
     * @param teacher the guide
     * @param store keeps what the guide saw: it is asked once, before any clock runs
     * @param knowledge what it saw
     */
    record Teaching(PairedImages pool, Network teacher, KnowledgeStore store, Knowledge knowledge) {

        static Teaching of(PairedImages pool, Network teacher, KnowledgeStore store) {
            return new Teaching(
                    pool, teacher, store, store.of(teacher, pool, Resolution.HIGH, KnownPoses.asIs(), seen -> {}));
        }

        Network byTheLibrary(Schedule schedule, long seed) {
            Stage stage = Stage.onLabels("student", STUDENT, Resolution.LOW, schedule, seed)
                    .withLosses(
                            1,
                            GuideLoss.onEmbeddings("teacher", HybridOrderLoss.defaults())
                                    .andLogits(1, 4));
            return Stages.run(List.of(stage), Map.of("teacher", teacher), pool, event -> {}, store, Checkpoints.none())
                    .get("student");
        }

        Network byWorkers(Workers way, Schedule schedule, long seed) {
            Network start = untrained(pool, seed);
            return way.train(
                    start,
                    TaughtPictures.of(pool, start, knowledge),
                    Batches.shuffled(pool, schedule.batchSize(), seed),
                    schedule,
                    seed);
        }
    }

    static Network teacher(PairedImages pool, Schedule schedule) {
        Stage stage = Stage.onLabels("teacher", STUDENT, Resolution.HIGH, schedule, 1)
                .withLearner(Learner.of(Backbone.residual(16, 64), new Head.CosFace(16, 0.1)));
        return Stages.run(List.of(stage), Map.of(), pool, Listeners.log()).get("teacher");
    }

    static Network untrained(PairedImages images, long seed) {
        return Network.create(
                STUDENT,
                new Head.Softmax(),
                new Input(images.shape(Resolution.LOW), Scaling.STANDARDISED),
                images.classes(),
                seed);
    }

    /** Nobody's faces. */
    static PairedImages drawn(int people, int shots) {
        return new DrawnFaces(SHARP, false, 1).pairs(people, shots, Degradation.downscaleTo(SMALL));
    }

    private static Optional<String> given(String name) {
        return Optional.ofNullable(System.getProperty("horkd." + name))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }
}
