import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Follows the links of a Javadoc from every package's page, and fails when a type of the package is more than two clicks away: {@code java
 * src/site/ClicksToTypes.java target/reports/apidocs}.
 */
public final class ClicksToTypes {

    private static final Pattern LINK = Pattern.compile("href=\"([^\"#?]+\\.html)");

    private ClicksToTypes() {}

    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
        List<Path> packages;
        try (Stream<Path> files = Files.walk(root)) {
            packages = files.filter(file -> file.endsWith("package-summary.html")).sorted().toList();
        }
        Map<Integer, Integer> at = new HashMap<>();
        Set<Path> further = new TreeSet<>();
        for (Path page : packages) {
            Map<Path, Integer> clicks = clicks(page);
            try (Stream<Path> files = Files.list(page.getParent())) {
                files.filter(file -> file.toString().endsWith(".html") && Character.isUpperCase(file.getFileName().toString().charAt(0)))
                        .forEach(type -> {
                            int count = clicks.getOrDefault(type, Integer.MAX_VALUE);
                            at.merge(count, 1, Integer::sum);
                            if (count > 2) {
                                further.add(root.relativize(type));
                            }
                        });
            }
        }
        System.out.println(packages.size() + " packages; types one click away: " + at.getOrDefault(1, 0) + ", two: " + at.getOrDefault(2, 0)
                + ", further: " + further);
        if (packages.isEmpty() || !further.isEmpty()) {
            System.exit(1);
        }
    }

    /** How many clicks the pages are away, up to two. */
    private static Map<Path, Integer> clicks(Path page) throws IOException {
        Map<Path, Integer> clicks = new HashMap<>(Map.of(page, 0));
        List<Path> last = List.of(page);
        for (int click = 1; click <= 2; click++) {
            List<Path> next = new ArrayList<>();
            for (Path from : last) {
                Set<Path> targets = new HashSet<>();
                Matcher link = LINK.matcher(Files.readString(from));
                while (link.find()) {
                    if (!link.group(1).contains(":")) {
                        targets.add(from.resolveSibling(link.group(1)).normalize());
                    }
                }
                for (Path to : targets) {
                    if (Files.exists(to) && clicks.putIfAbsent(to, click) == null) {
                        next.add(to);
                    }
                }
            }
            last = next;
        }
        return clicks;
    }
}
