package io.github.horkd.knowledge;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Log;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.distill.Shapes;
import io.github.horkd.guide.Guide;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A build that stops goes on; two at once are one; one that cannot be leaves nothing under the name. */
class KnowledgeBuildTest {

    private static final Resolution HIGH = Resolution.HIGH;
    /** 600 views of 2,003 values: five blocks of 130 rows, whose limits are not those of the batches. */
    private static final int COUNT = 300;

    private static final PairedImages IMAGES = Shapes.drawn(COUNT, 3);

    @TempDir
    private Path folder;

    private static PixelGuide wide() {
        return new PixelGuide("wide", 2000, 3);
    }

    /** A guide that stops when it has looked at some images. */
    private static PixelGuide stoppingAfter(int views) {
        return new PixelGuide("wide", 2000, 3, asked -> {
            if (asked >= views) {
                throw new IllegalStateException("the plug is pulled");
            }
        });
    }

    private static Knowledge gather(Path folder, Guide guide) {
        return KnowledgeStore.inFolder(folder).of(guide, IMAGES, HIGH, KnownPoses.withMirror(), seen -> {});
    }

    private static byte[] only(Path folder, String ending) throws IOException {
        return Files.readAllBytes(path(folder, ending));
    }

    private static Path path(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(ending)).findFirst().orElseThrow();
        }
    }

    private static List<String> endings(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.toString().substring(f.toString().indexOf(".knowledge")))
                    .sorted()
                    .toList();
        }
    }

    private static byte[] uninterrupted() throws IOException {
        Path elsewhere = Files.createTempDirectory("knowledge");
        gather(elsewhere, wide());
        byte[] bytes = only(elsewhere, ".knowledge");
        try (Stream<Path> files = Files.list(elsewhere)) {
            for (Path left : files.toList()) {
                Files.delete(left);
            }
        }
        Files.delete(elsewhere);
        return bytes;
    }

    /** Batches: 128, 128, 44 images and as many mirror images; 130 rows a block. */
    @ParameterizedTest
    @ValueSource(ints = {0, 128, 256, 300, 428, 556})
    void aStoppedBuildGoesOnAtItsLastWholeBlock(int views) throws IOException {
        assertThrows(IllegalStateException.class, () -> gather(folder, stoppingAfter(views)));
        assertEquals(List.of(".knowledge.lock", ".knowledge.part"), endings(folder));
        PixelGuide again = wide();
        List<Integer> progress = new ArrayList<>();
        KnowledgeStore.inFolder(folder).of(again, IMAGES, HIGH, KnownPoses.withMirror(), progress::add);
        int whole = views / 130 * 130;
        int kind = whole < COUNT ? 0 : COUNT;
        int batch = kind + (whole - kind) / 128 * 128;
        assertEquals(2 * COUNT - batch, again.asked, "it asked from the batch on that the first missing row is in");
        assertEquals(2 * COUNT, progress.get(progress.size() - 1));
        assertTrue(progress.get(0) > whole, "it told of what was there: " + progress);
        assertArrayEquals(uninterrupted(), only(folder, ".knowledge"));
        assertEquals(List.of(".knowledge", ".knowledge.lock"), endings(folder));
    }

    @Test
    void aBuildThatStoppedBeforeItsLastStepAsksNobody() throws IOException {
        gather(folder, wide());
        byte[] sound = only(folder, ".knowledge");
        Path file = path(folder, ".knowledge");
        Files.move(file, file.resolveSibling(file.getFileName() + ".part"));
        PixelGuide again = wide();
        gather(folder, again);
        assertEquals(0, again.asked);
        assertArrayEquals(sound, Files.readAllBytes(file));
    }

    @Test
    void aDamagedBlockOfAPartIsBuiltAgain() throws IOException {
        assertThrows(IllegalStateException.class, () -> gather(folder, stoppingAfter(428)));
        Path part = path(folder, ".part");
        byte[] bytes = Files.readAllBytes(part);
        bytes[4096 + 150 * 2003 * 4] ^= 1;
        Files.write(part, bytes);
        PixelGuide again = wide();
        try (Log log = new Log()) {
            gather(folder, again);
            assertTrue(log.text().contains(part + ": its block 1 is damaged"), log.text());
        }
        assertEquals(2 * COUNT - 128, again.asked);
        assertArrayEquals(uninterrupted(), only(folder, ".knowledge"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HORKDKNW",
                "something else, much longer than the header of a file of knowledge would have to be at the very least"
            })
    void whatIsNoPartIsBegunAnew(String text) throws IOException {
        assertThrows(IllegalStateException.class, () -> gather(folder, stoppingAfter(428)));
        Path part = path(folder, ".part");
        Files.writeString(part, text);
        PixelGuide again = wide();
        try (Log log = new Log()) {
            gather(folder, again);
            assertEquals(!text.isEmpty(), log.text().contains(part + ": refused, "), log.text());
        }
        assertEquals(2 * COUNT, again.asked);
        assertArrayEquals(uninterrupted(), only(folder, ".knowledge"));
    }

    @Test
    void twoThreadsBuildOnce() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        PixelGuide first = new PixelGuide("wide", 2000, 3, asked -> {
            begun.countDown();
            await(second);
        });
        CompletableFuture<Knowledge> one =
                CompletableFuture.supplyAsync(() -> gather(folder, first), task -> new Thread(task).start());
        assertTrue(begun.await(1, TimeUnit.MINUTES));
        PixelGuide other = wide();
        CompletableFuture<Knowledge> two =
                CompletableFuture.supplyAsync(() -> gather(folder, other), task -> new Thread(task).start());
        second.countDown();
        one.get(1, TimeUnit.MINUTES);
        two.get(1, TimeUnit.MINUTES);
        assertEquals(2 * COUNT, first.asked);
        assertEquals(0, other.asked);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(1, TimeUnit.MINUTES));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Builds half of a file, says so, and waits to be killed. */
    static final class Other {

        private Other() {}

        public static void main(String[] arguments) {
            gather(Path.of(arguments[0]), new PixelGuide("wide", 2000, 3, asked -> {
                if (asked >= COUNT) {
                    System.out.println("half");
                    try {
                        System.in.read();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    System.exit(1);
                }
            }));
        }
    }

    @Test
    void whenAnotherProcessBuildsItIsWaitedForAndWhenItIsKilledItsWorkIsGoneOnWith() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dorg.bytedeco.javacpp.platform.extension="
                                + System.getProperty("org.bytedeco.javacpp.platform.extension", ""),
                        Other.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (Log log = new Log();
                BufferedReader said = new BufferedReader(
                        new java.io.InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("half", said.lines().filter("half"::equals).findFirst().orElse("nothing"));
            PixelGuide here = wide();
            CompletableFuture<Knowledge> built =
                    CompletableFuture.supplyAsync(() -> gather(folder, here), task -> new Thread(task).start());
            assertTrue(log.says("another process is building it"), log.text());
            assertEquals(0, here.asked);
            other.destroyForcibly().waitFor();
            built.get(1, TimeUnit.MINUTES);
            assertEquals(2 * COUNT - 256, here.asked, "two blocks, 260 rows, were there");
            assertArrayEquals(uninterrupted(), only(folder, ".knowledge"));
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aLinkInPlaceOfTheUnfinishedFileIsNotFollowed() throws IOException {
        assertThrows(IllegalStateException.class, () -> gather(folder, stoppingAfter(0)));
        Path part = path(folder, ".part");
        Files.delete(part);
        Files.createSymbolicLink(part, Path.of("/dev/full"));
        String message = assertThrows(UncheckedIOException.class, () -> gather(folder, wide()))
                .getMessage();
        assertTrue(
                message.contains(".knowledge: the knowledge could not be written") && message.contains("got a link"),
                message);
        assertEquals(List.of(".knowledge.lock", ".knowledge.part"), endings(folder));
        Files.delete(part);
    }

    @Test
    void aDiskThatIsTooSmallIsSaidBeforeTheGuideIsAsked() throws IOException {
        PixelGuide huge = new PixelGuide("huge", 1 << 30, 0);
        PairedImages many = new Counted(1 << 22);
        String message = assertThrows(
                        UncheckedIOException.class,
                        () -> KnowledgeStore.inFolder(folder).of(huge, many, HIGH, KnownPoses.asIs(), seen -> {}))
                .getMessage();
        assertTrue(message.contains("wanted room for 18014398") && message.contains("It takes"), message);
        assertEquals(0, huge.asked);
        assertEquals(List.of(".knowledge.lock"), endings(folder));
    }

    /** Very many images of one black pixel. */
    private record Counted(int size) implements PairedImages {
        @Override
        public io.github.horkd.data.ImageShape shape(Resolution resolution) {
            return io.github.horkd.data.ImageShape.gray(1);
        }

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public int label(int index) {
            return UNLABELLED;
        }

        @Override
        public String name(int index) {
            return "" + index;
        }

        @Override
        public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {}
    }

    @Test
    void aFolderThatCannotBeWrittenIsSaid() throws IOException {
        Path inside = Files.createDirectory(folder.resolve("inside"));
        KnowledgeStore store = KnowledgeStore.inFolder(inside);
        Files.delete(inside);
        String gone = assertThrows(
                        UncheckedIOException.class,
                        () -> store.of(wide(), IMAGES, HIGH, KnownPoses.withMirror(), seen -> {}))
                .getMessage();
        assertTrue(gone.contains("inside") && gone.contains("there is no directory"), gone);
        Path deep = inside.resolve("deeper");
        KnowledgeStore.inFolder(deep).close();
        assertTrue(Files.isDirectory(deep), "a folder that is not there is made");
        Path taken = Files.writeString(inside.resolve("taken"), "no directory");
        assertTrue(assertThrows(UncheckedIOException.class, () -> KnowledgeStore.inFolder(taken))
                .getMessage()
                .contains("could not be made"));
    }
}
