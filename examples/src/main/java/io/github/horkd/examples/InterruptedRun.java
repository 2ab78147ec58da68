package io.github.horkd.examples;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Checkpoints;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.Stages;
import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.RelationMemory;
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
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The program that {@link KillAndResume} kills: it keeps all it can, says each milestone when it has passed it, and goes on wherever it finds itself. */
final class InterruptedRun {

    private static final int PEOPLE = 12;
    private static final int EPOCHS = 3;
    private static final int STEPS = 3;
    private static final int EARLIER = 60;
    private static final Schedule SHORT =
            Schedule.epochs(EPOCHS).withBatchSize(32).withLearningRate(0.01);

    /** All that a run says, in order. */
    static final List<String> MILESTONES = milestones();

    private InterruptedRun() {}

    private static List<String> milestones() {
        List<String> all = new ArrayList<>();
        for (String stage : List.of("teacher", "assistant", "student")) {
            if (!stage.equals("teacher")) {
                all.add(stage + " asks its guide");
            }
            for (int epoch = 1; epoch <= EPOCHS; epoch++) {
                for (int step = 1; step <= STEPS; step++) {
                    all.add(stage + " steps " + ((epoch - 1) * STEPS + step));
                }
                all.add(stage + " ends epoch " + epoch);
            }
            all.add(stage + " is done");
        }
        for (int person = 1; person <= PEOPLE; person++) {
            all.add("enrolled " + person);
        }
        return List.copyOf(all);
    }

    static void in(Path folder) throws IOException {
        PairedImages faces = new DrawnFaces(24, false, 1).pairs(PEOPLE, 8, Degradation.downscaleTo(12));
        Path knowledge = Files.createDirectories(folder.resolve("knowledge"));
        // A checkpoint after every step: the more that is written, the more is hit half-way.
        Checkpoints checkpoints = Checkpoints.in(folder).withInterval(Duration.ofNanos(1));
        try (KnowledgeStore store = KnowledgeStore.inFolder(knowledge)) {
            Stage school = Stage.onLabels("teacher", Backbone.plain(4, 16), Resolution.HIGH, SHORT, 1);
            Network teacher = Stages.run(
                            List.of(school),
                            Map.of(),
                            faces,
                            InterruptedRun::say,
                            KnowledgeStore.inMemory(),
                            checkpoints)
                    .get("teacher");
            Network student = Distillation.from(teacher)
                    .assistant(Backbone.plain(4, 16))
                    .student(Backbone.plain(4, 16))
                    // A loss with a memory: what it holds is part of a checkpoint.
                    .loss(HybridOrderLoss.of(
                            new HybridOrderLoss.Term("first", 1, CosineLoss.squaredDistance()),
                            new HybridOrderLoss.Term(
                                    "past", 0.1, new RelationMemory(DistanceLoss.guideScaled(), EARLIER))))
                    .schedule(SHORT)
                    .augmentation(Augmentation.none().flip().shift(1))
                    .seed(2)
                    .knowledge(store)
                    .checkpoints(checkpoints)
                    .listen(InterruptedRun::say)
                    .build()
                    .run(faces)
                    .student();
            enrol(folder.resolve("people.gallery"), teacher, student, faces);
            System.out.println("student is " + student.identity());
        }
    }

    /** Who is said to be enrolled is in the file. */
    private static void enrol(Path file, Network teacher, Network student, PairedImages faces) {
        Gallery gallery = Files.exists(file)
                ? Gallery.load(file)
                : Gallery.builder(PerIdentity.BEST_TEMPLATE, teacher, student).build();
        int before = gallery.identities().size();
        System.out.println("enrolled before " + before);
        for (int person = before; person < PEOPLE; person++) {
            INDArray picture = faces.batch(Resolution.HIGH, new int[] {8 * person}, Pose.IDENTITY);
            GalleryBuilder builder = gallery.toBuilder();
            builder.enrol(faces.classes().get(person), teacher, picture);
            gallery = builder.build();
            gallery.save(file);
            System.out.println("enrolled " + (person + 1));
        }
    }

    private static void say(TrainingEvent event) {
        if (event instanceof TrainingEvent.KnowledgeGathered) {
            System.out.println(event.stage() + " asks its guide");
        } else if (event instanceof TrainingEvent.StepFinished step) {
            System.out.println(event.stage() + " steps " + step.step());
        } else if (event instanceof TrainingEvent.EpochFinished epoch) {
            System.out.println(event.stage() + " ends epoch " + epoch.epoch());
        } else if (event instanceof TrainingEvent.StageFinished) {
            System.out.println(event.stage() + " is done");
        }
    }
}
