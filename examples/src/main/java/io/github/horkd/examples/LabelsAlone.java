package io.github.horkd.examples;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.AugmentedPool;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.IdxImages;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Checkpoints;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.Stages;
import io.github.horkd.eval.Evaluation;
import io.github.horkd.eval.TopOne;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Is a student that learns from a teacher besides its labels ever worse than one of the labels alone? Teachers from hardly trained to fully trained, the library's defaults with
 * soft logits, as many optimiser steps either way and the same initial weights; top-1 of LR test images.
 * <pre>  mvn -q -f examples -Dexample=LabelsAlone -Ddata=cifar10.tar.gz -Dsetting=cifar10</pre>
 * Settings: {@code cifar10} (the archive of JPEG files, 6,000 labelled, 32×32 colour against 8×8), {@code fashion-mnist} (a folder of the four IDX files, 2,000 labelled,
 * 28×28 against 7×7) and {@code orl} (the faces of 40 people, 200 labelled in 8 poses each, 56×46 against 6×5). Every seed has teachers of its own. A setting takes two to six minutes on one core.
 */
public final class LabelsAlone {

    private static final Backbone TEACHER = Backbone.residual(12, 48);
    private static final Backbone STUDENT = Backbone.residual(12, 48);

    /**
     * A task.
     *
     * @param train    labelled, for teachers and students
     * @param test     is never trained on
     * @param steps    of a student
     * @param teachers steps of each teacher
     */
    private record Task(PairedImages train, PairedImages test, int steps, List<Integer> teachers) {}

    private final Task task;
    private final Checkpoints kept;

    private LabelsAlone(Task task, Checkpoints kept) {
        this.task = task;
        this.kept = kept;
    }

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.ofThisRun();
        String setting = settings.setting().isEmpty() ? "cifar10" : settings.setting();
        Path data = settings.dataOrSay("the images of the setting " + setting);
        Task task = switch (setting) {
            case "cifar10" -> cifar10(data);
            case "fashion-mnist" -> fashionMnist(data);
            case "orl" -> orl(data);
            default ->
                throw new IllegalArgumentException("setting: wanted cifar10, fashion-mnist or orl, got " + setting);
        };
        Path results = settings.out().resolve("labels-alone-" + setting);
        Files.createDirectories(results);
        Trials trials = new Trials(results.resolve("figures.csv"), "top-1", "beside labels only");
        new LabelsAlone(task, Checkpoints.in(results)).run(trials, settings.seeds(3));
        System.out.println(trials.table().markdown());
    }

    private void run(Trials trials, long[] seeds) throws Exception {
        for (long seed : seeds) {
            long[] one = {seed};
            trials.row("labels only", one, s -> new double[] {accuracy(labelsOnly(s), Resolution.LOW), 0});
            double alone = trials.figures("labels only", seed).orElseThrow()[0];
            for (int steps : task.teachers()) {
                String name = String.format(Locale.ROOT, "teacher of %,d steps", steps);
                trials.row(name + ", on HR", one, s -> {
                    double figure = accuracy(teacher(steps, s), Resolution.HIGH);
                    return new double[] {figure, figure - alone};
                });
                trials.row("student of the " + name, one, s -> {
                    double figure = accuracy(distilled(teacher(steps, s), s), Resolution.LOW);
                    return new double[] {figure, figure - alone};
                });
            }
        }
    }

    /** Kept, so that an interrupted run goes on with it. */
    private Network teacher(int steps, long seed) {
        Stage stage = Stage.onLabels(
                "teacher-" + steps + "-" + seed, TEACHER, Resolution.HIGH, Schedule.steps(steps), 1000 + seed);
        return Stages.run(List.of(stage), Map.of(), task.train(), Listeners.log(), KnowledgeStore.inMemory(), kept)
                .get(stage.name());
    }

    /** By the seed that a distillation gives its student, so that both begin with the same weights and see the same batches. */
    private Network labelsOnly(long seed) {
        return Classifier.train(STUDENT, task.train(), Resolution.LOW, Schedule.steps(task.steps()), 2 * seed);
    }

    private Network distilled(Network teacher, long seed) {
        return Distillation.from(teacher)
                .student(STUDENT)
                .schedule(Schedule.steps(task.steps()))
                .softLogits(1, 4)
                .seed(seed)
                .build()
                .run(task.train())
                .student();
    }

    private double accuracy(Network network, Resolution view) {
        return 100
                * TopOne.of(
                                Embeddings.by(network.folded())
                                        .outputs(task.test(), view)
                                        .logits()
                                        .orElseThrow(),
                                Evaluation.labels(task.test()))
                        .rate();
    }

    private static Task cifar10(Path archive) {
        ImageShape colour = ImageShape.colour(32);
        Degradation quarter = Degradation.downscaleTo(8);
        ImageOptions train = ImageOptions.defaults().under("cifar10/train");
        ImageOptions test = ImageOptions.defaults().under("cifar10/test");
        return new Task(
                firstOfEach(600, ImageFolder.open(archive, colour, quarter, train)),
                ImageFolder.open(archive, colour, quarter, test),
                1_860,
                List.of(150, 930));
    }

    private static Task fashionMnist(Path folder) {
        Degradation quarter = Degradation.downscaleTo(7);
        return new Task(
                firstOfEach(
                        200,
                        IdxImages.open(
                                folder.resolve("train-images-idx3-ubyte.gz"),
                                folder.resolve("train-labels-idx1-ubyte.gz"),
                                quarter)),
                IdxImages.open(
                        folder.resolve("t10k-images-idx3-ubyte.gz"),
                        folder.resolve("t10k-labels-idx1-ubyte.gz"),
                        quarter),
                620,
                List.of(30, 310));
    }

    private static Task orl(Path archive) {
        PairedImages all = ImageFolder.open(archive, new ImageShape(1, 56, 46), Degradation.downscaleTo(6, 5));
        Augmentation moves = Augmentation.none()
                .flip()
                .shift(3)
                .rotate(0.1)
                .scale(0.1)
                .contrast(0.2)
                .brightness(0.1);
        int[] seen = new int[all.classes().size()];
        int[] first = IntStream.range(0, all.size())
                .filter(i -> seen[all.label(i)]++ < 5)
                .toArray();
        int[] count = new int[all.classes().size()];
        return new Task(
                new AugmentedPool(all.subset(first), 8, moves, 5),
                all.where(i -> count[all.label(i)]++ >= 5),
                600,
                List.of(60, 400));
    }

    private static PairedImages firstOfEach(int many, PairedImages images) {
        int[] seen = new int[images.classes().size()];
        return images.where(i -> seen[images.label(i)]++ < many);
    }
}
