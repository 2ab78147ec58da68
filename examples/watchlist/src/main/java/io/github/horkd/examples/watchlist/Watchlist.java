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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Who is enrolled, and who is in a picture. The gallery is kept in a file, where one is named, and written after every change; pictures are
 * kept in memory only, so they end with the program.
 *
 * <p>Safe to use from several threads. Reading waits for nobody. Two pictures at once are decoded and embedded, by whoever sent them; who waits too long for
 * a turn is told so. Changes are made one after the other, and seen when they are in the file.
 */
final class Watchlist {

    private static final int MOST_TEMPLATES = 10_000;
    /** Beyond it, people who are enrolled have no picture on the page. */
    private static final long MOST_PICTURE_BYTES = 64 << 20;

    private static final int AT_ONCE = 2;
    private static final int PATIENCE_SECONDS = 10;
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
    private final Map<String, Long> pictureOf = new ConcurrentHashMap<>();
    private final Map<Long, Picture> pictures = new ConcurrentHashMap<>();
    /** Held while a picture is decoded and embedded: both take memory and a processor. */
    private final Semaphore turns = new Semaphore(AT_ONCE, true);
    /** Held while the list is changed and written. */
    private final Object changes = new Object();

    private volatile Gallery gallery;
    private long lastPicture;
    private long pictureBytes;

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
    List<Person> people() {
        Gallery now = gallery;
        return now.identities().stream().map(name -> person(now, name)).toList();
    }

    private Person person(Gallery now, String name) {
        return new Person(name, now.templates(name), Optional.ofNullable(pictureOf.get(name)));
    }

    /** A picture that was enrolled, as the teacher saw it. */
    Optional<Picture> picture(long number) {
        return Optional.ofNullable(pictures.get(number));
    }

    /** A picture as a network saw it, and what it said. */
    private record Embedded(ImageShape sent, Pixels seen, INDArray embedding) {}

    private Embedded embedded(String fileName, byte[] content, Guide guide, String what) {
        try {
            if (!turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new Refused(503, "Too many pictures are waiting; try again in a moment.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(503, "The server is stopping.");
        }
        try {
            ImageFile image = Upload.decode(fileName, content, limits);
            Pixels pixels = pixels(image, guide, what);
            return new Embedded(image.shape(), pixels, gallery.embed(guide, batch(pixels)));
        } finally {
            turns.release();
        }
    }

    /**
     * Enrols a sharp picture, beside those the person already has.
     *
     * @param name     who it shows
     * @param fileName for messages
     * @param content  the bytes of an image file
     */
    Person enrol(String name, String fileName, byte[] content) {
        String person = Names.checked(name);
        requireRoom();
        Embedded sharp = embedded(fileName, content, recognisers.teacher(), "to enrol");
        Picture picture = Picture.of(sharp.seen());
        synchronized (changes) {
            requireRoom();
            GalleryBuilder builder = gallery.toBuilder();
            builder.enrol(person, sharp.embedding());
            change(builder.build());
            if (!pictureOf.containsKey(person) && pictureBytes + picture.png().length <= MOST_PICTURE_BYTES) {
                pictureBytes += picture.png().length;
                pictures.put(++lastPicture, picture);
                pictureOf.put(person, lastPicture);
            }
            return person(gallery, person);
        }
    }

    private void requireRoom() {
        if (gallery.templates() >= MOST_TEMPLATES) {
            throw new Refused(409, "The list is full: it holds " + MOST_TEMPLATES + " pictures.");
        }
    }

    /** Forgets a person. */
    void remove(String name) {
        String person = Names.present(name);
        synchronized (changes) {
            GalleryBuilder builder = gallery.toBuilder();
            if (builder.remove(person) == 0) {
                throw new Refused(404, "“" + Names.shown(person) + "” is not on the list.");
            }
            change(builder.build());
            Long number = pictureOf.remove(person);
            if (number != null) {
                pictureBytes -= pictures.remove(number).png().length;
            }
        }
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
    Found identify(String fileName, byte[] content) {
        Embedded small = embedded(fileName, content, recognisers.student(), "to recognise anybody");
        Gallery now = gallery;
        List<Match> matches = now.identify(small.embedding(), TOP).get(0).ranked().stream()
                .map(answer -> match(now, answer))
                .toList();
        return new Found(small.sent().height(), small.sent().width(), Picture.of(small.seen()), matches);
    }

    private Match match(Gallery now, Answer answer) {
        return new Match(
                person(now, answer.identity()), answer.similarity(), answer.similarity() >= recognisers.similarity());
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
