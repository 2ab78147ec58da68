package io.github.horkd.experiment;

import java.util.ArrayList;
import java.util.List;

/** Cells of comma-separated values (RFC 4180), a record a line. */
final class CsvText {

    private CsvText() {}

    /** A cell, in quotation marks where it needs them. Line ends become spaces, so that a record stays a line. */
    static String quoted(String cell) {
        String flat = cell.replace('\n', ' ').replace('\r', ' ');
        return flat.contains(",") || flat.contains("\"") ? '"' + flat.replace("\"", "\"\"") + '"' : flat;
    }

    static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                cell.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }
}
