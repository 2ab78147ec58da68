package io.github.horkd.internal.setup;

import io.github.horkd.accelerate.Acceleration;
import io.github.horkd.accelerate.CpuThreads;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.Schedule;
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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What a class path lacks is said by us and once, not by an error from somewhere deep. Each promise in a JVM with a part of this one's class path. */
class MissingPartsTest {

    private static final String ALONE = "horkd: there is no SLF4J provider";

    /** Goes in by every door through which a program first meets ND4J. */
    static final class EveryDoor {
        public static void main(String[] arguments) {
            PairedImages images = images();
            tell("batch", () -> images.batch(Resolution.HIGH, new int[] {0}, Pose.IDENTITY));
            tell("network", EveryDoor::network);
            tell("file", () -> Network.load(Path.of("none.zip")));
            tell("threads", () -> CpuThreads.use(1));
            tell(
                    "training",
                    () -> Classifier.train(
                            Backbone.plain(4, 8),
                            images,
                            Resolution.HIGH,
                            Schedule.epochs(1).withBatchSize(2),
                            1));
        }

        private static PairedImages images() {
            return MemoryImages.of(
                    ImageShape.gray(8),
                    List.of(drawn(3), drawn(7)),
                    new int[] {0, 1},
                    List.of("a", "b"),
                    List.of("1", "2"),
                    Degradation.downscaleTo(4));
        }

        /** Not black: a network that answers with zeros is refused as collapsed. */
        private static byte[] drawn(int stripe) {
            byte[] pixels = new byte[64];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (byte) (i * stripe % 127);
            }
            return pixels;
        }

        private static Network network() {
            return Network.create(
                    Backbone.plain(4, 8),
                    new Head.Softmax(),
                    new Input(ImageShape.gray(8), Scaling.ZERO_ONE),
                    List.of("a", "b"),
                    1);
        }

        private static void tell(String door, Runnable through) {
            try {
                through.run();
                System.out.println(door + ": went in");
            } catch (IllegalStateException e) {
                System.out.println(door + ": " + e.getMessage());
            }
        }
    }

    /** Trains a network for a step and says who computes its convolutions. */
    static final class OneNetwork {
        public static void main(String[] arguments) {
            PairedImages images = EveryDoor.images();
            Network teacher = Classifier.train(
                    Backbone.plain(4, 8),
                    images,
                    Resolution.HIGH,
                    Schedule.steps(1).withBatchSize(2),
                    1);
            Distillation.from(teacher)
                    .student(Backbone.plain(4, 6))
                    .schedule(Schedule.steps(1).withBatchSize(2))
                    .build()
                    .run(images);
            System.out.println("computed by "
                    + Acceleration.on(EveryDoor.network().graph()).convolver());
        }
    }

    @Test
    void withoutABackendEveryDoorNamesWhatToAdd() throws Exception {
        List<String> said = run(EveryDoor.class, jar -> !jar.startsWith("nd4j-native"), "warn");
        List<String> doors = said.stream()
                .filter(line -> line.matches("(batch|network|file|threads|training): .*"))
                .toList();
        assertEquals(5, doors.size(), said.toString());
        for (String door : doors) {
            assertTrue(
                    door.contains("wanted a backend on the class path, found none; add io.github.horkd:horkd-cpu"),
                    door);
        }
    }

    @Test
    void withoutAnSlf4jProviderItIsSaidOnceOnStandardError() throws Exception {
        List<String> said = run(OneNetwork.class, jar -> !jar.startsWith("slf4j-simple"), "warn");
        assertEquals(1, said.stream().filter(line -> line.startsWith(ALONE)).count(), said.toString());
        assertTrue(said.stream().anyMatch(line -> line.contains("org.slf4j:slf4j-simple")), said.toString());
    }

    @Test
    void withAProviderNothingIsSaid() throws Exception {
        List<String> said = run(OneNetwork.class, jar -> true, "warn");
        assertFalse(said.stream().anyMatch(line -> line.contains("SLF4J")), said.toString());
        // DL4J's layers say so of every flat input whose width they find out later.
        assertFalse(said.stream().anyMatch(line -> line.contains("size of zero")), said.toString());
    }

    @Test
    void withoutTheJavaPartOfOpenclOneDnnIsMissingInWords() throws Exception {
        assumeTrue(jars().anyMatch(jar -> jar.matches("opencl-[^-]*-[^-]*\\.jar")));
        List<String> said = run(OneNetwork.class, jar -> !jar.matches("opencl-[^-]*-[^-]*\\.jar"), "warn");
        assertTrue(said.stream().anyMatch(line -> line.startsWith("computed by")), said.toString());
        assertTrue(
                said.stream()
                        .anyMatch(line -> line.contains("WARN")
                                && line.contains("without the Java part of org.bytedeco:opencl")
                                && line.contains("Add org.bytedeco:opencl:")),
                said.toString());
    }

    private static Stream<String> jars() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).getFileName().toString());
    }

    private static List<String> run(Class<?> program, Predicate<String> jars, String level) throws Exception {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> jars.test(Path.of(entry).getFileName().toString()))
                .collect(Collectors.joining(File.pathSeparator));
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.bytedeco.javacpp.platform.extension="
                                + System.getProperty("org.bytedeco.javacpp.platform.extension", ""),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=" + level,
                        program.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), said);
        return said.lines().toList();
    }
}
