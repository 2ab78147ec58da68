package io.github.horkd.internal.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What identifies a model: its file, the files beside it that begin with its name ("m.onnx.data"), and how it is read. */
public final class FileDigest {

    private FileDigest() {}

    public static String of(Path file, String options) {
        try (Stream<Path> beside = Files.list(file.toAbsolutePath().getParent())) {
            Sha256 sha = Sha256.create();
            String name = file.getFileName().toString();
            List<Path> files = beside.filter(p -> p.getFileName().toString().startsWith(name) && Files.isRegularFile(p))
                    .sorted()
                    .toList();
            for (Path part : files) {
                // A length in front of each, so that no two sets of files run together to the same bytes.
                sha.text(Long.toString(Files.size(part))).file(part);
            }
            return sha.text(options).hex();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": could not be read", e);
        }
    }
}
