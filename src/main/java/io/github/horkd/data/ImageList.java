package io.github.horkd.data;

import io.github.horkd.internal.file.BoundedLines;
import io.github.horkd.internal.file.ComposedName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A list file: images and their classes, one a line; see {@link ImageOptions#withList}. */
final class ImageList {

    private static final int LONGEST_LINE = 1 << 14;
    /** What the columns are called, the surest first: in "id,path,label" the class is the label and the number a number. */
    private static final List<String> PATH_HEADINGS = List.of(
            "path",
            "file_path",
            "filepath",
            "image_path",
            "file",
            "filename",
            "file_name",
            "image",
            "img",
            "image_id",
            "name");

    private static final List<String> CLASS_HEADINGS = List.of(
            "class_name",
            "label_name",
            "label",
            "class",
            "category",
            "identity",
            "person",
            "subject",
            "target",
            "class_id",
            "label_id",
            "id",
            "name");

    private final Path file;
    private final Map<String, String> classes = new LinkedHashMap<>();
    private int pathAt;
    private int classAt = 1;
    private boolean headed;

    private ImageList(Path file) {
        this.file = file;
    }

    static ImageList read(Path file, Limits limits) {
        ImageList list = new ImageList(file);
        try (BoundedLines lines = BoundedLines.open(file, LONGEST_LINE, limits.maxFiles())) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    list.add(line.strip(), lines.number());
                }
            }
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(file + ": there is no such list of images", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
        if (list.classes.isEmpty()) {
            throw new IllegalArgumentException(file + ": wanted a path and a class a line, got none");
        }
        return list;
    }

    /** The listed path that a file of the tree is, which may lie in one wrapping directory more; null when it is not listed. */
    String keyOf(String name) {
        if (classes.containsKey(name)) {
            return name;
        }
        String inner = name.substring(name.indexOf('/') + 1);
        return classes.containsKey(inner) ? inner : null;
    }

    /** Paths that are not relative to a folder but begin with where it lies are cut to what is below it. */
    ImageList below(Path root) {
        String folder = root.toAbsolutePath().normalize().toString().replace('\\', '/');
        String prefix = ComposedName.of(folder.startsWith("/") ? folder.substring(1) : folder) + "/";
        ImageList cut = new ImageList(file);
        classes.forEach((path, name) ->
                cut.classes.put(path.startsWith(prefix) ? path.substring(prefix.length()) : path, name));
        return cut;
    }

    String classOf(String key) {
        return classes.get(key);
    }

    Set<String> paths() {
        return classes.keySet();
    }

    private void add(String line, long number) throws IOException {
        List<String> fields = fields(line);
        if (classes.isEmpty() && !headed && fields.size() > 1) {
            int path = place(fields, PATH_HEADINGS);
            int label = place(fields, CLASS_HEADINGS);
            headed = path >= 0 && label >= 0 && path != label;
            if (headed) {
                pathAt = path;
                classAt = label;
                return;
            }
        }
        boolean isMxnet = !headed && fields.size() == 3 && fields.get(0).matches("\\d+") && isNumber(fields.get(1));
        int path = isMxnet ? 2 : pathAt;
        int label = isMxnet ? 1 : classAt;
        if (!headed && !isMxnet && fields.size() != 2 || fields.size() <= Math.max(path, label)) {
            throw new IOException("line " + number + ": wanted a path and a class, got " + fields.size() + " fields: "
                    + shortened(line));
        }
        String name = FileTree.normal(fields.get(path));
        String value = ComposedName.of(fields.get(label));
        if (isMxnet) {
            value = value.replaceAll("\\.0*$", "");
        }
        String before = classes.put(name, value);
        if (name.isEmpty() || value.isEmpty() || before != null && !before.equals(value)) {
            throw new IOException("line " + number + ": wanted one class for each path, got " + shortened(line)
                    + (before == null ? "" : " after class " + before));
        }
    }

    private static int place(List<String> fields, List<String> headings) {
        List<String> lower =
                fields.stream().map(field -> field.toLowerCase(Locale.ROOT)).toList();
        return headings.stream()
                .mapToInt(lower::indexOf)
                .filter(at -> at >= 0)
                .findFirst()
                .orElse(-1);
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d+(\\.0*)?");
    }

    private static String shortened(String line) {
        return line.length() <= 80 ? line : line.substring(0, 80) + "…";
    }

    /** Fields between tabs, else commas, else semicolons, quoted or not; else the last word and what stands before it. */
    private static List<String> fields(String line) {
        for (char separator : new char[] {'\t', ',', ';'}) {
            if (line.indexOf(separator) >= 0) {
                return separated(line, separator);
            }
        }
        int space = line.lastIndexOf(' ');
        return space < 0 ? List.of(line) : List.of(line.substring(0, space).strip(), line.substring(space + 1));
    }

    private static List<String> separated(String line, char separator) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i <= line.length(); i++) {
            char c = i < line.length() ? line.charAt(i) : separator;
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"' && (quoted || field.toString().isBlank())) {
                quoted = !quoted;
            } else if (c == separator && (!quoted || i == line.length())) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        return fields;
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
