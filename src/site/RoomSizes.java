import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Prints files, lines and public types of every package as a Markdown table, of one source tree or of several side by side: {@code java src/site/RoomSizes.java
 * [TREE …]}. Public types are the top-level ones; package-info.java counts for lines alone.
 */
public final class RoomSizes {

    private static final String ROOT = "io/github/horkd";
    private static final Pattern PUBLIC =
            Pattern.compile("^public (?:(?:abstract|final|sealed|non-sealed) )*(?:class|interface|record|enum|@interface) ", Pattern.MULTILINE);

    private RoomSizes() {}

    private static final class Size {
        int files;
        int lines;
        int types;

        void add(Path file) {
            try {
                String text = Files.readString(file);
                lines += (int) text.lines().count();
                if (!file.endsWith("package-info.java")) {
                    files++;
                    types += PUBLIC.matcher(text).find() ? 1 : 0;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void add(Size other) {
            files += other.files;
            lines += other.lines;
            types += other.types;
        }

        String cells() {
            return files + " | " + String.format("%,d", lines) + " | " + types;
        }
    }

    public static void main(String[] trees) throws IOException {
        List<Map<String, Size>> sizes = new ArrayList<>();
        for (String tree : trees.length == 0 ? new String[] {"src/main/java"} : trees) {
            sizes.add(of(Path.of(tree, ROOT)));
        }
        Map<String, Integer> rooms = new TreeMap<>(Comparator.comparing((String room) -> room.startsWith("internal"))
                .thenComparing(Comparator.naturalOrder()));
        sizes.forEach(each -> each.keySet().forEach(room -> rooms.put(room, 0)));
        System.out.println("| package |" + " files | lines | public types |".repeat(sizes.size()));
        System.out.println("|---|" + "---:|---:|---:|".repeat(sizes.size()));
        for (String room : rooms.keySet()) {
            StringBuilder line = new StringBuilder("| `" + room + "` |");
            sizes.forEach(each ->
                    line.append(' ').append(each.containsKey(room) ? each.get(room).cells() : "– | – | –").append(" |"));
            System.out.println(line);
        }
        StringBuilder sums = new StringBuilder("| **all** |");
        for (Map<String, Size> each : sizes) {
            Size sum = new Size();
            each.values().forEach(sum::add);
            sums.append(' ').append(sum.cells()).append(" |");
        }
        System.out.println(sums);
    }

    private static Map<String, Size> of(Path root) throws IOException {
        Map<String, Size> rooms = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> rooms.computeIfAbsent(
                                    root.relativize(file.getParent()).toString().replace('/', '.'), room -> new Size())
                            .add(file));
        }
        return rooms;
    }
}
