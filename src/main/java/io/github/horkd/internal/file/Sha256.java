package io.github.horkd.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A running SHA-256, of which the first 16 bytes tell things apart. Not safe for several threads. */
public final class Sha256 {

    private static final int SHOWN = 16;
    private static final int BLOCK = 1 << 16;

    private final MessageDigest digest;

    private Sha256(MessageDigest digest) {
        this.digest = digest;
    }

    public static Sha256 create() {
        try {
            return new Sha256(MessageDigest.getInstance("SHA-256"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Adds the bytes of a text in UTF-8. Texts in a row run together: end each by something that it cannot hold. */
    public Sha256 text(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Adds what a buffer holds from its position on. */
    public Sha256 bytes(ByteBuffer bytes) {
        digest.update(bytes);
        return this;
    }

    /** Adds values, big-endian. */
    public Sha256 floats(float[] values) {
        ByteBuffer block = ByteBuffer.allocate(Math.min(BLOCK, values.length * Float.BYTES));
        for (int at = 0; at < values.length; ) {
            int count = Math.min(BLOCK / Float.BYTES, values.length - at);
            block.clear().asFloatBuffer().put(values, at, count);
            digest.update(block.limit(count * Float.BYTES));
            at += count;
        }
        return this;
    }

    /** Adds what a file holds. */
    public Sha256 file(Path file) throws IOException {
        try (FileChannel opened = FileChannel.open(file, StandardOpenOption.READ)) {
            return rest(opened);
        }
    }

    /** Adds how many bytes a file has, as a text, then the bytes. */
    public Sha256 lengthAndFile(Path file) throws IOException {
        try (FileChannel opened = FileChannel.open(file, StandardOpenOption.READ)) {
            return text(Long.toString(opened.size())).rest(opened);
        }
    }

    private Sha256 rest(FileChannel opened) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        while (opened.read(block.clear()) >= 0) {
            digest.update(block.flip());
        }
        return this;
    }

    /** The first 16 bytes as 32 hexadecimal digits. Begins anew. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest(), 0, SHOWN);
    }
}
