package io.github.horkd.examples.benchmarkstraining;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.GuideLoss;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.Stages;
import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.distill.TrainingOptions;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;

/**
 * Memory over a long stage: heap in use after a collection, native memory that JavaCPP counts, and the whole process (Linux only), every so many steps.
 * Arguments: steps, steps between readings, batch. Prints a line a reading, {@code step heap-MiB javacpp-MiB process-MiB}, and at the end the growth of each
 * over the second half, by least squares, in KiB per 1,000 steps.
 */
public final class SteadyState {

    private static final double MIB = 1024 * 1024;

    private SteadyState() {}

    /**
     * Runs the stage and prints the curve.
     *
     * @param arguments steps, steps between readings, batch
     */
    public static void main(String[] arguments) {
        int steps = Integer.parseInt(arguments[0]);
        int every = Integer.parseInt(arguments[1]);
        int batch = Integer.parseInt(arguments[2]);
        PairedImages images = StageSpeed.noise(2000);
        Network guide = Network.create(
                Backbone.residual(8, 128),
                new Head.Softmax(),
                new Input(ImageShape.gray(64), Scaling.STANDARDISED),
                images.classes(),
                1);
        Stage stage = Stage.onLabels(
                        "student",
                        Backbone.residual(20, 128).withBlocks(36, 64),
                        Resolution.LOW,
                        TrainingOptions.of(Schedule.steps(steps).withBatchSize(batch), 2)
                                .withAugmentation(Augmentation.none().flip()))
                .withLosses(1, GuideLoss.onEmbeddings("teacher", HybridOrderLoss.defaults()));
        double[][] readings = new double[4][steps / every];
        int[] count = {0};
        System.out.println("step heap-MiB javacpp-MiB process-MiB");
        Stages.run(List.of(stage), Map.of("teacher", guide), images, event -> {
            if (event instanceof TrainingEvent.StepFinished step
                    && step.step() % every == 0
                    && count[0] < readings[0].length) {
                collect();
                double[] now = {
                    step.step(),
                    (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / MIB,
                    Pointer.totalBytes() / MIB,
                    process()
                };
                for (int i = 0; i < now.length; i++) {
                    readings[i][count[0]] = now[i];
                }
                count[0]++;
                System.out.printf(Locale.ROOT, "%.0f %.2f %.2f %.1f%n", now[0], now[1], now[2], now[3]);
            }
        });
        System.out.printf(
                Locale.ROOT,
                "growth over the second half, KiB per 1,000 steps: heap %.1f, javacpp %.1f, process %.1f%n",
                slope(readings[0], readings[1], count[0]),
                slope(readings[0], readings[2], count[0]),
                slope(readings[0], readings[3], count[0]));
    }

    /** What a collection finds dead, threads of ND4J and JavaCPP free a moment later; a second one takes what they held on to. */
    private static void collect() {
        try {
            for (int i = 0; i < 2; i++) {
                System.gc();
                Thread.sleep(200);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static double process() {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return Double.NaN;
        }
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Least squares over the second half of the readings, from MiB a step to KiB a thousand steps. */
    private static double slope(double[] x, double[] y, int count) {
        int from = count / 2;
        double meanX = 0;
        double meanY = 0;
        for (int i = from; i < count; i++) {
            meanX += x[i] / (count - from);
            meanY += y[i] / (count - from);
        }
        double above = 0;
        double below = 0;
        for (int i = from; i < count; i++) {
            above += (x[i] - meanX) * (y[i] - meanY);
            below += (x[i] - meanX) * (x[i] - meanX);
        }
        return above / below * 1024 * 1000;
    }
}
