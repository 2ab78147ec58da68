package io.github.horkd;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the README and the documentation show compiles, and what they link to is there. */
class ReadmeTest {

    private static final Path ROOT = Path.of(System.getProperty("basedir", "."));
    private static final Path GUIDES = ROOT.resolve("src/site/markdown/guides");
    private static final Path GUIDE_PROGRAMS =
            ROOT.resolve("examples/guides/src/main/java/io/github/horkd/examples/guides");

    /** What a snippet may take for granted: our packages, DL4J's, and a few names. */
    private static final String AROUND = """
            import io.github.horkd.accelerate.*;
            import io.github.horkd.data.*;
            import io.github.horkd.distill.*;
            import io.github.horkd.eval.*;
            import io.github.horkd.experiment.*;
            import io.github.horkd.guide.*;
            import io.github.horkd.knowledge.*;
            import io.github.horkd.loss.*;
            import io.github.horkd.model.*;
            import io.github.horkd.recognise.*;
            import java.nio.file.Path;
            import java.util.List;
            import java.util.Map;
            import java.util.function.UnaryOperator;
            import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
            import org.deeplearning4j.nn.conf.layers.DenseLayer;
            import org.deeplearning4j.nn.conf.layers.LossLayer;
            import org.deeplearning4j.nn.graph.ComputationGraph;
            import org.nd4j.linalg.activations.Activation;
            import org.nd4j.linalg.api.buffer.DataType;
            import org.nd4j.linalg.api.ndarray.INDArray;
            import org.nd4j.linalg.factory.Nd4j;
            import org.nd4j.linalg.ops.transforms.Transforms;

            import static io.github.horkd.data.Resolution.HIGH;

            class Snippet%d {
                void run(Path path, long seed, Schedule schedule, ComputationGraph network, ComputationGraphConfiguration.GraphBuilder graph) throws Exception {
                    %s
                }
            }
            """;

    /** The program that the design promises, as short as it is there. */
    private static final String DESIGNED = """
            var faces = ImageFolder.open(path, 64, Degradation.downscaleTo(16)).split(0.8, seed);
            Network teacher = Classifier.train(Backbone.residual(64, 128), faces.train(), HIGH, schedule, seed);
            var result = Distillation.from(teacher)
                    .assistant(Backbone.residual(32, 128)).student(Backbone.residual(16, 128))
                    .loss(HybridOrderLoss.defaults()).epochs(10, 20).batchSize(64).seed(seed)
                    .build().run(faces.train());
            result.student().save(Path.of("student.zip"));
            System.out.println(Evaluation.crossResolution(teacher, result.student(), faces.test()));
            """;

    /** The package page and the page about adding something say of each which order it is. */
    @Test
    void everyLossStandsInTheTables() throws IOException {
        Path folder = ROOT.resolve("src/main/java/io/github/horkd/loss");
        String inJavadoc = Files.readString(folder.resolve("package-info.java"));
        String onPage = Files.readString(ROOT.resolve("src/site/markdown/adding.md"));
        int found = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Matcher loss = Pattern.compile(
                                "public (?:record|final class) (\\w+)[^{]*implements [A-Za-z, ]*(?:Loss|Relation)\\b")
                        .matcher(Files.readString(file));
                if (loss.find()) {
                    found++;
                    assertTrue(inJavadoc.contains("{@link io.github.horkd.loss." + loss.group(1) + "}"), loss.group(1));
                    assertTrue(onPage.contains("`" + loss.group(1) + "`"), loss.group(1));
                }
            }
        }
        assertTrue(found >= 36, found + " losses");
    }

    @Test
    void everyJavaSnippetCompiles(@TempDir Path dir) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Path page : pages()) {
            if (page.startsWith(GUIDES)) {
                continue; // see everyGuideShowsWhatItsProgramRuns
            }
            Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(page));
            while (block.find()) {
                int number = sources.size();
                sources.add(Files.writeString(
                        dir.resolve("Snippet" + number + ".java"), AROUND.formatted(number, block.group(1))));
            }
        }
        assertTrue(sources.size() >= 8, "the README and the page about adding something show programs");
        int last = sources.size();
        sources.add(Files.writeString(dir.resolve("Snippet" + last + ".java"), AROUND.formatted(last, DESIGNED)));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean good = compiler.getTask(
                            said,
                            files,
                            null,
                            List.of(
                                    "-proc:none",
                                    "-d",
                                    dir.toString(),
                                    "-classpath",
                                    System.getProperty("java.class.path")),
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertTrue(good, said.toString());
        }
    }

    /** A guide's snippets are lines of its program, which is compiled and run where the examples are tested. */
    @Test
    void everyGuideShowsWhatItsProgramRuns() throws IOException {
        String site = Files.readString(ROOT.resolve("src/site/site.xml"));
        String readme = Files.readString(ROOT.resolve("README.md"));
        List<Path> guides;
        try (Stream<Path> below = Files.list(GUIDES)) {
            guides = below.sorted().toList();
        }
        assertTrue(guides.size() >= 6, guides.toString());
        for (Path guide : guides) {
            String page = Files.readString(guide);
            String name = guide.getFileName().toString().replace(".md", "");
            Matcher linked =
                    Pattern.compile("/examples/guides/\\S*/(\\w+\\.java)").matcher(page);
            assertTrue(linked.find(), guide + " links its program");
            String program = unindented(Files.readString(GUIDE_PROGRAMS.resolve(linked.group(1))));
            Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
            int blocks = 0;
            while (block.find()) {
                blocks++;
                String shown = block.group(1);
                assertTrue(
                        program.contains(unindented(shown)),
                        () -> guide + " shows what its program has not:\n" + shown);
            }
            assertTrue(blocks > 0, guide + " shows its program");
            assertTrue(site.contains("guides/" + name + ".html"), guide + " is in site.xml");
            assertTrue(readme.contains("guides/" + name + ".md"), guide + " is in the README");
        }
    }

    /** Every package page says what the room is for and the way of the data through it. */
    @Test
    void everyPackageTellsTheWayOfTheData() throws IOException {
        List<String> silent = new ArrayList<>();
        try (Stream<Path> folders = Files.walk(ROOT.resolve("src/main/java/io/github/horkd"))) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.list(folder)) {
                    if (files.noneMatch(file -> file.toString().endsWith(".java"))) {
                        continue;
                    }
                }
                Path page = folder.resolve("package-info.java");
                if (!Files.exists(page) || !Files.readString(page).contains("The way of the ")) {
                    silent.add(folder.toString());
                }
            }
        }
        assertEquals(List.of(), silent);
    }

    /** What several examples need stands in their parent, and each is called like its folder. */
    @Test
    void anExamplesPomHasFortyToSeventyLines() throws IOException {
        Path examples = ROOT.resolve("examples");
        try (Stream<Path> poms = Files.find(examples, 2, (path, is) -> path.endsWith("pom.xml"))) {
            for (Path pom : poms.toList()) {
                String text = Files.readString(pom);
                String folder = pom.getParent().equals(examples)
                        ? ""
                        : "-" + pom.getParent().getFileName();
                assertTrue(text.contains("<artifactId>horkd-examples" + folder + "</artifactId>"), pom.toString());
                if (!folder.equals("-parent")) {
                    long lines = text.lines().count();
                    assertTrue(lines >= 40 && lines <= 70, pom + ": " + lines + " lines");
                    assertTrue(text.contains("<artifactId>horkd-examples-parent</artifactId>"), pom.toString());
                }
            }
        }
    }

    private static String unindented(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }

    @Test
    void theDependencyItShowsIsThisProject() throws IOException {
        String shown = Files.readString(ROOT.resolve("README.md"));
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        for (String tag : List.of("groupId", "artifactId", "version")) {
            String wanted =
                    first(tag, pom) + (tag.equals("artifactId") ? "-cpu" : ""); // the library with what a CPU needs
            assertEquals(wanted, first(tag, shown), tag);
        }
    }

    private static String first(String tag, String xml) {
        Matcher element = Pattern.compile("<" + tag + ">([^<]+)</" + tag + ">").matcher(xml);
        assertTrue(element.find(), tag);
        return element.group(1);
    }

    @Test
    void everyLinkAndEveryProjectOfACommandIsThere() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path page : pages()) {
            String text = Files.readString(page);
            Matcher link = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)").matcher(text);
            while (link.find()) {
                if (!link.group(1).startsWith("http")
                        && !link.group(1).startsWith("apidocs/") // made with the site
                        && !Files.exists(ROOT.resolve("src/site/resources").resolve(link.group(1)))
                        && !Files.exists(page.resolveSibling(link.group(1)))) {
                    missing.add(page + ": " + link.group(1));
                }
            }
            Matcher command = Pattern.compile("mvn [^`\n]*-f ([\\w/-]+)").matcher(text);
            while (command.find()) {
                if (!Files.exists(ROOT.resolve(command.group(1)).resolve("pom.xml"))) {
                    missing.add(page + ": a project " + command.group(1));
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("src/changes/changes.md")));
        try (Stream<Path> below = Files.find(
                ROOT.resolve("examples"), 2, (path, is) -> path.toString().endsWith(".md"))) {
            below.forEach(pages::add);
        }
        for (String folder : List.of("src/site/markdown", ".github")) {
            try (Stream<Path> below = Files.walk(ROOT.resolve(folder))) {
                below.filter(path -> path.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        return pages;
    }
}
