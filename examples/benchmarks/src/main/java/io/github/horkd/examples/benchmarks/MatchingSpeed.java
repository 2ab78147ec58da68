package io.github.horkd.examples.benchmarks;

import io.github.horkd.accelerate.CpuThreads;
import io.github.horkd.data.ImageShape;
import io.github.horkd.eval.Table;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.LocalScaling;
import io.github.horkd.guide.Scaling;
import io.github.horkd.recognise.Answers;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import io.github.horkd.recognise.TemplatePrecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Searches a gallery of generated people, 128 wide, and prints its times beside what as many threads of the machine can do: read as much memory as the templates
 * take, and sgemm. Arguments: how many people (100000), and how often each time is taken (7). The best time counts. A person is a random direction; a probe is that
 * direction with noise, at a cosine of about 0.43, so that some are lost: rank-1 tells what fewer bytes cost. Fails when a goal is missed.
 *
 * <pre>  mvn -q -f examples/benchmarks -Dexample=MatchingSpeed -Dthreads=2 -Darguments="100000 40"
 *  mvn -q -f examples/benchmarks -Dexample=MatchingSpeed -Dthreads=2 -Darguments="1000000 20" -Dheap=1536m</pre>
 */
public final class MatchingSpeed {

    private static final int WIDTH = 128;
    private static final int BATCH = 64;
    private static final int PROBES = 2000;
    private static final int COHORT = 4000;
    private static final double NOISE = 2.1;
    /** MB: 1 GiB. */
    private static final double MOST_BESIDE = (1L << 30) / 1e6;

    private final int people;
    private final int rounds;
    private final int threads = CpuThreads.count();
    private final Random random = new Random(1);
    private final List<String> missed = new ArrayList<>();

    private MatchingSpeed(int people, int rounds) {
        this.people = people;
        this.rounds = rounds;
    }

    /** Whoever made the embeddings: nobody here. */
    private record Elsewhere() implements Guide {
        @Override
        public Input input() {
            return new Input(ImageShape.gray(8), Scaling.ZERO_ONE);
        }

        @Override
        public int embeddingWidth() {
            return WIDTH;
        }

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public String identity() {
            return "generated";
        }

        @Override
        public Output output(INDArray images) {
            throw new IllegalStateException("generated embeddings have no network");
        }
    }

    /**
     * Runs it.
     *
     * @param arguments how many people, how many rounds
     */
    public static void main(String[] arguments) {
        int people = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
        new MatchingSpeed(people, rounds).run();
    }

    private void run() {
        CpuThreads.use(threads);
        float[][] first = directions(Math.min(PROBES, people));
        Gallery exact = enrolled(first);
        double reading = readRate();
        double gemm = gemmRate();
        double templates = bytes(TemplatePrecision.FLOAT32) / 1e6;
        System.out.printf(
                Locale.ROOT,
                "%d threads read %.1f GB/s of %.0f MB, sgemm runs at %.0f GFLOP/s%n",
                threads,
                reading,
                templates,
                gemm);
        double beside = usedHeap() / 1e6 - templates;
        System.out.printf(
                Locale.ROOT,
                "a heap of %,d MB holds %.0f MB of templates and %.0f MB beside them%n%n",
                Runtime.getRuntime().maxMemory() / 1_000_000,
                templates,
                beside);
        wanted("MB of heap beside the templates, at most", beside < MOST_BESIDE, MOST_BESIDE, beside);
        INDArray probes = noisy(first);
        Table table = Table.of(
                "templates",
                "MB",
                "1 probe, ms",
                "GB/s",
                "of reading %",
                "of 64, ms each",
                "GFLOP/s",
                "of sgemm %",
                "rank-1 %");
        for (TemplatePrecision precision : TemplatePrecision.values()) {
            boolean asItIs = precision == exact.precision();
            table = table.row(measured(asItIs ? exact : exact.withPrecision(precision), probes, reading, gemm));
        }
        System.out.println(table + "\n");
        changes(exact, reading);
        scaled(exact, probes);
        if (!missed.isEmpty()) {
            throw new IllegalStateException("wanted and missed: " + String.join("; ", missed));
        }
    }

    private Gallery enrolled(float[][] first) {
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, new Elsewhere());
        long began = System.nanoTime();
        for (int from = 0; from < people; from += PROBES) {
            int start = from;
            int count = Math.min(PROBES, people - from);
            builder.enrol(
                    IntStream.range(0, count).mapToObj(i -> "p" + (start + i)).toList(),
                    Nd4j.create(from == 0 ? first : directions(count)));
        }
        System.out.printf(Locale.ROOT, "enrolled %,d in %.1f s%n", people, (System.nanoTime() - began) / 1e9);
        return builder.build();
    }

    private double bytes(TemplatePrecision precision) {
        return (4.0 / (1 << precision.ordinal())) * people * WIDTH;
    }

    private void wanted(String what, boolean held, double wanted, double measured) {
        if (!held) {
            missed.add(String.format(Locale.ROOT, "%s: wanted %.1f, got %.1f", what, wanted, measured));
        }
    }

    private Object[] measured(Gallery gallery, INDArray probes, double reading, double gemm) {
        INDArray one = probes.getRow(0, true).dup();
        INDArray batch =
                probes.get(NDArrayIndex.interval(0, BATCH), NDArrayIndex.all()).dup();
        double single = best(() -> gallery.identify(one, 5));
        double each = best(() -> gallery.identify(batch, 5)) / BATCH;
        List<Answers> answers = gallery.identify(probes, 1);
        long right = IntStream.range(0, answers.size())
                .filter(i -> answers.get(i).best().orElseThrow().identity().equals("p" + i))
                .count();
        double read = bytes(gallery.precision()) / single / 1e6;
        double rate = 2.0 * people * WIDTH / each / 1e6;
        if (gallery.precision() == TemplatePrecision.FLOAT32) {
            wanted("one probe, % of reading", read >= 0.7 * reading, 70, 100 * read / reading);
        }
        wanted(gallery.precision() + ", batches of 64, % of sgemm", rate >= 0.5 * gemm, 50, 100 * rate / gemm);
        return new Object[] {
            gallery.precision(),
            text("%.0f", bytes(gallery.precision()) / 1e6),
            text("%.2f", single),
            text("%.1f", read),
            text("%.0f", 100 * read / reading),
            text("%.3f", each),
            text("%.0f", rate),
            text("%.0f", 100 * rate / gemm),
            text("%.2f", 100.0 * right / answers.size())
        };
    }

    /** Whoever copies the templates has to read them at least. */
    private void changes(Gallery gallery, double reading) {
        INDArray row = Nd4j.createFromArray(directions(1)[0]);
        double change = best(() -> {
            GalleryBuilder more = gallery.toBuilder();
            more.enrol("one more", row);
            more.build();
        });
        double removal = best(() -> {
            GalleryBuilder fewer = gallery.toBuilder();
            fewer.remove("p" + people / 2);
            fewer.build();
        });
        double copy = bytes(TemplatePrecision.FLOAT32) / reading / 1e6;
        System.out.printf(
                Locale.ROOT,
                "another gallery with one person more: %.3f ms, one fewer: %.3f ms; reading all templates: %.1f ms%n",
                change,
                removal,
                copy);
        wanted("ms for one person more", change < copy / 2, copy / 2, change);
        wanted("ms for one person fewer", removal < copy / 2, copy / 2, removal);
    }

    /** What local scaling by so many rows adds to a probe, and to the first one after a change. */
    private void scaled(Gallery gallery, INDArray probes) {
        INDArray cohort = Nd4j.create(directions(COHORT));
        LocalScaling scaling = LocalScaling.of(cohort, cohort);
        Gallery other = gallery.toBuilder().localScaling(scaling).build();
        INDArray one = probes.getRow(0, true).dup();
        INDArray batch =
                probes.get(NDArrayIndex.interval(0, BATCH), NDArrayIndex.all()).dup();
        long began = System.nanoTime();
        other.identify(one, 5);
        double first = (System.nanoTime() - began) / 1e6;
        System.out.printf(
                Locale.ROOT,
                "locally scaled by %,d rows: one probe %.2f ms, of %d %.3f ms each, the first after a change %.0f ms; %.3f ms of a probe are the cohort's%n",
                COHORT,
                best(() -> other.identify(one, 5)),
                BATCH,
                best(() -> other.identify(batch, 5)) / BATCH,
                first,
                best(() -> scaling.ofProbes(one)));
    }

    private double best(Runnable work) {
        double best = Double.POSITIVE_INFINITY;
        for (int round = 0; round < rounds; round++) {
            long began = System.nanoTime();
            work.run();
            best = Math.min(best, (System.nanoTime() - began) / 1e6);
        }
        return best;
    }

    /** Copies as much memory as the templates take, 256 MB at most, three times over, piece by piece, to where it stays in the cache. */
    private double readRate() {
        int pieces = (int) Math.min(256, bytes(TemplatePrecision.FLOAT32) / (4 << 18) + 1);
        float[][] memory = new float[pieces][1 << 18];
        double time = best(() -> {
            IntStream reads = IntStream.range(0, 3 * pieces);
            (threads > 1 ? reads.parallel() : reads).forEach(i -> {
                float[] near = new float[1 << 12];
                float[] piece = memory[i % pieces];
                for (int at = 0; at < piece.length; at += near.length) {
                    System.arraycopy(piece, at, near, 0, near.length);
                }
            });
        });
        return 3 * pieces * 4.0 * (1 << 18) / time / 1e6;
    }

    /** BLAS has all threads for this, as it has in a process without oneDNN. */
    private double gemmRate() {
        int side = 2048;
        INDArray a = Nd4j.rand(DataType.FLOAT, side, side);
        INDArray b = Nd4j.rand(DataType.FLOAT, side, side);
        INDArray c = Nd4j.create(DataType.FLOAT, new long[] {side, side}, 'f');
        int before = Nd4j.factory().blas().getMaxThreads();
        Nd4j.factory().blas().setMaxThreads(threads);
        double time = best(() -> Nd4j.gemm(a, b, c, false, false, 1, 0));
        Nd4j.factory().blas().setMaxThreads(before);
        return 2.0 * side * side * side / time / 1e6;
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private float[][] directions(int count) {
        return Stream.generate(this::direction).limit(count).toArray(float[][]::new);
    }

    private float[] direction() {
        float[] row = new float[WIDTH];
        double squares = 0;
        for (int d = 0; d < WIDTH; d++) {
            row[d] = (float) random.nextGaussian();
            squares += row[d] * row[d];
        }
        for (int d = 0; d < WIDTH; d++) {
            row[d] /= (float) Math.sqrt(squares);
        }
        return row;
    }

    private INDArray noisy(float[][] rows) {
        List<float[]> all = new ArrayList<>();
        for (float[] row : rows) {
            float[] noise = direction();
            float[] probe = row.clone();
            for (int d = 0; d < WIDTH; d++) {
                probe[d] += (float) (NOISE * noise[d]);
            }
            all.add(probe);
        }
        return Nd4j.create(all.toArray(float[][]::new));
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
