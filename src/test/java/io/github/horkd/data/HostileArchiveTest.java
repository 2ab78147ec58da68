package io.github.horkd.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HostileArchiveTest {

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"../../evil/x.png", "a/../../x.png", "..\\..\\evil\\x.png", ".."})
    void namesThatLeadOutAreRefusedAndNothingIsWritten(String name) throws IOException {
        Map<String, byte[]> files = Map.of("a/1.png", Pictures.png(1, 8, 8, 1), name, Pictures.png(1, 8, 8, 2));
        for (Path archive :
                new Path[] {Pictures.zip(temp.resolve("x.zip"), files), Pictures.tar(temp.resolve("x.tar"), files)}) {
            assertTrue(refusal(archive, Limits.defaults()).contains("leads out of the archive"));
        }
        try (Stream<Path> left = Files.walk(temp)) {
            assertEquals(3, left.count(), "the folder and the two archives");
        }
    }

    @Test
    void rootedNamesAreTakenAsRelative() throws IOException {
        Path archive = Pictures.zip(
                temp.resolve("x.zip"),
                Map.of("/a/1.png", Pictures.png(1, 8, 8, 1), "./b/./2.png", Pictures.png(1, 8, 8, 1)));
        assertEquals(List.of("a/1.png", "b/2.png"), Pictures.names(ImageFolder.open(archive, 8, Degradation.none())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.zip", "x.tar", "x.tar.gz"})
    void truncatedArchivesAreRefused(String name) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < 5; i++) {
            files.put("a/" + i + ".png", Pictures.png(1, 40, 40, i));
        }
        byte[] whole = Files.readAllBytes(
                name.endsWith("zip")
                        ? Pictures.zip(temp.resolve(name), files)
                        : Pictures.tar(temp.resolve(name), files));
        for (int tenth = 0; tenth < 10; tenth++) {
            // A plain tar cut inside its closing zeros is whole.
            int length = tenth == 9 && !name.endsWith("tar") ? whole.length - 3 : whole.length * tenth / 16;
            Path cut = Files.createTempDirectory(temp, "cut").resolve(name);
            Files.write(cut, Pictures.head(whole, length));
            String message = refusal(cut, Limits.defaults());
            assertTrue(message.contains(cut.toString()) && !message.endsWith("null"), message);
        }
    }

    @Test
    void aGzipIsReadToItsChecksumBehindTheLastEntry() throws IOException {
        byte[] tar =
                Files.readAllBytes(Pictures.tar(temp.resolve("x.tar"), Map.of("a/1.png", Pictures.png(1, 8, 8, 1))));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(Arrays.copyOf(tar, 1_000_000));
        }
        byte[] bytes = packed.toByteArray();
        Path padded = Files.write(temp.resolve("padded.tgz"), bytes);
        assertEquals(1, ImageFolder.open(padded, 8, Degradation.none()).size());
        bytes[bytes.length - 6] ^= 1;
        assertTrue(refusal(Files.write(padded, bytes), Limits.defaults()).contains("GZIP trailer"));
    }

    @Test
    void archivesThatAreNoneAreRefused() throws IOException {
        for (String name : new String[] {"x.zip", "x.tar", "x.tar.gz"}) {
            Path file = Files.write(
                    temp.resolve(name),
                    "this is a text, and no archive at all".repeat(40).getBytes(StandardCharsets.UTF_8));
            assertTrue(refusal(file, Limits.defaults()).contains(name));
        }
    }

    @Test
    void limitsHoldWhileBytesArrive() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("a/1.png", Pictures.png(1, 8, 8, 1));
        files.put("a/big.png", new byte[3_000_000]);
        files.put("a/zeros.bin", new byte[3_000_000]);
        Path dir = temp.resolve("dir");
        Pictures.write(dir, files);
        Path zip = Pictures.zip(temp.resolve("x.zip"), files);
        Path tar = Pictures.tar(temp.resolve("x.tgz"), files);
        for (Path path : new Path[] {dir, zip, tar}) {
            assertTrue(refusal(path, new Limits(2, 1 << 20, 1 << 30, 1 << 20)).contains("more than the 2 files"));
            assertTrue(refusal(path, new Limits(9, 1 << 20, 1 << 30, 1 << 20)).contains("a/big.png"));
            assertTrue(
                    refusal(path, new Limits(9, 1 << 22, 2_000_000, 1 << 20)).contains("more than the 2000000 bytes"));
            assertTrue(refusal(path, new Limits(9, 1 << 22, 1 << 30, 63)).contains("8x8 pixels"));
        }
        // An ignored file is never read from a folder or a zip, but has to be unpacked to get past it in a tar.gz.
        files.remove("a/big.png");
        assertTrue(refusal(Pictures.tar(temp.resolve("y.tgz"), files), new Limits(9, 1 << 22, 2_000_000, 1 << 20))
                .contains("2000000"));
        assertThrows(IllegalArgumentException.class, () -> new Limits(0, 1, 1, 1));
    }

    @Test
    void damagedEntryOfAZipIsNamed() throws IOException {
        byte[] image = Pictures.png(1, 40, 40, 1);
        Path archive = Pictures.zip(temp.resolve("x.zip"), new TreeMap<>(Map.of("a/1.png", image, "a/2.png", image)));
        byte[] bytes = Files.readAllBytes(archive);
        for (int i = 60; i < 400; i++) {
            bytes[i] ^= 0x55;
        }
        Files.write(archive, bytes);
        String message = refusal(archive, Limits.defaults());
        assertTrue(message.contains("a/1.png cannot be read") && !message.contains("a/2.png"), message);
    }

    @Test
    void theSameNameTwiceIsRefused() throws IOException {
        Path archive = temp.resolve("x.tar");
        Pictures.tar(
                archive,
                new TreeMap<>(Map.of("a/1.png", Pictures.png(1, 8, 8, 1), "./a/1.png", Pictures.png(1, 8, 8, 2))));
        assertTrue(refusal(archive, Limits.defaults()).contains("a/1.png is there twice"));
    }

    @ParameterizedTest
    @ValueSource(chars = {'L', 'K', 'x', 'g'})
    void aTarWhoseNamesHaveNoEndIsRefused(char kind) throws IOException {
        byte[] header = new byte[512];
        byte[] name = "././@LongLink".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, header, 0, name.length);
        System.arraycopy("10000000000\0".getBytes(StandardCharsets.US_ASCII), 0, header, 124, 12);
        header[156] = (byte) kind;
        System.arraycopy("ustar\0".getBytes(StandardCharsets.US_ASCII), 0, header, 257, 6);
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        System.arraycopy(String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII), 0, header, 148, 8);
        Path bomb = temp.resolve("x.tgz");
        try (GZIPOutputStream gzip = new GZIPOutputStream(Files.newOutputStream(bomb))) {
            gzip.write(header);
            if (kind == 'x' || kind == 'g') {
                gzip.write("1000000000 path=".getBytes(StandardCharsets.US_ASCII));
            }
            byte[] letters = new byte[1 << 20];
            Arrays.fill(letters, (byte) 'a');
            for (int mebibyte = 0; mebibyte < 8; mebibyte++) {
                gzip.write(letters);
            }
        }
        String message = refusal(bomb, Limits.defaults());
        assertTrue(message.contains("a header between two entries of more than a mebibyte"), message);
    }

    /** Nearly a terabyte of zeros in entries of no bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"a/notes%d.txt", "a/%d.png"})
    @Timeout(20)
    void holesOfATarAreNotReadAsZeros(String names) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 100; i < 200; i++) {
            all.writeBytes(hole(names.formatted(i)));
        }
        all.writeBytes(
                Files.readAllBytes(Pictures.tar(temp.resolve("x.tar"), Map.of("a/1.png", Pictures.png(1, 8, 8, 1)))));
        Path archive = Files.write(temp.resolve("y.tar"), all.toByteArray());
        String message = refusal(archive, Limits.defaults());
        assertTrue(message.contains("has a sparse file of 8589934591 bytes, more than"), message);
    }

    private static byte[] hole(String name) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644\0" + "0000000\0" + "0000000\0" + "00000000000\0" + "00000000000\0");
        header[156] = 'S';
        put(header, 257, "ustar  \0");
        put(header, 386, "77777777777\0" + "00000000000\0"); // behind the hole, nothing
        put(header, 483, "77777777777\0");
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, String.format("%06o\0 ", sum));
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, header, at, text.length());
    }

    @Test
    void namesOfManySlashesOrLettersAreRefused() throws IOException {
        byte[] image = Pictures.png(1, 8, 8, 1);
        for (String[] each : new String[][] {
            {"/".repeat(60_000) + "1.png", "name has 60005 letters"},
            {"/./".repeat(1000) + "a/1.png", ""},
            {"a/".repeat(70) + "1.png", "71 directories deep"},
            {"a".repeat(5000) + "/1.png", "name has 5006 letters"}
        }) {
            Path archive = Pictures.zip(temp.resolve("x.zip"), Map.of(each[0], image));
            if (each[1].isEmpty()) {
                assertEquals(List.of("a/1.png"), Pictures.names(ImageFolder.open(archive, 8, Degradation.none())));
            } else {
                assertTrue(refusal(archive, Limits.defaults()).contains(each[1]), each[1]);
            }
        }
    }

    private static String refusal(Path path, Limits limits) {
        return assertThrows(
                        UncheckedIOException.class,
                        () -> ImageFolder.open(
                                path,
                                8,
                                Degradation.none(),
                                ImageOptions.defaults().withLimits(limits)))
                .getMessage();
    }
}
