package io.github.horkd.examples;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Split;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.Learner;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.TrainingOptions;
import io.github.horkd.eval.Evaluation;
import io.github.horkd.eval.Table;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The main job: distils a recogniser for 12-pixel faces from one for 64-pixel faces, and holds it against what people would do otherwise. Without
 * {@code -Ddata} the faces are drawn (nobody's); with it they come from a folder or archive with one directory a person. Only a fifth of the training
 * pictures has a label for the students; the teacher saw all labels.
 *
 * <p>Prints one table, writes {@code quickstart.png} (some faces, and whom each model took them for) and {@code student.zip} to {@code -Dout}, and
 * fails when the distilled student does not beat the naive use of the teacher. {@code -Dquick=true} is a short form, {@code -Dseed=} another run.
 */
public final class Quickstart {

    private static final int SHARP = 64;
    private static final int SMALL = 12;
    private static final Augmentation MOVES = Augmentation.none().flip().shift(2);
    private static final Backbone STUDENT = Backbone.residual(16, 64);

    private Quickstart() {}

    public static void main(String[] args) throws Exception {
        long began = System.nanoTime();
        Settings settings = Settings.ofThisRun();
        Files.createDirectories(settings.out());
        boolean own = settings.data().isPresent();
        PairedImages faces = own
                ? ownFaces(settings.data().get(), settings.reading())
                : drawn(settings.quick() ? 30 : 60, settings.seed());
        Split split = faces.split(own ? 0.5 : 2 / 3.0, settings.seed());
        PairedImages few = labelEveryFifth(split.train());
        System.out.printf(
                "%d people, %d pictures to learn from (%d of them labelled for the students), %d to test%n",
                faces.classes().size(),
                split.train().size(),
                few.labelled().size(),
                split.test().size());

        // Every network has a seed of its own: networks begun alike would share a space by accident.
        int steps = settings.quick() ? 200 : 400;
        int batch = Math.min(64, split.train().size());
        long seed = 10 * settings.seed();
        Stage school = Stage.onLabels(
                "teacher",
                STUDENT,
                Resolution.HIGH,
                TrainingOptions.of(Schedule.steps(steps).withBatchSize(batch), seed)
                        .withAugmentation(MOVES));
        Network teacher = Classifier.train(
                school.withLearner(Learner.of(Backbone.residual(24, 64), new Head.CosFace(16, 0.1))),
                split.train(),
                new ConsoleProgress());
        Schedule asLong = Schedule.steps(2 * steps)
                .withBatchSize(Math.min(64, few.labelled().size()));
        Stage alone = Stage.onLabels(
                "labels-only",
                STUDENT,
                Resolution.LOW,
                TrainingOptions.of(asLong, seed + 1).withAugmentation(MOVES));
        Network labelsOnly = Classifier.train(alone, few, new ConsoleProgress());
        Network student = Distillation.from(teacher)
                .assistant(Backbone.residual(16, 64))
                .student(STUDENT)
                .schedule(Schedule.steps(steps / 2), Schedule.steps(2 * steps))
                .batchSize(batch)
                .augmentation(MOVES)
                .seed(seed + 2)
                .listen(new ConsoleProgress())
                .build()
                .run(few)
                .student();
        student.save(settings.out().resolve("student.zip"));

        report(
                settings,
                split,
                List.of(
                        new Contender("teacher, 64 pixels", teacher, Embeddings.by(teacher), Resolution.HIGH),
                        new Contender(
                                "teacher, 12 pixels enlarged",
                                teacher,
                                Embeddings.by(teacher).upsampled(Interpolation.BICUBIC),
                                Resolution.LOW),
                        new Contender("student, labels only", labelsOnly, Embeddings.by(labelsOnly), Resolution.LOW),
                        new Contender("student, distilled", student, Embeddings.by(student), Resolution.LOW)));
        System.out.printf(
                Locale.ROOT,
                "quickstart.png and student.zip are in %s; %.0f s in all%n",
                settings.out(),
                (System.nanoTime() - began) / 1e9);
    }

    private static void report(Settings settings, Split split, List<Contender> contenders) {
        INDArray gallery = contenders.get(0).embeddings().of(split.train(), Resolution.HIGH);
        int[] enrolled = Evaluation.labels(split.train());
        Table table = Table.of("", "top-1 %", "cross-resolution rank-1 %", "parameters", "images/s");
        List<Contender.Score> scores = new ArrayList<>();
        for (Contender contender : contenders) {
            Contender.Score score = contender.score(split.test(), gallery, enrolled);
            scores.add(score);
            table = table.row(
                    contender.name(),
                    percent(score.topOne()),
                    percent(score.rankOne()),
                    contender.network().parameterCount(),
                    contender.imagesPerSecond());
        }
        System.out.println(table);
        AnswerPicture.of(split, contenders.subList(1, 4), scores.subList(1, 4))
                .write(settings.out().resolve("quickstart.png"));
        if (scores.get(3).rankOne() <= scores.get(1).rankOne()) {
            throw new IllegalStateException("the distilled student does not beat the naive use of its teacher");
        }
    }

    /** Everybody with four pictures or more: two to learn from, two to test with. */
    private static PairedImages ownFaces(Path data, ImageOptions reading) {
        PairedImages all = ImageFolder.open(data, SHARP, Degradation.downscaleTo(SMALL), reading);
        PairedImages enough = all.classesWithAtLeast(4);
        if (enough.classes().size() < 2) {
            throw new IllegalArgumentException("data: wanted at least 2 people with 4 pictures or more, got "
                    + enough.classes().size() + " among the " + all.classes().size() + " in " + data);
        }
        if (enough.classes().size() < all.classes().size()) {
            System.out.printf(
                    "left out, having fewer than 4 pictures: %d of %d people%n",
                    all.classes().size() - enough.classes().size(),
                    all.classes().size());
        }
        return enough;
    }

    /** Drawn people with 30 pictures each. */
    private static PairedImages drawn(int people, long seed) {
        return new DrawnFaces(SHARP, false, seed).pairs(people, 30, Degradation.downscaleTo(SMALL));
    }

    /** Keeps the label of every fifth picture of each class, and of the first. */
    private static PairedImages labelEveryFifth(PairedImages images) {
        int[] seen = new int[images.classes().size()];
        boolean[] kept = new boolean[images.size()];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = seen[images.label(i)]++ % 5 == 0;
        }
        return images.withoutLabels(i -> !kept[i]);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }
}
