package io.github.horkd.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** A source whose images would take more than its share of the heap packs them on disk by itself. */
class SpillingTest {

    private static final ImageShape SHAPE = ImageShape.gray(16);
    private static final Degradation SMALL = Degradation.downscaleTo(4);
    private static final String FOLDER = "horkd.packed";

    @TempDir
    Path temp;

    private final Map<String, byte[]> files = new TreeMap<>();
    private Path source;

    @BeforeEach
    void drawFaces() throws IOException {
        System.setProperty(FOLDER, temp.resolve("own").toString());
        for (int i = 0; i < 60; i++) {
            files.put("person" + i % 3 + "/" + i + ".png", Pictures.png(1, 16, 16, i));
        }
        source = Pictures.zip(temp.resolve("faces.zip"), files);
    }

    @AfterEach
    void forgetTheFolder() {
        System.clearProperty(FOLDER);
    }

    private PairedImages open(ImageOptions options, long most) {
        return ImageFolder.derived(ImageLoad.treeAt(source), source, 1, SHAPE, SMALL, options, most);
    }

    @Test
    void readsAsFromMemory() {
        PairedImages memory = open(ImageOptions.defaults(), Long.MAX_VALUE);
        assertInstanceOf(MemoryImages.class, memory);
        assertFalse(Files.exists(temp.resolve("own")), "nothing is written that need not be");
        PairedImages packed = open(ImageOptions.defaults(), 10 * SHAPE.size());
        assertInstanceOf(PackedImages.class, packed);
        assertEquals(temp.resolve("own"), ((PackedImages) packed).path().getParent());
        assertEquals(Pictures.names(memory), Pictures.names(packed));
        assertArrayEquals(Pictures.labels(memory), Pictures.labels(packed));
        for (int i = 0; i < memory.size(); i++) {
            assertArrayEquals(Pictures.high(memory, i, Pose.IDENTITY), Pictures.high(packed, i, Pose.IDENTITY));
        }
        assertInstanceOf(PackedImages.class, open(ImageOptions.defaults(), Long.MAX_VALUE), "what is there is opened");
    }

    @Test
    void aChangedSourceIsReadAnew() throws IOException {
        open(ImageOptions.defaults(), 10 * SHAPE.size());
        files.remove("person0/0.png");
        Pictures.zip(source, files);
        PairedImages changed = open(ImageOptions.defaults(), Long.MAX_VALUE);
        assertInstanceOf(MemoryImages.class, changed);
        assertEquals(59, changed.size());
    }

    /** Gray or colour is known at the end only, where the files decide. */
    @Test
    void withoutAShapeImagesStayInMemory() {
        ImageOptions options = ImageOptions.defaults();
        assertInstanceOf(
                MemoryImages.class,
                ImageFolder.derived(ImageLoad.treeAt(source), source, 0, SHAPE, SMALL, options, 10 * SHAPE.size()));
        assertThrows(
                IllegalArgumentException.class,
                () -> ImageFolder.open(source, 16, SMALL, options.packedIn(temp.resolve("packed"))));
    }

    @Test
    void anEpochHasTheSameOrderWhereverPicturesLie() throws IOException {
        PairedImages memory = open(ImageOptions.defaults(), Long.MAX_VALUE);
        Path folder = temp.resolve("folder");
        Pictures.write(folder, files);
        PairedImages elsewhere =
                ImageFolder.open(folder, SHAPE, SMALL, ImageOptions.defaults().packedIn(temp.resolve("packed")));
        for (int epoch : new int[] {0, 3}) {
            for (int b = 0; b < 5; b++) {
                int[] one = Batches.balanced(memory, 3, 4, 7).epoch(epoch).get(b);
                int[] other = Batches.balanced(elsewhere, 3, 4, 7).epoch(epoch).get(b);
                assertArrayEquals(one, other);
                for (int index : one) {
                    assertEquals(memory.name(index), elsewhere.name(index));
                }
            }
        }
    }
}
