package io.github.horkd.distill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where a run keeps finished stages and the last epochs of an unfinished one, so that the same run goes on where it stopped. */
public final class Checkpoints {

    private static final Checkpoints NONE = new Checkpoints(null);

    private final Path directory;

    private Checkpoints(Path directory) {
        this.directory = directory;
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
     * Kept in a directory, after every epoch.
     *
     * @param directory belongs to one run alone; made when a run begins, where it is not there
     * @return the checkpoints
     */
    public static Checkpoints in(Path directory) {
        return new Checkpoints(Arguments.present("directory", directory));
    }

    /** Where they are kept, if anywhere. What is wrong with it is said before the first epoch, not after it. */
    Optional<Path> directory() {
        if (directory != null && !Files.isDirectory(directory)) {
            try {
                Files.createDirectories(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        directory + ": wanted a directory for checkpoints, it could not be made (" + e + ")", e);
            }
        }
        return Optional.ofNullable(directory);
    }
}
