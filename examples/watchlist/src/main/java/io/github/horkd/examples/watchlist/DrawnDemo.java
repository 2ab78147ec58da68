package io.github.horkd.examples.watchlist;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFile;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.Learner;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.TrainingOptions;
import io.github.horkd.examples.DrawnFaces;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import io.github.horkd.recognise.Answer;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import io.github.horkd.recognise.Recogniser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/**
 * For whoever has no networks yet: a teacher for 64 pixels and a student for 12, trained on drawn faces (nobody's), and pictures of drawn
 * people they have not seen, to try the page with. Both networks are kept, so that only the first start takes its time.
 */
final class DrawnDemo {

    static final int SHARP = 64;
    static final int SMALL = 12;
    /** Strangers to the networks begin here; the first of them are the pictures to try, the others calibrate. */
    private static final int UNSEEN = 1_000;
    /** Of so many unseen people one is chosen to come first. */
    private static final int CANDIDATES = 24;

    private static final List<String> NAMES = List.of("Ada", "Bruno", "Chiara", "Deniz", "Emil", "Fumiko");
    private static final DrawnFaces FACES = new DrawnFaces(SHARP, false, 1);
    private static final Augmentation MOVES = Augmentation.none().flip().shift(2);

    private DrawnDemo() {}

    /**
     * How much the networks learn.
     *
     * @param people how many drawn people they are shown
     * @param shots  pictures of each
     * @param steps  of the teacher; the student takes twice as many
     */
    record Effort(int people, int shots, int steps) {

        /** Four times the people and twice the steps brought little: at 12 pixels the drawn faces are hard to tell apart. */
        static final Effort USUAL = new Effort(200, 8, 300);
    }

    /** Networks from the folder, trained and put there first where they are missing. */
    static Recognisers recognisers(Path folder, double rate, Effort effort) throws IOException {
        Files.createDirectories(folder);
        Path teacherFile = folder.resolve("teacher.zip");
        Path studentFile = folder.resolve("student.zip");
        if (!Files.exists(teacherFile) || !Files.exists(studentFile)) {
            System.out.println(
                    "No networks are given: some are trained on drawn faces, which takes some minutes, and kept in "
                            + folder + ".");
            PairedImages faces = faces(0, effort.people(), effort.shots());
            // Seeds of their own: networks begun alike would share a space by accident.
            Network teacher = Classifier.train(
                    Stage.onLabels(
                                    "teacher",
                                    Backbone.residual(24, 64),
                                    Resolution.HIGH,
                                    TrainingOptions.of(Schedule.steps(effort.steps()), 1)
                                            .withAugmentation(MOVES))
                            .withLearner(Learner.of(Backbone.residual(24, 64), new Head.CosFace(16, 0.1))),
                    faces,
                    Listeners.log());
            Network student = Distillation.from(teacher)
                    .student(Backbone.residual(16, 64))
                    .schedule(Schedule.steps(2 * effort.steps()))
                    .augmentation(MOVES)
                    .seed(2)
                    .build()
                    .run(faces)
                    .student();
            teacher.save(teacherFile);
            student.save(studentFile);
        }
        return Recognisers.calibrated(
                Network.load(teacherFile), Network.load(studentFile), faces(UNSEEN + 100, 60, 6), rate);
    }

    /**
     * Writes pictures of people whom the networks have not seen: three sharp ones of each to enrol, a small one of another
     * moment to drop, and a small one of somebody who is not meant to be enrolled.
     *
     * @return the folder they are in
     */
    static Path picturesToTry(Path folder) throws IOException {
        return picturesToTry(folder, 0);
    }

    /**
     * The same, the first of the names given to another of the drawn people: whoever tries the page first meets somebody who is recognised.
     *
     * @param first the number of that person, 0 to {@value #CANDIDATES} − 1
     * @return the folder they are in
     */
    static Path picturesToTry(Path folder, int first) throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("pictures-to-try"));
        for (int i = 0; i < NAMES.size(); i++) {
            for (int shot = 1; shot <= 3; shot++) {
                write(FACES.image(person(i, first), shot), pictures.resolve(NAMES.get(i) + "-sharp-" + shot + ".png"));
            }
            write(small(FACES.image(person(i, first), 0)), pictures.resolve(NAMES.get(i) + "-small.png"));
        }
        write(small(FACES.image(UNSEEN + CANDIDATES, 0)), pictures.resolve("Stranger-small.png"));
        return pictures;
    }

    private static int person(int name, int first) {
        return UNSEEN + (name == 0 ? first : name <= first ? name - 1 : name);
    }

    /** Who of the drawn people is told from the others best: the small picture is nearest to the own sharp ones by the widest margin. */
    static int clearest(Recognisers recognisers) {
        GalleryBuilder builder =
                Gallery.builder(PerIdentity.BEST_TEMPLATE, recognisers.teacher(), recognisers.student());
        for (int i = 0; i < CANDIDATES; i++) {
            for (int shot = 1; shot <= 3; shot++) {
                builder.enrol(Integer.toString(i), recognisers.teacher(), ImageFile.of(FACES.image(UNSEEN + i, shot)));
            }
        }
        Recogniser all = Recogniser.of(builder.build(), recognisers.student()).withTop(2);
        int best = 0;
        double widest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < CANDIDATES; i++) {
            List<Answer> ranked =
                    all.identify(small(FACES.image(UNSEEN + i, 0))).ranked();
            double margin = ranked.get(0).similarity() - ranked.get(1).similarity();
            boolean believed = ranked.get(0).similarity() >= recognisers.similarity();
            if (ranked.get(0).identity().equals(Integer.toString(i)) && believed && margin > widest) {
                widest = margin;
                best = i;
            }
        }
        return best;
    }

    /** Exact averages: 64 pixels are 192 thirds of a pixel, and 16 of those make one of the 12. */
    private static BufferedImage small(BufferedImage sharp) {
        int fine = 3 * SHARP;
        int block = fine / SMALL;
        BufferedImage image = new BufferedImage(SMALL, SMALL, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < SMALL; y++) {
            for (int x = 0; x < SMALL; x++) {
                int sum = 0;
                for (int at = 0; at < block * block; at++) {
                    sum += sharp.getRGB((x * block + at % block) / 3, (y * block + at / block) / 3) & 0xff;
                }
                image.getRaster().setSample(x, y, 0, Math.round(sum / (float) (block * block)));
            }
        }
        return image;
    }

    private static void write(BufferedImage image, Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".part");
        ImageIO.write(image, "png", beside.toFile());
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static PairedImages faces(int first, int people, int shots) {
        List<byte[]> pixels = IntStream.range(0, people * shots)
                .parallel()
                .mapToObj(i -> FACES.pixels(first + i / shots, i % shots))
                .toList();
        return MemoryImages.of(
                ImageShape.gray(SHARP),
                pixels,
                IntStream.range(0, people * shots).map(i -> i / shots).toArray(),
                IntStream.range(0, people)
                        .mapToObj(p -> "person " + (first + p))
                        .toList(),
                IntStream.range(0, people * shots)
                        .mapToObj(i -> "person " + (first + i / shots) + ", shot " + i % shots)
                        .toList(),
                Degradation.downscaleTo(SMALL));
    }
}
