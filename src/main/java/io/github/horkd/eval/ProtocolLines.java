package io.github.horkd.eval;

import io.github.horkd.internal.file.BoundedFile;
import io.github.horkd.internal.file.ComposedName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** The lines of a protocol file, tab-separated, read one after the other; errors name file and line. */
final class ProtocolLines {

    /** The longest protocol has 6,000 lines. */
    private static final long LARGEST = 64 << 20;

    private final String file;
    private final List<String> lines;
    private int next;

    ProtocolLines(String file, List<String> lines) {
        this.file = file;
        int end = lines.size();
        while (end > 0 && lines.get(end - 1).isBlank()) {
            end--;
        }
        this.lines = lines.subList(0, end);
    }

    static ProtocolLines read(Path file) {
        try {
            String text = BoundedFile.text(file, LARGEST);
            // Some editors put a byte order mark in front.
            return new ProtocolLines(
                    file.toString(),
                    (text.startsWith("\ufeff") ? text.substring(1) : text)
                            .lines()
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read as UTF-8 text (" + e + ")", e);
        }
    }

    boolean more() {
        return next < lines.size();
    }

    /** The number of the line last taken, from 1. */
    int number() {
        return next;
    }

    String[] take(String wanted) {
        if (!more()) {
            next = lines.size() + 1;
            throw wrong(wanted, "the end of the file");
        }
        return lines.get(next++).split("\t", -1);
    }

    /** Whether the next line is a single number. */
    boolean countFollows() {
        return more() && lines.get(next).strip().matches("\\d+");
    }

    int number(String field, String wanted) {
        try {
            int value = Integer.parseInt(field.strip());
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw wrong(wanted, "'" + field + "'");
        }
        throw wrong(wanted, field);
    }

    String name(String field) {
        if (field.isBlank()) {
            throw wrong("a name", "nothing");
        }
        return ComposedName.of(field.strip());
    }

    IllegalArgumentException wrong(String wanted, String got) {
        return new IllegalArgumentException(file + ", line " + next + ": wanted " + wanted + ", got " + got);
    }

    void wantEnd(String told) {
        if (more()) {
            next++;
            throw wrong("the end of the file after " + told, "'" + lines.get(next - 1) + "'");
        }
    }
}
