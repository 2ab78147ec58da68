package io.github.horkd.data;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IdxImagesTest {

    private static final Degradation HALF = Degradation.downscaleTo(2, 3);
    private static final byte[] THREE =
            Pictures.random(new ImageShape(3, 4, 6), 1).samples();
    private static final byte[] LABELS = {2, 0, 2};

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsImagesAndLabels(boolean gzipped) throws IOException {
        PairedImages images = IdxImages.open(
                file("images", gzipped, THREE, 0x803, 3, 4, 6), file("labels", gzipped, LABELS, 0x801, 3), HALF);
        assertEquals(new ImageShape(1, 4, 6), images.shape(Resolution.HIGH));
        assertEquals(new ImageShape(1, 2, 3), images.shape(Resolution.LOW));
        assertEquals(List.of("0", "1", "2"), images.classes());
        assertArrayEquals(new int[] {2, 0, 2}, Pictures.labels(images));
        assertEquals(List.of("0", "1", "2"), Pictures.names(images));
        float[] second = Pictures.high(images, 1, Pose.IDENTITY);
        for (int i = 0; i < 24; i++) {
            assertEquals((THREE[24 + i] & 0xff) / 255f, second[i]);
        }
    }

    @Test
    void namesClassesOrLeavesLabelsOut() throws IOException {
        Path images = file("images", true, THREE, 0x803, 3, 4, 6);
        Path labels = file("labels", true, LABELS, 0x801, 3);
        assertEquals(
                List.of("shirt", "shoe", "bag"),
                IdxImages.open(images, labels, List.of("shirt", "shoe", "bag"), HALF)
                        .classes());
        assertThrows(IllegalArgumentException.class, () -> IdxImages.open(images, labels, List.of("shirt"), HALF));
        assertArrayEquals(new int[] {-1, -1, -1}, Pictures.labels(IdxImages.open(images, HALF)));
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        Path good = file("good", false, THREE, 0x803, 3, 4, 6);
        unreadable("no such file", temp.resolve("nothing"));
        unreadable("got 00000801", file("labels", false, LABELS, 0x801, 3));
        unreadable("got 00000d03", file("floats", false, THREE, 0xd03, 3, 4, 6));
        unreadable("truncated", file("short", false, Pictures.head(THREE, 71), 0x803, 3, 4, 6));
        unreadable("truncated", file("empty", false, new byte[0]));
        unreadable("truncated", file("head", false, new byte[0], 0x803, 3));
        unreadable("longer", file("long", false, THREE, 0x803, 2, 4, 6));
        unreadable("at least 1", file("none", false, new byte[0], 0x803, 0, 4, 6));
        unreadable("at least 1", file("negative", false, THREE, 0x803, 3, -4, 6));
        unreadable(
                "states more than it can hold",
                file("huge", false, THREE, 0x803, 3, Integer.MAX_VALUE, Integer.MAX_VALUE));
        unreadable("truncated", file("many", false, THREE, 0x803, Integer.MAX_VALUE, 4, 6));
        byte[] whole = Files.readAllBytes(file("whole", true, THREE, 0x803, 3, 4, 6));
        unreadable("truncated", Files.write(temp.resolve("cut"), Pictures.head(whole, whole.length / 2)));
        unreadable("truncated", Files.write(temp.resolve("cut"), Pictures.head(whole, whole.length - 4)));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> IdxImages.open(good, file("two", false, new byte[2], 0x801, 2), HALF))
                .getMessage();
        assertTrue(message.contains("3 images") && message.contains("got 2"), message);
    }

    @Test
    void saysInWhichFileWhatDoesNotGoTogether() throws IOException {
        Path images = file("wide", false, THREE, 0x803, 3, 4, 6);
        Path labels = file("labels", false, new byte[] {0, 7, 1}, 0x801, 3);
        String size = assertThrows(
                        IllegalArgumentException.class, () -> IdxImages.open(images, Degradation.downscaleTo(5)))
                .getMessage();
        assertTrue(size.contains(images.toString()) && size.contains("holds images of 1x4x6"), size);
        String label = assertThrows(
                        IllegalArgumentException.class,
                        () -> IdxImages.open(images, labels, List.of("shirt", "shoe"), HALF))
                .getMessage();
        assertTrue(label.contains(labels.toString()) && label.contains("got 7 for image 1"), label);
    }

    private void unreadable(String part, Path file) {
        String message = assertThrows(UncheckedIOException.class, () -> IdxImages.open(file, HALF))
                .getMessage();
        assertTrue(message.contains(part) && message.contains(file.toString()), message);
    }

    @Test
    void whatCannotBeInTheFileIsNotAskedOfTheHeap() throws IOException {
        for (boolean gzipped : new boolean[] {false, true}) {
            Path labels = file("labels", gzipped, LABELS, 0x801, Integer.MAX_VALUE);
            Path images = file("images", gzipped, THREE, 0x803, 2_000_000, 1000, 1000);
            for (Path bomb : new Path[] {labels, images}) {
                String message = assertThrows(
                                UncheckedIOException.class,
                                () -> IdxImages.open(
                                        bomb == images ? bomb : file("i", false, THREE, 0x803, 3, 4, 6), labels, HALF))
                        .getMessage();
                assertTrue(message.contains("states more than it can hold"), message);
            }
            assertTrue(assertThrows(UncheckedIOException.class, () -> IdxImages.open(images, HALF))
                    .getMessage()
                    .contains("states more than it can hold: 2000000000000 bytes"));
        }
    }

    private Path file(String name, boolean gzipped, byte[] body, int... header) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(gzipped ? new GZIPOutputStream(bytes) : bytes)) {
            for (int number : header) {
                out.writeInt(number);
            }
            out.write(body);
        }
        return Files.write(temp.resolve(name), bytes.toByteArray());
    }
}
