package io.github.horkd.examples.spark;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.AugmentedPool;
import io.github.horkd.data.Batches;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Split;
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
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The last stage of a distillation on Apache Spark: the guide's knowledge is computed as a map over partitions, the student is trained by parameter averaging on two
 * workers, and both are held against the same on one machine. Without {@code -Ddata} the faces are drawn. Fails when the knowledge differs by more than 1e-5, or Spark's student is
 * more than 10 points behind.
 * <pre>  mvn -q -f examples/spark -Ddata=faces.zip -Dseeds=3</pre>
 */
public final class SparkDistillation {

    private static final int WORKERS = 2;
    private static final int SHARP = 48;
    private static final int SMALL = 12;
    private static final int BATCH = 64;
    private static final int STEPS = 300;
    private static final Backbone STUDENT = Backbone.residual(16, 64);

    private SparkDistillation() {}

    public static void main(String[] args) throws IOException {
        Optional<Path> data = given("data").map(Path::of);
        int seeds = given("seeds").map(Integer::parseInt).orElse(1);
        PairedImages faces = data.isPresent()
                ? ImageFolder.open(data.get(), ImageShape.gray(SHARP), Degradation.downscaleTo(SMALL))
                        .classesWithAtLeast(4)
                : drawn(30, 12);
        Split split = faces.split(0.5, 1);
        // Poses are drawn once, so that Spark and the one machine learn from the very same pictures.
        PairedImages pool =
                new AugmentedPool(split.train(), 8, Augmentation.none().flip().shift(2), 1);
        System.out.printf(
                "%d people, %d pictures to learn from in 8 poses each, %d to test%n",
                faces.classes().size(), split.train().size(), split.test().size());
        Network teacher = teacher(pool, Schedule.steps(STEPS));
        try (JavaSparkContext spark = local(WORKERS)) {
            System.out.printf("the teacher is asked about %d pictures, in %d partitions …%n", pool.size(), 2 * WORKERS);
            JavaRDD<Taught> taught =
                    knowledge(spark, teacher, pool, 2 * WORKERS).cache();
            double apart = farthest(taught.collect(), teacher, pool);
            System.out.printf(
                    Locale.ROOT,
                    "knowledge of %d pictures in %d partitions: at most %.1e from the same on one machine%n",
                    taught.count(),
                    taught.getNumPartitions(),
                    apart);
            if (!(apart < 1e-5)) {
                throw new IllegalStateException("the knowledge computed on Spark is not the one computed here");
            }
            compare(spark, teacher, taught, pool, split, seeds);
        }
    }

    private static void compare(
            JavaSparkContext spark,
            Network teacher,
            JavaRDD<Taught> taught,
            PairedImages pool,
            Split split,
            int seeds) {
        String[] names = {"student, untrained", "one machine, batches of 64", "Spark, two workers, batches of 32"};
        double[][][] scores = new double[names.length][2][seeds];
        for (int s = 0; s < seeds; s++) {
            long seed = 100 + s;
            Network start = untrained(pool, seed);
            Schedule half = Schedule.steps(STEPS).withBatchSize(BATCH / WORKERS);
            List<Network> students = List.of(
                    start,
                    onOneMachine(teacher, pool, Schedule.steps(STEPS).withBatchSize(BATCH), seed),
                    new SparkStudent(WORKERS, 5, 10)
                            .train(spark, start, taught, Batches.shuffled(pool, half.batchSize(), seed), half, seed));
            for (int i = 0; i < names.length; i++) {
                Contender.Score score = Contender.acrossResolutions(students.get(i), teacher, split);
                System.out.printf(
                        Locale.ROOT,
                        "seed %d, %s: top-1 %.1f, cross-resolution rank-1 %.1f%n",
                        seed,
                        names[i],
                        100 * score.topOne(),
                        100 * score.rankOne());
                scores[i][0][s] = score.topOne();
                scores[i][1][s] = score.rankOne();
            }
        }
        Table table = Table.of("", "top-1 %", "cross-resolution rank-1 %");
        for (int i = 0; i < names.length; i++) {
            table = table.row(names[i], Spread.percent(scores[i][0]), Spread.percent(scores[i][1]));
        }
        System.out.println(table);
        for (int measure = 0; measure < 2; measure++) {
            if (mean(scores[2][measure]) < mean(scores[1][measure]) - 0.1) {
                throw new IllegalStateException(
                        "the student of Spark is more than 10 points behind that of one machine");
            }
        }
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Spark in this JVM, without its web pages. */
    static JavaSparkContext local(int threads) {
        return new JavaSparkContext(new SparkConf()
                .setMaster("local[" + threads + "]")
                .setAppName("horkd")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "localhost")
                .set("spark.driver.bindAddress", "127.0.0.1"));
    }

    static Network teacher(PairedImages pool, Schedule schedule) {
        Stage stage = Stage.onLabels("teacher", STUDENT, Resolution.HIGH, schedule, 1)
                .withLearner(Learner.of(Backbone.residual(16, 64), new Head.CosFace(16, 0.1)));
        return Stages.run(List.of(stage), Map.of(), pool, Listeners.log()).get("teacher");
    }

    /** What the guide knows about every picture, computed where the pictures are. */
    static JavaRDD<Taught> knowledge(JavaSparkContext spark, Network guide, PairedImages images, int partitions)
            throws IOException {
        Path file = Files.createTempFile("guide", ".zip");
        try {
            guide.save(file);
            List<Picture> pictures = IntStream.range(0, images.size())
                    .mapToObj(i -> Picture.of(images, i))
                    .toList();
            return spark.parallelize(pictures, partitions)
                    .mapPartitions(new AskGuide(spark.broadcast(Files.readAllBytes(file))));
        } finally {
            Files.delete(file);
        }
    }

    /** The largest difference between what Spark computed and what the guide says here, of any value of any embedding or logits; relative where values are above 1. */
    static double farthest(List<Taught> taught, Network guide, PairedImages images) {
        Guide.Output output = Embeddings.by(guide).outputs(images, Resolution.HIGH);
        float[][] embeddings = output.embeddings().toFloatMatrix();
        float[][] logits = output.logits().orElseThrow().toFloatMatrix();
        if (taught.stream().mapToInt(Taught::index).distinct().count() != images.size()) {
            throw new IllegalStateException(
                    "knowledge: wanted one of each of " + images.size() + " pictures, got " + taught.size());
        }
        return taught.stream()
                .mapToDouble(one -> Math.max(
                        farthest(one.embedding(), embeddings[one.index()]),
                        farthest(one.logits(), logits[one.index()])))
                .max()
                .orElse(Double.NaN);
    }

    private static double farthest(float[] a, float[] b) {
        return IntStream.range(0, b.length)
                .mapToDouble(i -> Math.abs(a[i] - b[i]) / Math.max(1, Math.abs(b[i])))
                .max()
                .orElse(Double.NaN);
    }

    static Network untrained(PairedImages images, long seed) {
        return Network.create(
                STUDENT,
                new Head.Softmax(),
                new Input(images.shape(Resolution.LOW), Scaling.STANDARDISED),
                images.classes(),
                seed);
    }

    static Network onOneMachine(Network teacher, PairedImages pool, Schedule schedule, long seed) {
        Stage stage = Stage.onLabels("student", STUDENT, Resolution.LOW, schedule, seed)
                .withLosses(
                        1,
                        GuideLoss.onEmbeddings("teacher", HybridOrderLoss.defaults())
                                .andLogits(1, 4));
        return Stages.run(List.of(stage), Map.of("teacher", teacher), pool, Listeners.log())
                .get("student");
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
