package io.github.horkd.examples.benchmarks;

import io.github.horkd.data.ImageShape;
import io.github.horkd.eval.Table;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
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
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Searches a gallery of generated people, 128 wide, and prints its times beside what the machine can do: reading memory, and sgemm. Arguments: how many people
 * (100000), and how often each time is taken (7). The best time counts. A person is a random direction; a probe is that direction with noise, at a cosine of
 * about 0.43, so that some are lost: rank-1 tells what fewer bytes cost.
 *
 * <pre>  mvn -q -f examples/benchmarks -Dexample=MatchingSpeed -Darguments="100000 7"</pre>
 */
public final class MatchingSpeed {

    private static final int WIDTH = 128;
    private static final int BATCH = 64;
    private static final int PROBES = 2000;
    private static final double NOISE = 2.1;

    private final int people;
    private final int rounds;
    private final Random random = new Random(1);

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
        float[][] rows = IntStream.range(0, Math.min(PROBES, people))
                .mapToObj(i -> direction())
                .toArray(float[][]::new);
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, new Elsewhere());
        long began = System.nanoTime();
        for (int from = 0; from < people; from += PROBES) {
            int start = from;
            int count = Math.min(PROBES, people - from);
            float[][] some = from == 0
                    ? rows
                    : IntStream.range(0, count).mapToObj(i -> direction()).toArray(float[][]::new);
            builder.enrol(
                    IntStream.range(0, count).mapToObj(i -> "p" + (start + i)).toList(), Nd4j.create(some));
        }
        Gallery exact = builder.build();
        System.out.printf(Locale.ROOT, "enrolled %,d in %.1f s%n", people, (System.nanoTime() - began) / 1e9);
        double read = readRate();
        double gemm = gemmRate();
        System.out.printf(
                Locale.ROOT, "this machine reads %.1f GB/s on all cores, sgemm runs at %.0f GFLOP/s%n%n", read, gemm);
        INDArray probes = noisy(rows);
        Table table = Table.of(
                "templates", "MB", "1 probe, ms", "GB/s", "of 64, ms each", "GFLOP/s", "of sgemm %", "rank-1 %");
        for (TemplatePrecision precision : TemplatePrecision.values()) {
            boolean asItIs = precision == exact.precision();
            table = table.row(measured(asItIs ? exact : exact.withPrecision(precision), probes, gemm));
        }
        System.out.println(table + "\n");
        changes(exact);
    }

    private Object[] measured(Gallery gallery, INDArray probes, double gemm) {
        int bytes = new int[] {4, 2, 1}[gallery.precision().ordinal()];
        INDArray one = probes.getRow(0, true).dup();
        INDArray batch = probes.get(
                        org.nd4j.linalg.indexing.NDArrayIndex.interval(0, BATCH),
                        org.nd4j.linalg.indexing.NDArrayIndex.all())
                .dup();
        double single = best(() -> gallery.identify(one, 5));
        double each = best(() -> gallery.identify(batch, 5)) / BATCH;
        List<Answers> answers = gallery.identify(probes, 1);
        long right = IntStream.range(0, answers.size())
                .filter(i -> answers.get(i).best().orElseThrow().identity().equals("p" + i))
                .count();
        double values = (double) people * WIDTH;
        double rate = 2 * values / each / 1e6;
        return new Object[] {
            gallery.precision(),
            text("%.0f", values * bytes / 1e6),
            text("%.2f", single),
            text("%.1f", values * bytes / single / 1e6),
            text("%.3f", each),
            text("%.0f", rate),
            text("%.0f", 100 * rate / gemm),
            text("%.2f", 100.0 * right / answers.size())
        };
    }

    private void changes(Gallery gallery) {
        INDArray row = Nd4j.createFromArray(direction());
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
        System.out.printf(
                Locale.ROOT, "another gallery with one person more: %.3f ms, one fewer: %.3f ms%n", change, removal);
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

    /** Copies much memory, piece by piece, to where it stays in the cache. */
    private double readRate() {
        int pieces = 64;
        float[][] memory = new float[pieces][1 << 20];
        double time = best(() -> IntStream.range(0, pieces).parallel().forEach(i -> {
            float[] near = new float[1 << 12];
            for (int at = 0; at < memory[i].length; at += near.length) {
                System.arraycopy(memory[i], at, near, 0, near.length);
            }
        }));
        return pieces * 4.0 * (1 << 20) / time / 1e6;
    }

    private double gemmRate() {
        int side = 2048;
        INDArray a = Nd4j.rand(DataType.FLOAT, side, side);
        INDArray b = Nd4j.rand(DataType.FLOAT, side, side);
        INDArray c = Nd4j.create(DataType.FLOAT, new long[] {side, side}, 'f');
        double time = best(() -> Nd4j.gemm(a, b, c, false, false, 1, 0));
        return 2.0 * side * side * side / time / 1e6;
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
