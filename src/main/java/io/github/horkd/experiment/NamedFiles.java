package io.github.horkd.experiment;

import io.github.horkd.internal.file.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files that an experiment names beside its pictures: models of teachers, lists of people and of pairs. Pictures are known by {@link Manifest.DataSet}. */
final class NamedFiles {

    private NamedFiles() {}

    /** Digests by the paths as they are written; what is no file is left out. */
    static Map<String, String> of(Experiment experiment) {
        Map<String, String> digests = new TreeMap<>();
        experiment.teachers().values().forEach(teacher -> add(teacher, digests));
        experiment.data().values().forEach(set -> add(set.selections(), digests));
        add(experiment.evaluation().measures(), digests);
        return digests;
    }

    private static void add(Object value, Map<String, String> digests) {
        if (value instanceof Path path && Files.isRegularFile(path)) {
            digests.computeIfAbsent(path.toString(), name -> digest(path));
        } else if (value instanceof List<?> items) {
            items.forEach(item -> add(item, digests));
        } else if (value instanceof Record record) {
            Arrays.stream(record.getClass().getRecordComponents())
                    .forEach(component -> add(Form.component(component, record), digests));
        }
    }

    private static String digest(Path file) {
        try {
            return Sha256.create().file(file).hex();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": could not be read (" + e + ")", e);
        }
    }

    /** Refuses files that are others than before: figures made by both would not be comparable. */
    static void requireSame(Map<String, String> before, Map<String, String> now) {
        now.forEach((file, digest) -> {
            if (!before.getOrDefault(file, digest).equals(digest)) {
                throw new IllegalArgumentException(
                        file
                                + ": has changed since the directory was begun, so its runs would not be comparable; put the file back, or give this experiment another directory");
            }
        });
    }
}
