package io.github.horkd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the README shows compiles, and what it links to is there. */
class ReadmeTest {

    private static final Path ROOT = Path.of(System.getProperty("basedir", "."));
    /** What a snippet may take for granted: our packages, DL4J's, and a few names. */
    private static final String AROUND = """
            import io.github.horkd.data.*;
            import io.github.horkd.distill.*;
            import io.github.horkd.eval.*;
            import io.github.horkd.loss.*;
            import io.github.horkd.model.*;
            import java.nio.file.Path;
            import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
            import org.deeplearning4j.nn.conf.layers.LossLayer;
            import org.deeplearning4j.nn.graph.ComputationGraph;
            import org.nd4j.linalg.activations.Activation;

            class Snippet%d {
                void run(Path path, long seed, ComputationGraph network, ComputationGraphConfiguration.GraphBuilder graph) throws Exception {
                    %s
                }
            }
            """;

    @Test
    void everyJavaSnippetCompiles(@TempDir Path dir) throws IOException {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(ROOT.resolve("README.md")));
        List<Path> sources = new ArrayList<>();
        while (block.find()) {
            int number = sources.size();
            sources.add(Files.writeString(dir.resolve("Snippet" + number + ".java"), AROUND.formatted(number, block.group(1))));
        }
        assertTrue(sources.size() >= 3, "the README shows programs");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean good = compiler.getTask(said, files, null, List.of("-proc:none", "-d", dir.toString(), "-classpath", System.getProperty("java.class.path")),
                    null, files.getJavaFileObjectsFromPaths(sources)).call();
            assertTrue(good, said.toString());
        }
    }

    @Test
    void everyLinkIntoTheProjectLeadsSomewhere() throws IOException {
        List<String> missing = new ArrayList<>();
        for (String page : List.of("README.md", "examples/RESULTS.md")) {
            Path file = ROOT.resolve(page);
            Matcher link = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)").matcher(Files.readString(file));
            while (link.find()) {
                if (!link.group(1).startsWith("http") && !Files.exists(file.resolveSibling(link.group(1)))) {
                    missing.add(page + ": " + link.group(1));
                }
            }
        }
        assertEquals(List.of(), missing);
    }
}
