package io.github.horkd.accelerate;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Without oneDNN one warning says what to add; with what it names added, there is none. */
class MissingOneDnnTest {

    private static final String ADVICE =
            OneDnnSource.advice(System.getProperty("os.name"), System.getProperty("os.arch"));

    /** Makes two networks where the backend's own oneDNN is switched off, and says who computes. */
    static final class Program {
        public static void main(String[] arguments) {
            Nd4j.getEnvironment().allowHelpers(false);
            for (int seed = 1; seed <= 2; seed++) {
                Network network = Network.create(
                        Backbone.residual(4, 8),
                        new Head.Softmax(),
                        new Input(ImageShape.gray(12), Scaling.ZERO_ONE),
                        List.of("a", "b"),
                        seed);
                System.out.println(
                        "computed by " + Acceleration.on(network.graph()).convolver());
            }
        }
    }

    @Test
    void oneWarningNamesWhatIsMissing() throws Exception {
        List<String> said = run(jar -> !jar.startsWith("dnnl-"));
        assertEquals(
                List.of("computed by DL4J", "computed by DL4J"),
                said.stream().filter(line -> line.startsWith("computed")).toList());
        List<String> warnings =
                said.stream().filter(line -> line.contains("oneDNN")).toList();
        assertEquals(1, warnings.size(), said.toString());
        assertTrue(warnings.get(0).startsWith("WARN") || warnings.get(0).contains(" WARN "), warnings.get(0));
        assertTrue(warnings.get(0).endsWith(ADVICE), warnings.get(0));
    }

    @Test
    void withThatAddedThereIsNone() throws Exception {
        assumeTrue(ADVICE.startsWith("Add "));
        List<String> said = run(jar -> true);
        // The very versions that the warning names are on this class path.
        for (String artifact : List.of("dnnl", "opencl")) {
            String version = ADVICE.replaceAll(".*org.bytedeco:" + artifact + ":(\\S+[0-9]).*", "$1");
            String jar = artifact + "-" + version + ".jar";
            assertTrue(jars().anyMatch(jar::equals), jar + " of " + jars().toList());
        }
        assertEquals(
                List.of("computed by ONEDNN", "computed by ONEDNN"),
                said.stream().filter(line -> line.startsWith("computed")).toList());
        assertFalse(said.stream().anyMatch(line -> line.contains("slower than they could")), said.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, classifier linux-x86_64. , linux-x86_64-onednn",
        "Windows 11, amd64, classifier windows-x86_64. , windows-x86_64-onednn",
        "Mac OS X, x86_64, classifier macosx-x86_64. , macosx-x86_64-onednn",
        "Linux, aarch64, classifier linux-arm64., linux-arm64",
        "Mac OS X, aarch64, none for macosx-arm64, nothing can be added"
    })
    void theAdviceFitsTheSystem(String system, String architecture, String direct, String otherwise) {
        String advice = OneDnnSource.advice(system, architecture);
        assertTrue(advice.contains(direct) && advice.contains(otherwise), advice);
    }

    private static Stream<String> jars() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).getFileName().toString());
    }

    /** The lines that the program prints or logs, with some of this test's class path. */
    private static List<String> run(Predicate<String> jars) throws Exception {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> jars.test(Path.of(entry).getFileName().toString()))
                .collect(Collectors.joining(File.pathSeparator));
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        "-Dorg.bytedeco.javacpp.platform.extension="
                                + System.getProperty("org.bytedeco.javacpp.platform.extension", ""),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        Program.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, program.waitFor(), said);
        return said.lines().toList();
    }
}
