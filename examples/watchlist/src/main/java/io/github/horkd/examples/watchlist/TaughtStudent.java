package io.github.horkd.examples.watchlist;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Split;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.Schedule;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * For whoever has a teacher and pictures, and no student yet: one is distilled on four fifths of the people, without their labels, and the threshold calibrated on the others. It is kept, so that only the first
 * start takes its time.
 */
final class TaughtStudent {

    /** Rows and columns of the pictures that the student is for. */
    static final int SMALL = 16;

    private static final double TAUGHT = 0.8;
    private static final long SEED = 1;

    private TaughtStudent() {}

    /**
     * A student of a teacher.
     *
     * @param teacher sees the sharp pictures
     * @param pictures of people, a class each, a face filling each
     * @param file    where the student is kept; one that is there is taken as it is
     * @param steps   of its training, 64 pictures each
     * @param rate    the share of comparisons with somebody else that may be accepted
     */
    static Recognisers recognisers(Guide teacher, PairedImages pictures, Path file, int steps, double rate)
            throws IOException {
        Split people = pictures.splitByClass(TAUGHT, SEED);
        if (!Files.exists(file)) {
            System.out.printf(
                    "No student is given: one learns %d-pixel faces from the teacher on %,d pictures of %,d people, which takes some minutes, and is kept as %s.%n",
                    SMALL, people.train().size(), people.train().classes().size(), file);
            Files.createDirectories(file.toAbsolutePath().getParent());
            taught(teacher, people, steps).save(file);
        }
        return Recognisers.calibrated(teacher, Network.load(file), people.test(), rate);
    }

    /** Another teacher, other pictures or more steps give another student. */
    static String name(Guide teacher, Path data, int steps) {
        String from = data.toAbsolutePath().normalize() + " " + teacher.identity() + " " + steps;
        return "student-"
                + UUID.nameUUIDFromBytes(from.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .substring(0, 8) + ".zip";
    }

    private static Network taught(KnowledgeSource teacher, Split people, int steps) {
        return Distillation.from(teacher)
                .student(Backbone.residual(20, 128).withBlocks(36, 50))
                .labels(0)
                .schedule(Schedule.steps(steps))
                .augmentation(Augmentation.none().flip())
                .seed(SEED)
                .build()
                .run(people.train())
                .student();
    }
}
