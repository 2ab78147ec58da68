package io.github.horkd.distill;

import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one stage leaves in the directory of its run: the last two checkpoints while it lasts, its network when it is done. Nothing at all without a
 * directory.
 */
record StageFiles(Optional<Path> directory, String stage, String fingerprint) {

    private static final Logger LOG = LoggerFactory.getLogger(StageFiles.class);
    private static final Pattern CLASS = Pattern.compile("\"@class\"\\s*:\\s*\"([^\"]+)\"");

    /**
     * The network of this very stage that an earlier run finished. It may name the classes that the learner is made of, the user's own among them.
     *
     * @param learner what the stage begins with
     */
    Optional<Network> finished(Network learner) {
        Optional<Path> file = directory.map(d -> d.resolve(stage + ".zip")).filter(Files::exists);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Network network = Network.load(file.get(), classesOf(learner));
        if (!fingerprint.equals(network.provenance().get("fingerprint"))) {
            throw new IllegalArgumentException(foreign(file.get()));
        }
        // An earlier run may have ended between keeping the network and removing these.
        removeCheckpoints();
        return Optional.of(network);
    }

    private static Class<?>[] classesOf(Network learner) {
        Stream<Class<?>> ofGraph = CLASS.matcher(
                        learner.graph().getConfiguration().toJson())
                .results()
                .map(found -> found.group(1))
                .distinct()
                .flatMap(StageFiles::find);
        return Stream.concat(ofGraph, learner.head().stream().map(Head::getClass))
                .toArray(Class<?>[]::new);
    }

    private static Stream<Class<?>> find(String name) {
        try {
            return Stream.of(Class.forName(name, false, Thread.currentThread().getContextClassLoader()));
        } catch (ClassNotFoundException e) {
            return Stream.empty(); // Loading says what it misses.
        }
    }

    static String foreign(Path file) {
        return file + ": belongs to another run (other images, guides, seed or options); "
                + "remove it, or give this run a directory of its own";
    }

    /** Where an earlier run of this very stage stopped. A damaged newest checkpoint gives way to the one before it. */
    Optional<Checkpoint> interrupted(Checkpoint.Shape shape) {
        if (directory.isEmpty()) {
            return Optional.empty();
        }
        if (!Files.exists(newest())) {
            return Files.exists(previous()) ? Optional.of(last(previous(), shape)) : Optional.empty();
        }
        try {
            return Optional.of(Checkpoint.read(newest(), shape));
        } catch (UncheckedIOException e) {
            if (!Files.exists(previous())) {
                throw beginAnew(e);
            }
            LOG.warn(
                    "{}; the stage goes on from the one before it, {}",
                    e.getMessage(),
                    previous().getFileName());
            return Optional.of(last(previous(), shape));
        }
    }

    private static Checkpoint last(Path file, Checkpoint.Shape shape) {
        try {
            return Checkpoint.read(file, shape);
        } catch (UncheckedIOException e) {
            throw beginAnew(e);
        }
    }

    /** Takes a stage up where its checkpoint is. A right checksum does not say that it is of this network. */
    void takeUp(Checkpoint from, Progress progress) {
        try {
            progress.resume(from);
        } catch (IOException e) {
            throw beginAnew(new UncheckedIOException(newest() + ": refused, " + e.getMessage(), e));
        }
    }

    private static UncheckedIOException beginAnew(UncheckedIOException e) {
        return new UncheckedIOException(
                e.getMessage() + "; remove the stage's checkpoints to begin it anew", e.getCause());
    }

    /** Whoever is interrupted here finds the one before, or both. */
    void keep(Checkpoint checkpoint) {
        if (directory.isEmpty()) {
            return;
        }
        try {
            if (Files.exists(newest())) {
                Files.move(newest(), previous(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    newest() + ": could not be moved to " + previous().getFileName(), e);
        }
        checkpoint.write(newest());
    }

    void keep(Network trained) {
        directory.ifPresent(d -> {
            trained.save(d.resolve(stage + ".zip"));
            removeCheckpoints();
        });
    }

    private void removeCheckpoints() {
        for (Path file : new Path[] {previous(), newest()}) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(file + ": could not be removed", e);
            }
        }
    }

    private Path newest() {
        return directory.orElseThrow().resolve(stage + ".checkpoint");
    }

    private Path previous() {
        return directory.orElseThrow().resolve(stage + ".checkpoint.previous");
    }
}
