package io.github.horkd.internal.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** What identifies a model: its file, the files beside it that begin with its name ("m.onnx.data"), and how it is read. */
public final class FileDigest {

    private static final int SHOWN = 16;

    private FileDigest() {}

    public static String of(Path file, String options) {
        try (Stream<Path> beside = Files.list(file.toAbsolutePath().getParent())) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            String name = file.getFileName().toString();
            List<Path> files = beside.filter(p -> p.getFileName().toString().startsWith(name) && Files.isRegularFile(p))
                    .sorted()
                    .toList();
            byte[] block = new byte[1 << 16];
            for (Path part : files) {
                // A length in front of each, so that no two sets of files run together to the same bytes.
                sha.update(Long.toString(Files.size(part)).getBytes(StandardCharsets.UTF_8));
                try (InputStream in = Files.newInputStream(part)) {
                    for (int read = in.read(block); read >= 0; read = in.read(block)) {
                        sha.update(block, 0, read);
                    }
                }
            }
            sha.update(options.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha.digest(), 0, SHOWN);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": could not be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
