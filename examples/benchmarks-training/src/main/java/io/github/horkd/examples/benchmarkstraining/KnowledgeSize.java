package io.github.horkd.examples.benchmarkstraining;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.knowledge.Precision;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Knowledge that is larger than the heap: builds files of generated embeddings, opens them as another program would, and reads batches of 64 rows here and
 * there. Prints seconds, rows/s, the largest error that float16 makes in a cosine, and the most heap that was in use. Arguments: an empty directory, rows,
 * width. The files stay, 2 GB and 1 GB for 1,000,000 × 512; where they are
 * there already, "build" is how long a program takes to open what another one left.
 * <pre>  mvn -q -f examples/benchmarks-training -Dexample=KnowledgeSize -Dheap=1g -Darguments="DIRECTORY 1000000 512"</pre>
 */
public final class KnowledgeSize {

    private static final int BATCH = 64;
    private static final int BATCHES = 2000;
    private static final int IN_MEMORY = 100_000;
    private static final Pose[] UNMOVED =
            Collections.nCopies(BATCH, Pose.IDENTITY).toArray(Pose[]::new);

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int rows = Integer.parseInt(arguments[1]);
        Generated guide = new Generated(Integer.parseInt(arguments[2]));
        System.out.printf(Locale.ROOT, "heap of %d MiB%n", Runtime.getRuntime().maxMemory() >> 20);
        for (Precision precision : Precision.values()) {
            timed(precision + ": build", () -> KnowledgeStore.inFolder(folder, precision), guide, rows)
                    .close();
            KnowledgeStore store =
                    timed(precision + ": open", () -> KnowledgeStore.inFolder(folder, precision), guide, rows);
            Knowledge knowledge = ask(store, guide, rows);
            batches(precision.toString(), knowledge, rows);
            System.out.printf(
                    Locale.ROOT,
                    "%s: largest error of a cosine %.2e%n",
                    precision,
                    cosineError(knowledge, guide, rows));
            store.close();
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".knowledge"))
                    .sorted()
                    .toList()) {
                System.out.printf(Locale.ROOT, "%s: %,d bytes%n", file.getFileName(), Files.size(file));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "heap in use at most %d MiB%n",
                ManagementFactory.getMemoryPoolMXBeans().stream()
                                .filter(pool -> pool.getType() == MemoryType.HEAP)
                                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                                .sum()
                        >> 20);
        int few = Math.min(rows, IN_MEMORY);
        batches("in memory, " + few + " rows", ask(KnowledgeStore.inMemory(), guide, few), few);
    }

    private static Knowledge ask(KnowledgeStore store, Generated guide, int rows) {
        return store.of(guide, new Nameless(rows), Resolution.HIGH, KnownPoses.asIs(), seen -> {});
    }

    private interface Opening {
        KnowledgeStore store();
    }

    private static KnowledgeStore timed(String what, Opening opening, Generated guide, int rows) {
        long began = System.nanoTime();
        KnowledgeStore store = opening.store();
        ask(store, guide, rows);
        System.out.printf(Locale.ROOT, "%s %.1f s%n", what, (System.nanoTime() - began) / 1e9);
        return store;
    }

    /** The median over the second half; the first half warms up. */
    private static void batches(String what, Knowledge knowledge, int rows) {
        SplittableRandom random = new SplittableRandom(7);
        double[] seconds = new double[BATCHES];
        for (int i = 0; i < BATCHES; i++) {
            int[] indices = random.ints(BATCH, 0, rows).toArray();
            long began = System.nanoTime();
            knowledge.embeddings(indices, UNMOVED);
            seconds[i] = (System.nanoTime() - began) / 1e9;
        }
        double[] later = Arrays.copyOfRange(seconds, BATCHES / 2, BATCHES);
        Arrays.sort(later);
        double median = later[later.length / 2];
        System.out.printf(
                Locale.ROOT,
                "%s: batches of %d, median %.0f us (best %.0f, 99 of 100 below %.0f), %,.0f rows/s%n",
                what,
                BATCH,
                median * 1e6,
                later[0] * 1e6,
                later[later.length * 99 / 100] * 1e6,
                BATCH / median);
    }

    private static double cosineError(Knowledge knowledge, Generated guide, int rows) {
        SplittableRandom random = new SplittableRandom(8);
        double largest = 0;
        for (int i = 0; i < BATCHES; i++) {
            int[] indices = random.ints(BATCH, 0, rows).toArray();
            float[][] kept = new float[BATCH][];
            float[] all = knowledge.embeddings(indices, UNMOVED).data().asFloat();
            for (int j = 0; j < BATCH; j++) {
                kept[j] = Arrays.copyOfRange(all, j * guide.width, (j + 1) * guide.width);
            }
            for (int j = 1; j < BATCH; j++) {
                double exact = cosine(guide.row(indices[0]), guide.row(indices[j]));
                largest = Math.max(largest, Math.abs(exact - cosine(kept[0], kept[j])));
            }
        }
        return largest;
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double squareA = 0;
        double squareB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            squareA += (double) a[i] * a[i];
            squareB += (double) b[i] * b[i];
        }
        return product / Math.sqrt(squareA * squareB);
    }

    /** A guide that finds an embedding for every number: a stretch of one long row of Gaussian noise. */
    private static final class Generated implements KnowledgeSource {

        private final float[] noise = new float[1 << 20];
        private final int width;

        Generated(int width) {
            this.width = width;
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (float) (random.nextGaussian() / Math.sqrt(width));
            }
        }

        float[] row(int number) {
            int at = new SplittableRandom(number).nextInt(noise.length - width);
            return Arrays.copyOfRange(noise, at, at + width);
        }

        @Override
        public boolean seesPixels() {
            return false;
        }

        @Override
        public void require(PairedImages images, Resolution view) {
            // There is an embedding for every number.
        }

        @Override
        public Output outputs(PairedImages images, Resolution view, int[] indices, Pose[] poses) {
            float[] rows = new float[indices.length * width];
            for (int i = 0; i < indices.length; i++) {
                System.arraycopy(row(indices[i]), 0, rows, i * width, width);
            }
            return Output.of(Nd4j.createFromArray(rows).reshape(indices.length, width));
        }

        @Override
        public int embeddingWidth() {
            return width;
        }

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public String identity() {
            return "generated " + width;
        }
    }

    /** Images that are nothing but numbers. */
    private record Nameless(int size) implements PairedImages {

        @Override
        public ImageShape shape(Resolution resolution) {
            return ImageShape.gray(1);
        }

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public int label(int index) {
            return UNLABELLED;
        }

        @Override
        public String name(int index) {
            return Integer.toString(index);
        }

        @Override
        public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {}
    }
}
