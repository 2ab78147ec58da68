package io.github.horkd.examples.benchmarkstraining;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.MemoryImages;
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
import io.github.horkd.loss.AngleLoss;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * One distillation stage from end to end: a guide of a million parameters on 64×64, a student of 88,000 on 16×16, labels and orders 1, 2 and 3, flips, batches of 64.
 * Runs it three times, as the student's is the third of teacher, assistant and student, and prints two lines, {@code first seconds-in-all seconds-of-knowledge} of the
 * stage in a JVM that has done no more than a short one, and {@code horkd …} of the third. Arguments: images, epochs. The pictures are noise: no time depends on what is on them.
 * {@code stage.py} puts the PyTorch recipes beside it.
 */
public final class StageSpeed {

    private static final int CLASSES = 298;

    private StageSpeed() {}

    public static void main(String[] arguments) {
        int count = Integer.parseInt(arguments[0]);
        int epochs = Integer.parseInt(arguments[1]);
        // Loads the native libraries, which PyTorch's side has loaded before its clock runs.
        run(Math.min(count, 640), 2);
        print("first", run(count, epochs));
        run(count, epochs);
        print("horkd", run(count, epochs));
    }

    private static void print(String what, double[] seconds) {
        System.out.printf(Locale.ROOT, "%s %.2f %.2f%n", what, seconds[0], seconds[1]);
    }

    private static double[] run(int count, int epochs) {
        PairedImages images = noise(count);
        Backbone teacher = Backbone.residual(40, 128).withBlocks(80, 120, 200);
        Network guide = Network.create(
                teacher, new Head.Softmax(), new Input(ImageShape.gray(64), Scaling.STANDARDISED), images.classes(), 1);
        HybridOrderLoss hybrid = HybridOrderLoss.of(
                new Term("first", 4, CosineLoss.squaredDistance()),
                new Term("distance", 10, DistanceLoss.rkdCompatible()),
                new Term("angle", 20, AngleLoss.rkdCompatible()));
        Stage stage = Stage.onLabels(
                        "student",
                        Backbone.residual(20, 128).withBlocks(36, 64),
                        Resolution.LOW,
                        TrainingOptions.of(Schedule.epochs(epochs), 2)
                                .withAugmentation(Augmentation.none().flip()))
                .withLosses(1, GuideLoss.onEmbeddings("teacher", hybrid));
        long[] firstStep = {0};
        long start = System.nanoTime();
        Stages.run(List.of(stage), Map.of("teacher", guide), images, event -> {
            if (event instanceof TrainingEvent.StepFinished && firstStep[0] == 0) {
                firstStep[0] = System.nanoTime();
            }
        });
        return new double[] {(System.nanoTime() - start) / 1e9, (firstStep[0] - start) / 1e9};
    }

    static PairedImages noise(int count) {
        var random = new Random(1);
        List<byte[]> pixels = new ArrayList<>();
        List<String> classes = new ArrayList<>();
        List<String> names = new ArrayList<>();
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            byte[] one = new byte[64 * 64];
            random.nextBytes(one);
            pixels.add(one);
            names.add("image" + i);
            labels[i] = i % CLASSES;
        }
        for (int c = 0; c < CLASSES; c++) {
            classes.add("class" + c);
        }
        return MemoryImages.of(ImageShape.gray(64), pixels, labels, classes, names, Degradation.downscaleTo(16));
    }
}
