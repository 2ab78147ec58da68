package io.github.horkd.internal.file;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The lines of a UTF-8 text, none longer than a limit and no more than a number of them. A byte order mark is passed over. */
public final class BoundedLines implements AutoCloseable {

    private static final char MARK = '\ufeff';

    private final InputStream in;
    private final int longest;
    private final long most;
    private long number;

    private BoundedLines(InputStream in, int longest, long most) {
        this.in = in;
        this.longest = longest;
        this.most = most;
    }

    /** Opens a text of at most so many lines, each of at most so many bytes. */
    public static BoundedLines open(Path file, int longest, long most) throws IOException {
        return new BoundedLines(new BufferedInputStream(Files.newInputStream(file), 1 << 16), longest, most);
    }

    /** Reads from a stream, which is closed with this. */
    public static BoundedLines of(InputStream in, int longest, long most) {
        return new BoundedLines(in, longest, most);
    }

    /** The number of the line that was read last, from 1. */
    public long number() {
        return number;
    }

    /** The next line without its end, which is LF or CR LF; null at the end. */
    public String next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int read = in.read();
        if (read < 0) {
            return null;
        }
        if (++number > most) {
            throw new IOException("has more than the " + most + " lines allowed");
        }
        while (read >= 0 && read != '\n') {
            if (line.size() == longest) {
                throw new IOException("line " + number + " has more than the " + longest + " bytes allowed");
            }
            line.write(read);
            read = in.read();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
            text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            return number == 1 && !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IOException("line " + number + " is not UTF-8; save the text as UTF-8", e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
