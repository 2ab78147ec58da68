package io.github.horkd.distill;

import io.github.horkd.model.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What one stage leaves in the directory of its run: the last epoch while it lasts, its network when it is done. Nothing at all without a directory. */
record StageFiles(Optional<Path> directory, String stage, String fingerprint) {

    /** The network of this very stage that an earlier run finished. */
    Optional<Network> finished() {
        return directory
                .map(d -> d.resolve(stage + ".zip"))
                .filter(Files::exists)
                .map(file -> {
                    Network network = Network.load(file);
                    if (!fingerprint.equals(network.provenance().get("fingerprint"))) {
                        throw new IllegalArgumentException(
                                file + ": belongs to another run (other images, guides, seed or options); "
                                        + "remove it, or give this run a directory of its own");
                    }
                    return network;
                });
    }

    /** Where an earlier run of this very stage stopped. */
    Optional<Checkpoint> interrupted() {
        return checkpoint().flatMap(file -> Checkpoint.read(file, fingerprint));
    }

    void keep(Progress progress) {
        checkpoint().ifPresent(file -> progress.checkpoint().write(file));
    }

    void keep(Network trained) {
        directory.ifPresent(d -> trained.save(d.resolve(stage + ".zip")));
        checkpoint().ifPresent(file -> {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(file + ": could not be removed", e);
            }
        });
    }

    private Optional<Path> checkpoint() {
        return directory.map(d -> d.resolve(stage + ".checkpoint"));
    }
}
