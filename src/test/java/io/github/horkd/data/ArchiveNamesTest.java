package io.github.horkd.data;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Names in archives and folders: character sets, accents, links, and archives that are not what they are called. */
class ArchiveNamesTest {

    private static final List<String> PEOPLE = List.of("Bj\u00f6rn", "Jos\u00e9", "Ren\u00e9e", "Zo\u00eb", "\u00c5sa");

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "IBM437", "IBM850", "ISO-8859-1", "windows-1252"})
    void zipNamesThatDoNotSayTheirCharacterSetAreRead(String charset) throws IOException {
        Path path = temp.resolve("x.zip");
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(path)) {
            zip.setEncoding(charset);
            zip.setUseLanguageEncodingFlag(false);
            zip.setCreateUnicodeExtraFields(ZipArchiveOutputStream.UnicodeExtraFieldPolicy.NEVER);
            for (String person : PEOPLE) {
                ZipArchiveEntry entry = new ZipArchiveEntry(person + "/1.png");
                if (charset.equals("ISO-8859-1")) {
                    entry.setUnixMode(0100644);
                }
                zip.putArchiveEntry(entry);
                zip.write(Pictures.png(1, 8, 8, 1));
                zip.closeArchiveEntry();
            }
        }
        assertEquals(PEOPLE, sorted(classes(path)));
    }

    @Test
    void capitalsOfTheSecondDosSetTellItFromTheFirst() throws IOException {
        Path path = temp.resolve("x.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path), Charset.forName("IBM850"))) {
            for (String person : List.of("JO\u00c3O", "AND\u00c1S")) {
                zip.putNextEntry(new ZipEntry(person + "/1.png"));
                zip.write(Pictures.png(1, 8, 8, 1));
            }
        }
        assertEquals(List.of("AND\u00c1S", "JO\u00c3O"), classes(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "ISO-8859-1", "IBM850"})
    void tarNamesDoNotDependOnTheMachine(String charset) throws IOException {
        Path path = temp.resolve("x.tar");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(path), charset)) {
            for (String person : PEOPLE) {
                entry(tar, person + "/1.png", Pictures.png(1, 8, 8, 1));
            }
        }
        assertEquals(PEOPLE, sorted(classes(path)));
    }

    @Test
    void extendedHeadersAreUtf8() throws IOException {
        Path path = temp.resolve("x.tar");
        String name = "\u0141ukasz \u4e2d\u6587 " + "x".repeat(120);
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(path), "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            entry(tar, name + "/1.png", Pictures.png(1, 8, 8, 1));
        }
        assertEquals(List.of(name), classes(path));
    }

    @Test
    void anAccentBesideItsLetterIsTheSameName() throws IOException {
        Map<String, byte[]> files = new TreeMap<>(
                Map.of("Jose\u0301/1.png", Pictures.png(1, 8, 8, 1), "Jos\u00e9/2.png", Pictures.png(1, 8, 8, 2)));
        for (Path archive :
                List.of(Pictures.zip(temp.resolve("x.zip"), files), utf8Tar(temp.resolve("x.tar"), files))) {
            assertEquals(List.of("Jos\u00e9"), classes(archive));
        }
        Path folder = temp.resolve("folder");
        for (String person : List.of("Jos%C3%A9", "Jose%CC%81")) {
            Path directory = Path.of(URI.create(folder.toUri() + "/" + person));
            Files.createDirectories(directory);
            Files.write(directory.resolve(person.length() + ".png"), Pictures.png(1, 8, 8, 1));
        }
        assertEquals(List.of("Jos\u00e9"), classes(folder));
    }

    /** Prints the classes of a folder; run by a Java of its own, whose locale knows ASCII only. */
    static final class Classes {

        private Classes() {}

        public static void main(String[] args) throws IOException {
            try (OutputStream out = new java.io.FileOutputStream(java.io.FileDescriptor.out)) {
                out.write(String.join(",", classes(Path.of(args[0]))).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void aLocaleWithoutAccentsKeepsClassesApart() throws Exception {
        for (String person : List.of("Jos%C3%A9", "Jos%C3%A8", "Bj%F6rn")) {
            Path directory = Path.of(URI.create(temp.toUri() + "/" + person));
            Files.createDirectories(directory);
            Files.write(directory.resolve("1.png"), Pictures.png(1, 8, 8, 1));
        }
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Classes.class.getName(),
                temp.toString());
        java.environment().put("LC_ALL", "C");
        java.redirectError(ProcessBuilder.Redirect.to(new File(temp.toFile().getParentFile(), "err.txt")));
        Process process = java.start();
        try (InputStream out = process.getInputStream()) {
            assertEquals("Bj\u00f6rn,Jos\u00e8,Jos\u00e9", new String(out.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(0, process.waitFor());
    }

    @Test
    void linksInATarAreRead() throws IOException {
        Path path = temp.resolve("x.tar");
        byte[] picture = Pictures.png(1, 8, 8, 5);
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(path), "UTF-8")) {
            link(tar, "anna/early.png", "../store/7.png", TarArchiveEntry.LF_SYMLINK);
            entry(tar, "store/7.png", picture);
            link(tar, "bert/hard.png", "store/7.png", TarArchiveEntry.LF_LINK);
            link(tar, "bert/chain.png", "hard.png", TarArchiveEntry.LF_SYMLINK);
        }
        PairedImages images = ImageFolder.open(path, 8, Degradation.none());
        assertEquals(
                List.of("anna/early.png", "bert/chain.png", "bert/hard.png", "store/7.png"), Pictures.names(images));
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(
                    Pictures.random(ImageShape.gray(8), 5).toPixels().values(),
                    Pictures.high(images, i, Pose.IDENTITY));
        }
    }

    @Test
    void linksThatLeadNowhereOrOutAreNamed() throws IOException {
        Path path = temp.resolve("x.tar");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(path), "UTF-8")) {
            entry(tar, "anna/1.png", Pictures.png(1, 8, 8, 5));
            link(tar, "anna/2.png", "../../etc/passwd", TarArchiveEntry.LF_SYMLINK);
            link(tar, "anna/3.png", "/etc/passwd", TarArchiveEntry.LF_SYMLINK);
            link(tar, "anna/4.png", "9.png", TarArchiveEntry.LF_SYMLINK);
            link(tar, "anna/5.png", "6.png", TarArchiveEntry.LF_SYMLINK);
            link(tar, "anna/6.png", "5.png", TarArchiveEntry.LF_SYMLINK);
        }
        String message = assertThrows(UncheckedIOException.class, () -> ImageFolder.open(path, 8, Degradation.none()))
                .getMessage();
        assertTrue(message.contains("5 of 6") && message.contains("which is no file of the archive"), message);
    }

    @Test
    void anArchiveIsWhatItsContentIs() throws IOException {
        Map<String, byte[]> files = Map.of("anna/1.png", Pictures.png(1, 8, 8, 1));
        byte[] tar = Files.readAllBytes(Pictures.tar(temp.resolve("a.tar"), files));
        byte[] zip = Files.readAllBytes(Pictures.zip(temp.resolve("a.zip"), files));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(tar);
        }
        for (Map.Entry<String, byte[]> each : Map.of(
                        "b.tar", packed.toByteArray(), "c.tgz", tar, "d.tar.gz", zip, "e.zip", tar, "f", zip)
                .entrySet()) {
            assertEquals(List.of("anna"), classes(Files.write(temp.resolve(each.getKey()), each.getValue())));
        }
        Path xz = Files.write(temp.resolve("x.tar.xz"), new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0});
        assertTrue(assertThrows(UncheckedIOException.class, () -> classes(xz))
                .getMessage()
                .contains("is packed by xz"));
    }

    private static List<String> sorted(List<String> classes) {
        assertEquals(PEOPLE.size(), classes.size());
        return classes;
    }

    private static Path utf8Tar(Path path, Map<String, byte[]> files) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(path), "UTF-8")) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                entry(tar, file.getKey(), file.getValue());
            }
        }
        return path;
    }

    private static void entry(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, String target, byte kind) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static List<String> classes(Path path) {
        return ImageFolder.open(path, 8, Degradation.none()).classes();
    }
}
