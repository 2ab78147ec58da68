package io.github.horkd.examples;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Checkpoints;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.distill.TrainingListener;
import io.github.horkd.guide.Guide;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains a tiny problem for 600 epochs, with checkpoints, and serves 100,000 probes, of which every hundredth enrols somebody and removes somebody. Prints
 * what the program holds meanwhile, and fails when it grows: heap, memory in all, threads, open files; or when a temporary file is left.
 *
 * <p>{@code mvn -q -f examples -Dexample=LongRun}; {@code -Dquick=true} is a tenth of it.
 */
public final class LongRun {

    private static final int LOOKS = 12;
    private static final int PEOPLE = 12;

    private LongRun() {}

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.ofThisRun();
        if (args.length == 1) {
            run(Path.of(args[0]), settings.quick() ? 60 : 600, settings.quick() ? 10_000 : 100_000);
            return;
        }
        Path out = Files.createDirectories(settings.out().resolve("long-run"));
        Process process = OwnJvm.running(LongRun.class, out.resolve("tmp"), out.toString())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the run failed; it says why above");
        }
    }

    private static void run(Path out, int epochs, int probes) throws IOException {
        PairedImages faces = new DrawnFaces(24, false, 1).pairs(PEOPLE, 8, Degradation.downscaleTo(12));
        Network teacher = Classifier.train(
                Stage.onLabels(
                        "teacher",
                        Backbone.plain(4, 16),
                        Resolution.HIGH,
                        Schedule.epochs(2).withBatchSize(32),
                        1),
                faces,
                event -> {});
        List<Footprint> training = new ArrayList<>();
        TrainingListener looks = event -> {
            if (event instanceof TrainingEvent.EpochFinished done && done.epoch() % (epochs / LOOKS) == 0) {
                training.add(Footprint.after(done.epoch()));
            }
        };
        Network student;
        try (KnowledgeStore store = KnowledgeStore.inFolder(Files.createDirectories(out.resolve("knowledge")))) {
            student = Distillation.from(teacher)
                    .student(Backbone.plain(4, 16))
                    .schedule(Schedule.epochs(epochs).withBatchSize(32))
                    .augmentation(Augmentation.none().flip().shift(1))
                    .knowledge(store)
                    .checkpoints(Checkpoints.in(Files.createTempDirectory(out, "checkpoints"))
                            .withInterval(Duration.ofMillis(100)))
                    .seed(2)
                    .listen(looks)
                    .build()
                    .run(faces)
                    .student();
        }
        System.out.println(Footprint.table("epochs", training));
        List<Footprint> serving = serve(teacher, student.folded(), faces, probes);
        System.out.println(Footprint.table("probes", serving));
        Footprint.requireSteady(training);
        Footprint.requireSteady(serving);
        long left = serving.get(serving.size() - 1).temporary();
        if (left > 0) {
            throw new IllegalStateException("wanted no temporary file, got " + left);
        }
        System.out.printf("%d epochs and %d probes: nothing grew, no temporary file is left%n", epochs, probes);
    }

    private static List<Footprint> serve(Network teacher, Guide student, PairedImages faces, int probes) {
        int[] all = IntStream.range(0, faces.size()).toArray();
        INDArray high = faces.batch(Resolution.HIGH, all, Pose.IDENTITY);
        INDArray low = faces.batch(Resolution.LOW, all, Pose.IDENTITY);
        Gallery gallery =
                Gallery.builder(PerIdentity.BEST_TEMPLATE, teacher, student).build();
        List<Footprint> looks = new ArrayList<>();
        for (int probe = 1; probe <= probes; probe++) {
            int picture = probe % all.length;
            if (probe % 100 == 1) {
                GalleryBuilder builder = gallery.toBuilder();
                builder.remove("person " + (probe / 100 - PEOPLE));
                builder.enrol("person " + probe / 100, teacher, row(high, picture));
                gallery = builder.build();
            }
            gallery.identify(gallery.embed(student, row(low, picture)), 5);
            if (probe % (probes / LOOKS) == 0) {
                looks.add(Footprint.after(probe));
            }
        }
        return looks;
    }

    private static INDArray row(INDArray images, int index) {
        return images.slice(index).reshape(1, images.size(1), images.size(2), images.size(3));
    }
}
