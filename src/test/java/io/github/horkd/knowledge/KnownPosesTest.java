package io.github.horkd.knowledge;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.distill.Shapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is known of an image in a pose is what the guide says of it in that very pose. */
class KnownPosesTest {

    private static final Resolution HIGH = Resolution.HIGH;
    private static final Augmentation MOVES = Augmentation.none()
            .flip()
            .shift(2)
            .rotate(0.2)
            .scale(0.1)
            .contrast(0.2)
            .brightness(0.1);
    private static final PairedImages IMAGES = Shapes.drawn(150, 5);

    @TempDir
    private Path folder;

    private static PixelGuide guide() {
        return new PixelGuide("wide", 200, 3);
    }

    private static void assertKnowsWhatTheGuideSays(Knowledge knowledge, KnownPoses poses) {
        int[] indices = {149, 0, 7, 7, 128};
        for (int which = 0; which < poses.count(); which++) {
            int number = which;
            Pose[] moved =
                    IntStream.of(indices).mapToObj(i -> poses.pose(i, number)).toArray(Pose[]::new);
            INDArray wanted = guide().output(IMAGES.batch(HIGH, indices, moved)).embeddings();
            assertEquals(wanted, knowledge.embeddings(indices, moved));
        }
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void drawnPosesAreKnownWhereverTheyAreKept(Where where) throws IOException {
        KnownPoses poses = KnownPoses.drawn(MOVES, 5, 3);
        PixelGuide asked = guide();
        try (KnowledgeStore store = where.store(folder)) {
            Knowledge knowledge = store.of(asked, IMAGES, HIGH, poses, seen -> {});
            assertEquals(5 * 150, asked.asked);
            assertEquals(KnownPoses.drawn(MOVES, 5, 3), knowledge.poses());
            assertKnowsWhatTheGuideSays(knowledge, poses);
            assertTrue(assertThrows(
                            IllegalArgumentException.class,
                            () -> knowledge.embeddings(new int[] {1}, new Pose[] {Pose.IDENTITY}))
                    .getMessage()
                    .contains("in a pose that the guide was not asked about"));
        }
        if (where == Where.FILE) {
            try (KnowledgeStore store = KnowledgeStore.inFolder(folder)) {
                PixelGuide again = guide();
                assertKnowsWhatTheGuideSays(
                        store.of(again, IMAGES, HIGH, KnownPoses.drawn(MOVES, 5, 3), seen -> {}), poses);
                assertEquals(0, again.asked, "the file outlasts the store");
                store.of(again, IMAGES, HIGH, KnownPoses.drawn(MOVES, 5, 4), seen -> {});
                assertEquals(5 * 150, again.asked, "another seed, other poses");
                store.of(again, IMAGES, HIGH, KnownPoses.drawn(MOVES.shift(3), 5, 3), seen -> {});
                assertEquals(2 * 5 * 150, again.asked, "another augmentation, other poses");
            }
            try (Stream<Path> files = Files.list(folder)) {
                List<String> names = files.map(f -> f.getFileName().toString())
                        .filter(f -> f.endsWith(".knowledge"))
                        .toList();
                assertEquals(3, names.size());
                assertTrue(names.get(0).startsWith("high-5-poses-750x200-float32-"), names.toString());
            }
        }
    }

    private enum Where {
        MEMORY,
        FILE;

        KnowledgeStore store(Path folder) {
            return this == MEMORY ? KnowledgeStore.inMemory() : KnowledgeStore.inFolder(folder);
        }
    }

    @Test
    void aBuildOfPosesThatStoppedGoesOn() {
        KnownPoses poses = KnownPoses.drawn(MOVES, 20, 3);
        PixelGuide stopping = new PixelGuide("wide", 200, 3, asked -> {
            if (asked >= 2000) {
                throw new IllegalStateException("the plug is pulled");
            }
        });
        assertThrows(
                IllegalStateException.class,
                () -> KnowledgeStore.inFolder(folder).of(stopping, IMAGES, HIGH, poses, seen -> {}));
        PixelGuide again = guide();
        Knowledge knowledge = KnowledgeStore.inFolder(folder).of(again, IMAGES, HIGH, poses, seen -> {});
        assertTrue(again.asked < 20 * 150 - 1000, "a block of 1,291 views was there: " + again.asked);
        assertKnowsWhatTheGuideSays(knowledge, poses);
    }

    @Test
    void imagesAndPosesAreDrawnApartAndTheSameAgain() {
        KnownPoses poses = KnownPoses.drawn(MOVES, 4, 3);
        Set<Pose> all = new HashSet<>();
        for (int image = 0; image < 50; image++) {
            for (int which = 0; which < 4; which++) {
                all.add(poses.pose(image, which));
                assertEquals(
                        poses.pose(image, which), KnownPoses.drawn(MOVES, 4, 3).pose(image, which));
                assertEquals(
                        poses.pose(image, which),
                        KnownPoses.drawn(MOVES, 9, 3).pose(image, which),
                        "more poses keep those that were there");
                assertNotEquals(
                        poses.pose(image, which), KnownPoses.drawn(MOVES, 4, 4).pose(image, which));
            }
        }
        assertEquals(200, all.size());
        assertTrue(poses.areDrawn());
        assertThrows(IndexOutOfBoundsException.class, () -> poses.pose(0, 4));
        assertThrows(IllegalArgumentException.class, () -> KnownPoses.drawn(MOVES, 0, 3));
    }

    @Test
    void imagesAndTheirMirrorImagesServeAnyMovement() {
        Knowledge knowledge = KnowledgeStore.inMemory().of(guide(), IMAGES, HIGH, KnownPoses.withMirror(), seen -> {});
        Pose[] drawn = IntStream.range(0, 20).mapToObj(MOVES::draw).toArray(Pose[]::new);
        Pose[] plain = Arrays.stream(drawn)
                .map(pose -> pose.mirrored() ? Pose.MIRRORED : Pose.IDENTITY)
                .toArray(Pose[]::new);
        int[] indices = IntStream.range(0, 20).toArray();
        assertEquals(knowledge.embeddings(indices, plain), knowledge.embeddings(indices, drawn));
        assertEquals(
                List.of(1, 2),
                List.of(KnownPoses.asIs().count(), KnownPoses.withMirror().count()));
        assertEquals(Pose.MIRRORED, KnownPoses.withMirror().pose(9, 1));
    }
}
