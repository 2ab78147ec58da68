package io.github.horkd.examples.watchlist;

import io.github.horkd.data.Fit;
import io.github.horkd.data.ImageFile;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Limits;
import io.github.horkd.data.Pixels;
import io.github.horkd.guide.Guide;
import io.github.horkd.recognise.Answer;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Who is enrolled, and who is in a picture. The gallery is kept in a file, where one is named, and written after every change; pictures are
 * kept in memory only, so they end with the program.
 *
 * <p>Safe to use from several threads: networks serve one at a time, so everybody waits in one line, and no more than one picture is
 * decoded at once.
 */
final class Watchlist {

    private static final int MOST_TEMPLATES = 10_000;
    private static final int LONGEST_NAME = 100;
    private static final int TOP = 5;

    /**
     * An enrolled person.
     *
     * @param name      the name
     * @param templates how many pictures were enrolled
     * @param picture   the number to ask {@link #picture(long)} for; empty when the person came from a file
     */
    record Person(String name, int templates, Optional<Long> picture) {}

    /**
     * A person the probe may show.
     *
     * @param person     who
     * @param similarity cosine, −1…1
     * @param believed   whether that reaches the threshold
     */
    record Match(Person person, double similarity, boolean believed) {}

    /**
     * What a probe gave.
     *
     * @param height  rows of the picture that was sent
     * @param width   columns of the picture that was sent
     * @param seen    as the student saw it
     * @param matches the most similar people, best first
     */
    record Found(int height, int width, Picture seen, List<Match> matches) {

        /** Whether nobody enrolled is similar enough. */
        boolean nobody() {
            return matches.stream().noneMatch(Match::believed);
        }
    }

    private final Recognisers recognisers;
    private final Limits limits;
    private final Optional<Path> file;
    private final Map<String, Long> pictureOf = new HashMap<>();
    private final Map<Long, Picture> pictures = new HashMap<>();
    private Gallery gallery;
    private long lastPicture;

    /**
     * A watchlist, empty or as the file has it.
     *
     * @param recognisers who recognises
     * @param limits      bytes and pixels of a picture that is sent
     * @param file        where the gallery is kept; empty for nowhere
     */
    Watchlist(Recognisers recognisers, Limits limits, Optional<Path> file) {
        this.recognisers = recognisers;
        this.limits = limits;
        this.file = file;
        if (file.isPresent() && Files.exists(file.get())) {
            gallery = Gallery.load(file.get());
            for (Guide guide : List.of(recognisers.teacher(), recognisers.student())) {
                if (!gallery.guides().contains(guide.identity())) {
                    throw new IllegalArgumentException(
                            file.get() + ": wanted a gallery of these networks, got one of others; its similarities"
                                    + " would mean nothing. Start with the networks it was enrolled with, or name another file");
                }
            }
        } else {
            gallery = Gallery.builder(PerIdentity.BEST_TEMPLATE, recognisers.teacher(), recognisers.student())
                    .build();
        }
    }

    Recognisers recognisers() {
        return recognisers;
    }

    Limits limits() {
        return limits;
    }

    /** Everybody, in the order of enrolment. */
    synchronized List<Person> people() {
        return gallery.identities().stream().map(this::person).toList();
    }

    private Person person(String name) {
        return new Person(name, gallery.templates(name), Optional.ofNullable(pictureOf.get(name)));
    }

    /** A picture that was enrolled, as the teacher saw it. */
    synchronized Optional<Picture> picture(long number) {
        return Optional.ofNullable(pictures.get(number));
    }

    /**
     * Enrols a sharp picture, beside those the person already has.
     *
     * @param name     who it shows
     * @param fileName for messages
     * @param content  the bytes of an image file
     */
    synchronized Person enrol(String name, String fileName, byte[] content) {
        String person = checkedName(name);
        if (gallery.templates() >= MOST_TEMPLATES) {
            throw new Refused(409, "The list is full: it holds " + MOST_TEMPLATES + " pictures.");
        }
        Pixels pixels = pixels(Upload.decode(fileName, content, limits), recognisers.teacher(), "to enrol");
        GalleryBuilder builder = gallery.toBuilder();
        builder.enrol(person, recognisers.teacher(), batch(pixels));
        change(builder.build());
        pictureOf.computeIfAbsent(person, unseen -> {
            pictures.put(++lastPicture, Picture.of(pixels));
            return lastPicture;
        });
        return person(person);
    }

    /** Forgets a person. */
    synchronized void remove(String name) {
        GalleryBuilder builder = gallery.toBuilder();
        if (builder.remove(name) == 0) {
            throw new Refused(404, "“" + name + "” is not on the list.");
        }
        change(builder.build());
        Optional.ofNullable(pictureOf.remove(name)).ifPresent(pictures::remove);
    }

    /** Nobody sees the new gallery before it is in its file. */
    private void change(Gallery next) {
        file.ifPresent(next::save);
        gallery = next;
    }

    /**
     * Says who a small picture shows.
     *
     * @param fileName for messages
     * @param content  the bytes of an image file
     */
    synchronized Found identify(String fileName, byte[] content) {
        ImageFile image = Upload.decode(fileName, content, limits);
        Pixels pixels = pixels(image, recognisers.student(), "to recognise anybody");
        INDArray probe = gallery.embed(recognisers.student(), batch(pixels));
        List<Match> matches = gallery.identify(probe, TOP).get(0).ranked().stream()
                .map(this::match)
                .toList();
        return new Found(image.shape().height(), image.shape().width(), Picture.of(pixels), matches);
    }

    private Match match(Answer answer) {
        return new Match(
                person(answer.identity()), answer.similarity(), answer.similarity() >= recognisers.similarity());
    }

    private static String checkedName(String name) {
        String stripped = name == null ? "" : name.strip();
        if (stripped.isEmpty()) {
            throw new Refused(400, "Give a name first.");
        }
        if (stripped.length() > LONGEST_NAME || stripped.chars().anyMatch(Character::isISOControl)) {
            throw new Refused(400, "A name may have " + LONGEST_NAME + " characters, without line breaks.");
        }
        return stripped;
    }

    /** As the network takes it; half of its size is the least from which enlarging makes sense. */
    private static Pixels pixels(ImageFile image, Guide guide, String what) {
        ImageShape wanted = guide.input().shape();
        int height = (wanted.height() + 1) / 2;
        int width = (wanted.width() + 1) / 2;
        if (image.shape().height() < height || image.shape().width() < width) {
            throw new Refused(
                    422,
                    "The picture is too small " + what + ": it has "
                            + image.shape().width() + "×" + image.shape().height() + " pixels, at least " + width + "×"
                            + height + " are needed.");
        }
        return image.pixels(wanted, Fit.CENTRE_CROP);
    }

    private static INDArray batch(Pixels pixels) {
        ImageShape shape = pixels.shape();
        return Nd4j.create(pixels.values()).reshape(1, shape.channels(), shape.height(), shape.width());
    }
}
