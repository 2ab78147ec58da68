package io.github.horkd.guide;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Comma-separated lines of a name and numbers. */
record NamedRows(List<String> names, List<float[]> rows) {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** A first line without the mark that some editors put in front of it. */
    static String withoutMark(String first) {
        return first.startsWith(BYTE_ORDER_MARK) ? first.substring(1) : first;
    }

    static NamedRows read(Path file) throws IOException {
        NamedRows table = new NamedRows(new ArrayList<>(), new ArrayList<>());
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String text = ++number == 1 ? withoutMark(line) : line;
                if (!text.isBlank()) {
                    table.add(text, number);
                }
            }
        }
        return table;
    }

    private void add(String line, int number) throws IOException {
        StringBuilder name = new StringBuilder();
        int end = name(line, name, number);
        if (end >= line.length()) {
            throw new IOException("line " + number + ": wanted a name and numbers, got '" + name + "' alone");
        }
        String[] fields = line.substring(end + 1).split(",", -1);
        if (number == 1 && !isNumber(fields[0])) {
            return;
        }
        int width = rows.isEmpty() ? fields.length : rows.get(0).length;
        if (fields.length != width) {
            throw new IOException(
                    "line " + number + " ('" + name + "'): wanted " + width + " values, got " + fields.length);
        }
        float[] values = new float[width];
        for (int i = 0; i < width; i++) {
            if (!isNumber(fields[i])) {
                throw new IOException("line " + number + " ('" + name + "'): wanted a number, got '" + fields[i] + "'");
            }
            values[i] = Float.parseFloat(fields[i]);
        }
        names.add(name.toString());
        rows.add(values);
    }

    /** Reads the first field, which may be quoted; returns where it ends. */
    private static int name(String line, StringBuilder name, int number) throws IOException {
        if (!line.startsWith("\"")) {
            int comma = line.indexOf(',');
            int end = comma < 0 ? line.length() : comma;
            name.append(line, 0, end);
            return end;
        }
        for (int i = 1; i < line.length(); i++) {
            if (line.charAt(i) != '"') {
                name.append(line.charAt(i));
            } else if (i + 1 < line.length() && line.charAt(i + 1) == '"') {
                name.append('"');
                i++;
            } else if (i + 1 == line.length() || line.charAt(i + 1) == ',') {
                return i + 1;
            } else {
                break;
            }
        }
        throw new IOException("line " + number + ": wanted a name in double quotes and a comma, got "
                + line.substring(0, Math.min(40, line.length())));
    }

    private static boolean isNumber(String field) {
        try {
            Float.parseFloat(field);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
