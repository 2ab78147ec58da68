package io.github.horkd.examples.benchmarkstraining;

import com.sun.management.OperatingSystemMXBean;
import io.github.horkd.accelerate.Acceleration;
import io.github.horkd.accelerate.CpuThreads;
import io.github.horkd.data.Augmentation;
import io.github.horkd.data.BatchLoader;
import io.github.horkd.data.Batches;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How many images a second are made ready for training: moved as augmentation says, made small as degradation says, and put into batches of 64. Prints two tables: while
 * nobody trains, and while the network of {@link TrainingSpeed} does, on as many threads as {@code -Dthreads} says, with how long it waited. Argument: seconds a
 * measurement. Fails when training with every degradation at once waits for more than 1 % of the time.
 */
public final class LoadingSpeed {

    private static final int BATCH = 64;

    private LoadingSpeed() {}

    /**
     * One way from a picture to a batch.
     *
     * @param name         in the table
     * @param shape        of the picture
     * @param sees         which view is wanted
     * @param degradation  how low resolution comes about
     * @param augmentation how pictures are moved
     */
    private record Way(
            String name, ImageShape shape, Resolution sees, Degradation degradation, Augmentation augmentation) {}

    public static void main(String[] arguments) {
        double seconds = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 2;
        Augmentation plain = Augmentation.none().flip().shift(2);
        Augmentation wide = plain.rotate(0.1).scale(0.08).contrast(0.2);
        List<Way> ways = List.of(
                new Way(
                        "64 to 16, gray, flip and shift",
                        ImageShape.gray(64),
                        Resolution.LOW,
                        Degradation.downscaleTo(16),
                        plain),
                new Way(
                        "64 to 16, gray, and rotation, scale, contrast",
                        ImageShape.gray(64),
                        Resolution.LOW,
                        Degradation.downscaleTo(16),
                        wide),
                new Way(
                        "64 to 16, gray, flip and shift, blur and noise",
                        ImageShape.gray(64),
                        Resolution.LOW,
                        Degradation.blur(1).then(Degradation.downscaleTo(16)).then(Degradation.noise(0.02)),
                        plain),
                new Way(
                        "64 to 16, gray, flip and shift, JPEG",
                        ImageShape.gray(64),
                        Resolution.LOW,
                        Degradation.downscaleTo(16).then(Degradation.jpeg(60)),
                        plain),
                new Way(
                        "64 to 16, gray, all of these",
                        ImageShape.gray(64),
                        Resolution.LOW,
                        Degradation.blur(1)
                                .then(Degradation.downscaleTo(16))
                                .then(Degradation.noise(0.02))
                                .then(Degradation.jpeg(60)),
                        wide),
                new Way(
                        "64 to 16 and back, gray, flip and shift",
                        ImageShape.gray(64),
                        Resolution.LOW,
                        Degradation.downscaleTo(16).upsampledBack(Interpolation.BILINEAR),
                        plain),
                new Way(
                        "128 to 32, colour, flip and shift",
                        ImageShape.colour(128),
                        Resolution.LOW,
                        Degradation.downscaleTo(32),
                        plain),
                new Way(
                        "64, gray, rotation, scale, contrast (a teacher's)",
                        ImageShape.gray(64),
                        Resolution.HIGH,
                        Degradation.downscaleTo(16),
                        wide));
        System.out.println("| images/s | one reading thread | two | processor, µs an image |\n|---|---|---|---|");
        for (Way way : ways) {
            PairedImages images = noise(way.shape, way.degradation);
            double[] rates = new double[2];
            double[] processor = new double[1];
            for (int threads = 1; threads <= 2; threads++) {
                rate(images, way, threads, seconds / 2, processor); // Until Java has compiled it.
                rates[threads - 1] = rate(images, way, threads, seconds, processor);
            }
            System.out.printf(
                    Locale.ROOT, "| %s | %,.0f | %,.0f | %.0f |%n", way.name, rates[0], rates[1], processor[0]);
        }
        training(ways.get(0), ways.get(4), seconds);
    }

    /** An easy and the heaviest way, while somebody trains. */
    private static void training(Way easy, Way heaviest, double seconds) {
        ComputationGraph network = TrainingSpeed.residual(1, 16);
        Acceleration.forTraining(network);
        System.out.printf(
                "%n| %d training threads, %d reading | images/s | waited, %% |%n|---|---|---|%n",
                CpuThreads.count(), BatchLoader.Options.defaults().threads());
        double waited = 0;
        for (Way way : List.of(easy, heaviest)) {
            PairedImages images = noise(way.shape, way.degradation);
            train(network, images, way, Math.max(20, seconds));
            double[] trained = train(network, images, way, 3 * seconds);
            waited = trained[1];
            System.out.printf(Locale.ROOT, "| %s | %,.0f | %.2f |%n", way.name, trained[0], 100 * waited);
        }
        if (waited > 0.01) {
            throw new IllegalStateException("training with every degradation at once waited " + Math.round(100 * waited)
                    + " % of the time, wanted at most 1 %");
        }
    }

    /** Images a second, and the share of the time that training waited for them. */
    private static double[] train(ComputationGraph network, PairedImages images, Way way, double seconds) {
        Batches plan = Batches.shuffled(images, BATCH, 1);
        List<int[]> batches = IntStream.range(0, 1000)
                .mapToObj(plan::epoch)
                .flatMap(List::stream)
                .toList();
        INDArray labels = Nd4j.zeros(BATCH, 10);
        labels.getColumn(0).assign(1);
        var options = BatchLoader.Options.defaults().views(way.sees);
        try (BatchLoader loader = BatchLoader.of(
                images, batches, (batch, row) -> way.augmentation.draw((long) BATCH * batch + row), options)) {
            long start = System.nanoTime();
            long seen = 0;
            while (loader.hasNext() && System.nanoTime() - start < seconds * 1e9) {
                network.fit(new MultiDataSet(loader.next().low(), labels));
                seen += BATCH;
            }
            double took = System.nanoTime() - start;
            return new double[] {seen * 1e9 / took, loader.waited().toNanos() / took};
        }
    }

    /** Images a second; what each takes of a processor, which other programs on the machine hardly change, goes into {@code processor}. */
    private static double rate(PairedImages images, Way way, int threads, double seconds, double[] processor) {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long used = system.getProcessCpuTime();
        Batches plan = Batches.shuffled(images, BATCH, 1);
        var options = new BatchLoader.Options(Set.of(way.sees), threads, 4);
        long start = System.nanoTime();
        long read = 0;
        for (int epoch = 0; System.nanoTime() - start < seconds * 1e9; epoch++) {
            try (BatchLoader loader = BatchLoader.of(images, plan, epoch, way.augmentation, options)) {
                while (loader.hasNext()) {
                    read += loader.next().size();
                }
            }
        }
        processor[0] = (system.getProcessCpuTime() - used) / 1e3 / read;
        return read / ((System.nanoTime() - start) / 1e9);
    }

    private static PairedImages noise(ImageShape shape, Degradation degradation) {
        var random = new Random(1);
        int count = 16 * BATCH;
        List<byte[]> pixels = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] one = new byte[shape.size()];
            random.nextBytes(one);
            pixels.add(one);
            names.add("image" + i);
        }
        int[] labels = new int[count];
        Arrays.setAll(labels, i -> i % 2);
        return MemoryImages.of(shape, pixels, labels, List.of("one", "other"), names, degradation);
    }
}
