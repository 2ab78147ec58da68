package io.github.horkd.guide;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Comma-separated lines of a name and numbers, as pandas and others write them. */
record NamedRows(List<String> names, List<float[]> rows) {

    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    /** A name and one number as half of Europe writes them, which would be another name and another number. */
    private static final Pattern DECIMAL_COMMA = Pattern.compile(".*;\\s*[+-]?[0-9]+,[0-9]+\\s*");
    /** What stands for a number that is none. */
    private static final Set<String> MISSING = Set.of(
            "", "nan", "-nan", "na", "n/a", "<na>", "null", "none", "inf", "-inf", "+inf", "infinity", "-infinity");
    /** What the first column of a table is called. */
    private static final Set<String> LABELS = Set.of(
            "",
            "name",
            "names",
            "image",
            "images",
            "file",
            "files",
            "filename",
            "path",
            "id",
            "index",
            "key",
            "unnamed: 0");
    /** What columns are called that stand beside an embedding. */
    private static final Set<String> OTHERS = Set.of(
            "label",
            "labels",
            "label_id",
            "class",
            "class_id",
            "classes",
            "target",
            "category",
            "identity",
            "person",
            "person_id",
            "subject",
            "id",
            "index",
            "split",
            "fold",
            "age",
            "gender");
    /** What a row takes beside its values: object, array and list entry. */
    static final int ROW_BYTES = 40;

    private static final int SHOWN = 40;

    static NamedRows read(Path file) throws IOException {
        NamedRows table = new NamedRows(new ArrayList<>(), new ArrayList<>());
        try (CsvLines lines = CsvLines.open(file)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank()) {
                    table.add(line, lines.number());
                }
            }
        }
        return table;
    }

    private void add(String line, int number) throws IOException {
        List<String> fields = CsvLines.fields(line, number);
        String name = fields.get(0);
        List<String> values = fields.subList(1, fields.size());
        if (values.isEmpty()) {
            boolean others = name.indexOf(';') >= 0 || name.indexOf('\t') >= 0;
            throw new IOException("line " + number + ": wanted a name and numbers, got '" + shown(name) + "' alone"
                    + (others ? "; wanted commas between fields, not semicolons or tabs, and points in numbers" : ""));
        }
        if (number == 1 && name.isEmpty() && !values.get(0).isEmpty() && isLabel(values.get(0))) {
            throw new IOException("line 1: the first column has no name and the second is called '" + values.get(0)
                    + "'; if the first one numbers the rows, leave it out: to_csv(…, index=False)");
        }
        if (number == 1 && isHeading(name, values)) {
            return;
        }
        if (values.size() == 1 && DECIMAL_COMMA.matcher(line).matches()) {
            throw new IOException("line " + number + " ('" + shown(name)
                    + "'): wanted commas between fields and points in numbers, got '" + shown(line) + "'");
        }
        int width = rows.isEmpty() ? values.size() : rows.get(0).length;
        if (values.size() != width) {
            throw new IOException(
                    "line " + number + " ('" + shown(name) + "'): wanted " + width + " values, got " + values.size());
        }
        requireRoom(rows.size() + 1L, width);
        names.add(name);
        rows.add(numbers(name, values, number));
    }

    /** Refuses what does not fit into half of the heap. */
    static void requireRoom(long rows, long width) throws IOException {
        long heap = Runtime.getRuntime().maxMemory();
        if (rows > heap / 2 / (width * Float.BYTES + ROW_BYTES)) {
            throw new IOException("wanted values that fit into half the heap of " + (heap >> 20) + " MiB, got " + rows
                    + " rows of " + width + "; start Java with a larger -Xmx");
        }
    }

    private static float[] numbers(String name, List<String> fields, int number) throws IOException {
        float[] values = new float[fields.size()];
        for (int i = 0; i < values.length; i++) {
            String text = fields.get(i).strip();
            if (!NUMBER.matcher(text).matches()) {
                boolean missing = MISSING.contains(text.toLowerCase(Locale.ROOT));
                throw new IOException("line " + number + " ('" + shown(name) + "'): wanted a "
                        + (missing ? "finite number" : "number") + ", got '" + shown(text) + "'");
            }
            values[i] = Float.parseFloat(text);
        }
        return values;
    }

    /**
     * Whether the first line names columns: none of them by a number, or all of them by their numbers, as pandas does. Values that are missing name no
     * column.
     */
    private static boolean isHeading(String first, List<String> rest) throws IOException {
        if (rest.stream()
                .map(String::strip)
                .noneMatch(f -> NUMBER.matcher(f).matches() || MISSING.contains(f.toLowerCase(Locale.ROOT)))) {
            requireValues(rest);
            return true;
        }
        if (!areCounted(rest, 0) && !areCounted(rest, 1)) {
            return false;
        }
        boolean label = isLabel(first);
        if (!label && rest.size() > 1 && areCounted(rest, 0)) {
            throw new IOException("line 1 ('" + shown(first)
                    + "'): it may be a heading of column numbers or an image with"
                    + " the values " + rest.get(0) + ", " + rest.get(1) + " …; call the first column 'name', or write"
                    + " values with a decimal point");
        }
        return label;
    }

    /** Refuses columns that say something else of an image than values of its embedding; numbers of classes would be taken for one. */
    private static void requireValues(List<String> headings) throws IOException {
        for (String heading : headings) {
            if (OTHERS.contains(heading.strip().toLowerCase(Locale.ROOT))) {
                throw new IOException("line 1: the column '" + heading
                        + "' is no value of an embedding; leave it out, so that there is a name and then values alone");
            }
        }
    }

    private static boolean isLabel(String field) {
        return LABELS.contains(field.strip().toLowerCase(Locale.ROOT));
    }

    private static boolean areCounted(List<String> fields, int from) {
        for (int i = 0; i < fields.size(); i++) {
            if (!fields.get(i).strip().equals(Integer.toString(from + i))) {
                return false;
            }
        }
        return true;
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
