package io.github.horkd.experiment;

import io.github.horkd.accelerate.CpuThreads;
import io.github.horkd.internal.file.BoundedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/** Where an experiment is run: versions, machine, git revision. */
final class Surroundings {

    private static final String UNKNOWN = "unknown";
    private static final long LONGEST = 1 << 16;

    private Surroundings() {}

    static Map<String, String> versions() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("horkd", version(Experiment.class, "io.github.horkd/horkd"));
        all.put("java", System.getProperty("java.version") + ", " + System.getProperty("java.vendor"));
        all.put("deeplearning4j", version(ComputationGraph.class, "org.deeplearning4j/deeplearning4j-nn"));
        all.put("nd4j", version(Nd4j.class, "org.nd4j/nd4j-api"));
        all.put("backend", Nd4j.getBackend().getClass().getSimpleName());
        return all;
    }

    /** As the jar says, or the description that Maven puts into it. */
    private static String version(Class<?> type, String artifact) {
        String stated = type.getPackage().getImplementationVersion();
        if (stated != null) {
            return stated;
        }
        try (InputStream in = type.getResourceAsStream("/META-INF/maven/" + artifact + "/pom.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", UNKNOWN);
        } catch (IOException | IllegalArgumentException e) {
            return UNKNOWN; // Classes that lie in a directory have none.
        }
    }

    static Map<String, String> machine() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        all.put("processor", processor());
        all.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        all.put("threads", Integer.toString(CpuThreads.count()));
        all.put("heapMegabytes", Long.toString(Runtime.getRuntime().maxMemory() >> 20));
        return all;
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(UNKNOWN);
        } catch (IOException | RuntimeException e) {
            return UNKNOWN; // Not every system tells.
        }
    }

    /** The commit and branch that are checked out where the program was started, read from the repository's own files. */
    static Map<String, String> revision(Path from) {
        for (Path folder = from.toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path git = folder.resolve(".git");
            if (Files.exists(git)) {
                try {
                    return revisionIn(Files.isDirectory(git) ? git : linked(git));
                } catch (IOException | RuntimeException e) {
                    return Map.of(); // A layout of git's that we do not know.
                }
            }
        }
        return Map.of();
    }

    private static Path linked(Path file) throws IOException {
        return file.resolveSibling(
                BoundedFile.text(file, LONGEST).replaceFirst("^gitdir:", "").strip());
    }

    private static Map<String, String> revisionIn(Path git) throws IOException {
        String head = BoundedFile.text(git.resolve("HEAD"), LONGEST).strip();
        if (!head.startsWith("ref:")) {
            return Map.of("commit", head);
        }
        String ref = head.substring("ref:".length()).strip();
        Path common = Files.exists(git.resolve("commondir"))
                ? git.resolve(
                        BoundedFile.text(git.resolve("commondir"), LONGEST).strip())
                : git;
        Map<String, String> all = new LinkedHashMap<>();
        Path file = common.resolve(ref);
        if (Files.exists(file)) {
            all.put("commit", BoundedFile.text(file, LONGEST).strip());
        } else {
            try (Stream<String> packed = Files.lines(common.resolve("packed-refs"))) {
                packed.filter(line -> line.endsWith(" " + ref))
                        .findFirst()
                        .ifPresent(line -> all.put("commit", line.substring(0, line.indexOf(' '))));
            }
        }
        all.put("branch", ref.replaceFirst("^refs/heads/", ""));
        return all;
    }
}
