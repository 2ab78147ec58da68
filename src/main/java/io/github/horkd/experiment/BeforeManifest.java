package io.github.horkd.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is found where an experiment begins or goes on. */
final class BeforeManifest {

    private static final Logger LOG = LoggerFactory.getLogger(BeforeManifest.class);
    private static final int NAMED = 3;
    /** Decides no figure. */
    private static final String HEAP = "heapMegabytes";

    private BeforeManifest() {}

    /**
     * A directory without a manifest: runs that lie there belong to nobody knows which experiment, and are refused; anything else is left alone and said. What a teacher said ({@code knowledge})
     * names its teacher and its pictures itself, and is used.
     */
    static void look(Path directory) {
        List<String> others;
        try (Stream<Path> files = Files.list(directory)) {
            others = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(".") && !name.equals(ManifestFile.KNOWLEDGE))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": could not be read (" + e + ")", e);
        }
        if (others.contains(RunDirectory.RUNS)) {
            throw new IllegalArgumentException(
                    directory + ": has runs and no " + RunDirectory.MANIFEST
                            + ", so nobody knows of which experiment they are; put that file back, or give this experiment another directory");
        }
        if (!others.isEmpty()) {
            LOG.warn(
                    "{}: has no {}, so what lies there is not gone on with and stays as it is: {}{} ({} in all)",
                    directory,
                    RunDirectory.MANIFEST,
                    String.join(", ", others.subList(0, Math.min(NAMED, others.size()))),
                    others.size() > NAMED ? " …" : "",
                    others.size());
        }
    }

    /**
     * Whether an experiment is the one that a directory was begun with, and more: all variants and networks of that one as they were, further ones besides.
     *
     * @param fingerprint of the experiment that the directory was begun with, as its manifest says
     */
    static boolean isGrown(Path directory, String fingerprint, Experiment now, TypeRegistry kinds) {
        Experiment then;
        try {
            then = Experiment.load(directory.resolve(RunDirectory.EXPERIMENT), Map.of(), kinds);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            LOG.debug("{}: the experiment that it was begun with cannot be read", directory, e);
            return false;
        }
        return then.fingerprint(kinds).equals(fingerprint)
                && now.variants().containsAll(then.variants())
                && now.networks().containsAll(then.networks())
                && then.withNetworks(now.networks())
                        .withVariants(now.variants())
                        .fingerprint(kinds)
                        .equals(now.fingerprint(kinds));
    }

    /** Says what is another than when the directory was written last: runs of both stand in one table. */
    static void warnOfChanges(Path directory, Map<String, String> before, Map<String, String> now) {
        Map<String, String> changed = new TreeMap<>();
        now.forEach((what, which) -> {
            String then = before.getOrDefault(what, which);
            if (!what.equals(HEAP) && !then.equals(which)) {
                changed.put(what, then + " then, " + which + " now");
            }
        });
        if (!changed.isEmpty()) {
            LOG.warn(
                    "{}: goes on with other versions or another machine, whose figures may differ: {}",
                    directory,
                    changed);
        }
    }
}
