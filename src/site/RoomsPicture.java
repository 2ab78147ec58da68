import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Draws the rooms of the library from its sources: a box a package with its files and lines, an arrow from who imports to what is imported.
 * Arrows that follow from others are left out. "mvn site" runs it.
 *
 * <pre>  java src/site/RoomsPicture.java src/main/java src/site/resources/images/rooms.svg</pre>
 */
public final class RoomsPicture {

    private static final String ROOT = "io.github.horkd.";
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?io\\.github\\.horkd\\.([a-z.]+)\\.[A-Z].*", Pattern.MULTILINE);
    private static final int WIDTH = 150;
    private static final int HEIGHT = 46;
    private static final int GAP = 26;
    private static final int STEP = 104;

    /** A package: how many files and lines it has, and which other packages those import. */
    private record Room(int files, long lines, Set<String> uses) {}

    private RoomsPicture() {}

    /** Takes the folder of the sources and the file to write. */
    public static void main(String[] arguments) throws IOException {
        Map<String, Room> rooms = rooms(Path.of(arguments[0]));
        Path picture = Path.of(arguments[1]);
        Files.createDirectories(picture.toAbsolutePath().getParent());
        Files.writeString(picture, draw(rooms));
    }

    private static Map<String, Room> rooms(Path sources) throws IOException {
        Path root = sources.resolve(ROOT.replace('.', '/'));
        Map<String, Room> rooms = new TreeMap<>();
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
        for (Path file : files) {
            String room = root.relativize(file.getParent()).toString().replace(file.getFileSystem().getSeparator(), ".");
            if (room.isEmpty()) {
                continue;
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            Set<String> uses = new TreeSet<>();
            Room before = rooms.getOrDefault(room, new Room(0, 0, Set.of()));
            uses.addAll(before.uses());
            for (Matcher found = IMPORT.matcher(text); found.find(); ) {
                uses.add(found.group(1));
            }
            uses.remove(room);
            rooms.put(room, new Room(before.files() + 1, before.lines() + text.lines().count(), uses));
        }
        return rooms;
    }

    private static String draw(Map<String, Room> rooms) {
        Map<String, Integer> level = levels(rooms);
        List<List<String>> rows = new ArrayList<>();
        level.forEach((room, at) -> {
            while (rows.size() <= at) {
                rows.add(new ArrayList<>());
            }
            rows.get(at).add(room);
        });
        // An arrow over several rows gets a place in each row between, so that it passes beside the boxes.
        List<List<String>> arrows = new ArrayList<>();
        rooms.forEach((from, room) -> room.uses().forEach(to -> {
            if (rooms.containsKey(to) && !follows(rooms, from, to)) {
                List<String> way = new ArrayList<>(List.of(from));
                for (int at = level.get(from) - 1; at > level.get(to); at--) {
                    String place = from + ">" + to + "@" + at;
                    rows.get(at).add(place);
                    way.add(place);
                }
                way.add(to);
                arrows.add(way);
            }
        }));
        Map<String, Integer> across = order(rows, arrows);
        int width = rows.stream().mapToInt(RoomsPicture::width).max().orElse(0) + 2 * GAP;
        int height = rows.size() * STEP + GAP;
        Map<String, int[]> places = new TreeMap<>();
        for (int at = 0; at < rows.size(); at++) {
            int shift = (width - width(rows.get(at))) / 2;
            for (String item : rows.get(at)) {
                places.put(item, new int[] {shift + across.get(item), height - (at + 1) * STEP});
            }
        }
        StringBuilder svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
                <defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#667"/></marker></defs>
                <rect width="100%%" height="100%%" fill="white"/>
                """.formatted(width, height));
        arrows.forEach(way -> svg.append(arrow(way, places)));
        rooms.forEach((name, room) -> svg.append(box(name, room, places.get(name))));
        return svg.append("</svg>\n").toString();
    }

    /** Orders every row by where its items' neighbours lie, some sweeps up and down; returns the middle of each item within its row. */
    private static Map<String, Integer> order(List<List<String>> rows, List<List<String>> arrows) {
        Map<String, List<String>> near = new TreeMap<>();
        for (List<String> way : arrows) {
            for (int i = 1; i < way.size(); i++) {
                near.computeIfAbsent(way.get(i - 1), item -> new ArrayList<>()).add(way.get(i));
                near.computeIfAbsent(way.get(i), item -> new ArrayList<>()).add(way.get(i - 1));
            }
        }
        Map<String, Integer> middle = new TreeMap<>();
        rows.forEach(row -> place(row, middle));
        for (int sweep = 0; sweep < 24; sweep++) {
            for (int i = 0; i < rows.size(); i++) {
                List<String> row = rows.get(sweep % 2 == 0 ? i : rows.size() - 1 - i);
                int half = width(row) / 2;
                Map<String, Double> wanted = new TreeMap<>();
                for (String item : row) {
                    wanted.put(item, near.getOrDefault(item, List.of()).stream()
                            .mapToDouble(other -> middle.get(other) - width(rowOf(rows, other)) / 2.0)
                            .average()
                            .orElse(middle.get(item) - half));
                }
                row.sort(Comparator.comparing(wanted::get));
                place(row, middle);
            }
        }
        return middle;
    }

    private static List<String> rowOf(List<List<String>> rows, String item) {
        return rows.stream().filter(row -> row.contains(item)).findFirst().orElseThrow();
    }

    private static void place(List<String> row, Map<String, Integer> middle) {
        int x = 0;
        for (String item : row) {
            middle.put(item, x + width(item) / 2);
            x += width(item) + GAP;
        }
    }

    private static int width(List<String> row) {
        return row.stream().mapToInt(item -> width(item) + GAP).sum() - GAP;
    }

    private static int width(String item) {
        return item.contains(">") ? 6 : WIDTH;
    }

    /** How many rooms lie below each; throws where rooms use each other. */
    private static Map<String, Integer> levels(Map<String, Room> rooms) {
        Map<String, Integer> level = new TreeMap<>();
        for (int at = 0; level.size() < rooms.size(); at++) {
            List<String> next = rooms.keySet().stream()
                    .filter(room -> !level.containsKey(room))
                    .filter(room -> rooms.get(room).uses().stream().allMatch(used -> !rooms.containsKey(used) || level.containsKey(used)))
                    .toList();
            if (next.isEmpty()) {
                throw new IllegalStateException("rooms that use each other, among all but " + level.keySet());
            }
            for (String room : next) {
                level.put(room, at);
            }
        }
        return level;
    }

    /** Whether another way leads from one room to another. */
    private static boolean follows(Map<String, Room> rooms, String from, String to) {
        return rooms.get(from).uses().stream().anyMatch(step -> rooms.containsKey(step) && !step.equals(to) && reaches(rooms, step, to));
    }

    private static boolean reaches(Map<String, Room> rooms, String from, String to) {
        return from.equals(to) || rooms.get(from).uses().stream().anyMatch(step -> rooms.containsKey(step) && reaches(rooms, step, to));
    }

    private static String arrow(List<String> way, Map<String, int[]> places) {
        int[] from = places.get(way.get(0));
        int x = from[0];
        int y = from[1] + HEIGHT;
        StringBuilder path = new StringBuilder("<path d=\"M%d %d".formatted(x, y));
        for (int i = 1; i < way.size(); i++) {
            int[] to = places.get(way.get(i));
            int bend = (to[1] - y) / 2;
            path.append("C%d %d %d %d %d %d".formatted(x, y + bend, to[0], to[1] - bend, to[0], to[1]));
            x = to[0];
            y = to[1];
            if (i < way.size() - 1) {
                y += HEIGHT;
                path.append("V").append(y);
            }
        }
        return path.append("\" fill=\"none\" stroke=\"#667\" marker-end=\"url(#tip)\"/>\n").toString();
    }

    private static String box(String name, Room room, int[] at) {
        boolean internal = name.startsWith("internal");
        return """
                <rect x="%d" y="%d" width="%d" height="%d" rx="5" fill="%s" stroke="#334"%s/>
                <text x="%d" y="%d" text-anchor="middle" font-weight="bold">%s</text>
                <text x="%d" y="%d" text-anchor="middle" fill="#445" font-size="11">%d files, %,d lines</text>
                """.formatted(
                at[0] - WIDTH / 2, at[1], WIDTH, HEIGHT, internal ? "#f2f2f2" : "#e4eefb", internal ? " stroke-dasharray=\"4 3\"" : "",
                at[0], at[1] + 19, name,
                at[0], at[1] + 36, room.files(), room.lines());
    }
}
