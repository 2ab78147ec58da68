package io.github.horkd.distill;

import io.github.horkd.internal.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where a run keeps finished stages and the last epochs of an unfinished one, so that the same run goes on where it stopped. */
public final class Checkpoints {

    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final Checkpoints NONE = new Checkpoints(null, FIVE_MINUTES);

    private final Path directory;
    private final Duration interval;

    private Checkpoints(Path directory, Duration interval) {
        this.directory = directory;
        this.interval = interval;
    }

    /**
     * Nothing is kept.
     *
     * @return no checkpoints
     */
    public static Checkpoints none() {
        return NONE;
    }

    /**
     * Kept in a directory, after every epoch and every five minutes within one. The last two are there, so that a damaged one costs no more than the time between them.
     *
     * @param directory belongs to one run alone; made when a run begins, where it is not there
     * @return the checkpoints
     */
    public static Checkpoints in(Path directory) {
        return new Checkpoints(Arguments.present("directory", directory), FIVE_MINUTES);
    }

    /**
     * Kept more or less often within an epoch: what is lost at most when a run is interrupted.
     *
     * @param other above 0
     * @return a changed copy
     */
    public Checkpoints withInterval(Duration other) {
        if (other.isNegative() || other.isZero()) {
            throw new IllegalArgumentException("interval: wanted a time above 0, got " + other);
        }
        return new Checkpoints(directory, other);
    }

    Duration interval() {
        return directory == null ? Duration.ofNanos(Long.MAX_VALUE) : interval;
    }

    /** Where they are kept, if anywhere. What is wrong with it is said before the first epoch, not after it. */
    Optional<Path> directory() {
        if (directory != null && !Files.isDirectory(directory)) {
            try {
                WholeFile.makeDirectory(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        directory + ": wanted a directory for checkpoints, it could not be made (" + e + ")", e);
            }
        }
        return Optional.ofNullable(directory);
    }
}
