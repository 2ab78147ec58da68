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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
    private static final int UNDO_SECONDS = 30;

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
     * @param others  of a photograph of several people, the same about the other faces
     */
    record Found(int height, int width, Picture seen, List<Match> matches, List<Found> others) {

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

    private final Optional<FaceCuts> faces;

    private volatile Gallery gallery;
    private Optional<Removed> removed = Optional.empty();
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
        this(recognisers, limits, file, Optional.empty());
    }

    /**
     * A watchlist that takes whole photographs.
     *
     * @param recognisers who recognises
     * @param limits      bytes and pixels of a picture that is sent
     * @param file        where the gallery is kept; empty for nowhere
     * @param faces       cuts out the faces of a picture; empty where a face fills each
     */
    Watchlist(Recognisers recognisers, Limits limits, Optional<Path> file, Optional<FaceCuts> faces) {
        this.recognisers = recognisers;
        this.faces = faces;
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

    /** Whether pictures may be whole photographs. */
    boolean takesFrames() {
        return faces.isPresent();
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

    /** A picture, or a face of one, as a network saw it, and what it said. */
    private record Embedded(ImageShape sent, Pixels seen, INDArray embedding) {}

    private List<Embedded> embedded(String fileName, byte[] content, Guide guide, String what) {
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
            return faces(image, guide, what).stream()
                    .map(face -> {
                        Pixels pixels = pixels(face, guide, what);
                        return new Embedded(image.shape(), pixels, gallery.embed(guide, batch(pixels)));
                    })
                    .toList();
        } finally {
            turns.release();
        }
    }

    /** The picture itself, or the faces in it. */
    private List<ImageFile> faces(ImageFile image, Guide guide, String what) {
        if (faces.isEmpty()) {
            return List.of(image);
        }
        List<ImageFile> found = faces.get().of(image, guide.input().shape().width());
        if (found.isEmpty()) {
            throw new Refused(
                    422,
                    "No face was found " + what
                            + ". The picture has to be upright, and the face a twentieth of its longer side at least.");
        }
        return found;
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
        List<Embedded> found = embedded(fileName, content, recognisers.teacher(), "to enrol");
        if (found.size() > 1) {
            throw new Refused(422, found.size() + " faces were found; enrol a picture of one person.");
        }
        Embedded sharp = found.get(0);
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
            List<float[]> rows = new ArrayList<>();
            gallery.forEachRow((identity, row) -> {
                if (identity.equals(person)) {
                    rows.add(row);
                }
            });
            if (builder.remove(person) == 0) {
                throw new Refused(404, "“" + Names.shown(person) + "” is not on the list.");
            }
            change(builder.build());
            Long number = pictureOf.remove(person);
            Optional<Picture> picture = Optional.ofNullable(number).map(pictures::remove);
            picture.ifPresent(gone -> pictureBytes -= gone.png().length);
            Removed one = new Removed(person, rows, picture, System.nanoTime());
            removed = Optional.of(one);
            CompletableFuture.delayedExecutor(UNDO_SECONDS, TimeUnit.SECONDS).execute(() -> forget(one));
        }
    }

    /** Whoever cannot be put back any more is not kept in memory either. */
    private void forget(Removed one) {
        synchronized (changes) {
            removed = removed.filter(last -> last != one);
        }
    }

    /** Who was removed last, to be put back by whoever slipped; forgotten after half a minute. */
    private record Removed(String person, List<float[]> rows, Optional<Picture> picture, long at) {

        boolean fresh() {
            return System.nanoTime() - at < TimeUnit.SECONDS.toNanos(UNDO_SECONDS);
        }
    }

    /** Puts the person back that was removed last. */
    Person undo() {
        synchronized (changes) {
            requireRoom();
            Removed last = removed.filter(Removed::fresh)
                    .orElseThrow(() -> new Refused(
                            409, "Nobody can be put back: a removal is forgotten after " + UNDO_SECONDS + " seconds."));
            removed = Optional.empty();
            GalleryBuilder builder = gallery.toBuilder();
            builder.enrol(last.person(), Nd4j.create(last.rows().toArray(float[][]::new)));
            change(builder.build());
            last.picture()
                    .filter(picture -> !pictureOf.containsKey(last.person()))
                    .ifPresent(picture -> {
                        pictureBytes += picture.png().length;
                        pictures.put(++lastPicture, picture);
                        pictureOf.put(last.person(), lastPicture);
                    });
            return person(gallery, last.person());
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
        List<Embedded> small = embedded(fileName, content, recognisers.student(), "to recognise anybody");
        Gallery now = gallery;
        List<Found> others =
                small.stream().skip(1).map(face -> found(now, face, List.of())).toList();
        return found(now, small.get(0), others);
    }

    private Found found(Gallery now, Embedded face, List<Found> others) {
        List<Match> matches = now.identify(face.embedding(), TOP).get(0).ranked().stream()
                .map(answer -> match(now, answer))
                .toList();
        return new Found(face.sent().height(), face.sent().width(), Picture.of(face.seen()), matches, others);
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
