package io.github.horkd.guide;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The lines of a UTF-8 text, none of them longer than a row of a table can be, and their comma-separated fields. */
final class CsvLines implements AutoCloseable {

    private static final int LONGEST = 1 << 24;
    /** A name and a row as wide as any may be. */
    private static final int MOST_FIELDS = (1 << 20) + 1;

    private static final int SHOWN = 40;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final BufferedReader in;
    private int number;

    private CsvLines(BufferedReader in) {
        this.in = in;
    }

    static CsvLines open(Path file) throws IOException {
        return new CsvLines(Files.newBufferedReader(file));
    }

    /** All lines of a small text. */
    static List<String> all(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        try (CsvLines from = open(file)) {
            for (String line = from.next(); line != null; line = from.next()) {
                lines.add(line);
            }
        }
        return lines;
    }

    /** The number of the line that was read last, from 1. */
    int number() {
        return number;
    }

    /** The next line without its end, and the first without the mark that some editors put in front of it; null at the end. */
    String next() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        if (c < 0) {
            return null;
        }
        number++;
        for (; c >= 0 && c != '\n' && c != '\r'; c = in.read()) {
            if (line.length() == LONGEST) {
                throw new IOException("line " + number + ": wanted at most " + LONGEST + " characters, got more");
            }
            line.append((char) c);
        }
        if (c == '\r') {
            in.mark(1);
            if (in.read() != '\n') {
                in.reset();
            }
        }
        return number == 1 && line.length() > 0 && line.charAt(0) == BYTE_ORDER_MARK
                ? line.substring(1)
                : line.toString();
    }

    /** The fields of a line, each of which may stand in double quotes; a quote within is doubled. */
    static List<String> fields(String line, int number) throws IOException {
        List<String> fields = new ArrayList<>();
        int at = 0;
        do {
            StringBuilder field = new StringBuilder();
            at = field(line, at, field, number) + 1;
            fields.add(field.toString());
            if (fields.size() > MOST_FIELDS) {
                throw new IOException("line " + number + ": wanted at most " + MOST_FIELDS + " fields, got more");
            }
        } while (at <= line.length());
        return fields;
    }

    /** Reads one field; returns where the comma behind it is, or the end. */
    private static int field(String line, int from, StringBuilder field, int number) throws IOException {
        if (from == line.length() || line.charAt(from) != '"') {
            int comma = line.indexOf(',', from);
            int end = comma < 0 ? line.length() : comma;
            field.append(line, from, end);
            return end;
        }
        for (int i = from + 1; i < line.length(); i++) {
            if (line.charAt(i) != '"') {
                field.append(line.charAt(i));
            } else if (i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (i + 1 == line.length() || line.charAt(i + 1) == ',') {
                return i + 1;
            } else {
                break;
            }
        }
        throw new IOException("line " + number + ": wanted a field in double quotes and a comma, got "
                + line.substring(from, Math.min(from + SHOWN, line.length())));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
