package io.github.horkd.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What vanishes at opening, and from where classes come. */
class LeftOutTest {

    private static final byte[] TEXT = "no picture".getBytes(StandardCharsets.UTF_8);
    private static final ImageOptions SKIP = ImageOptions.defaults().skipUnreadable();

    @TempDir
    Path temp;

    private Path root;

    @BeforeEach
    void drawTwoClasses() throws IOException {
        root = temp.resolve("faces");
        for (String name : List.of("anna/1.png", "anna/2.png", "bert/1.png", "bert/2.png")) {
            put(name, Pictures.png(1, 8, 8, name.hashCode()));
        }
    }

    @Test
    void nothingIsLeftOutOfAPlainFolder() throws IOException {
        put("README.txt", TEXT);
        put(".DS_Store", TEXT);
        put("anna/Thumbs.db", TEXT);
        PairedImages images = open(ImageOptions.defaults());
        LeftOut leftOut = images.leftOut();
        assertEquals(List.of(new LeftOut.File("README.txt", LeftOut.Reason.OTHER_KIND, "")), leftOut.files());
        assertTrue(leftOut.isExpected(Pictures.names(images)));
        assertEquals("nothing", LeftOut.NOTHING.toString());
    }

    @Test
    void aClassOfWhichNothingCanBeReadIsTold() throws IOException {
        put("carl/1.heic", TEXT);
        put("carl/2.heic", TEXT);
        put("dora/notes.txt", TEXT);
        Files.createDirectories(root.resolve("emil"));
        Files.createDirectories(root.resolve("fred"));
        Files.createSymbolicLink(root.resolve("fred/1.png"), Path.of("/nowhere/1.png"));
        put("bert/3.heic", TEXT);
        PairedImages images = open(SKIP);
        assertEquals(List.of("anna", "bert"), images.classes());
        LeftOut leftOut = images.subset(0).leftOut();
        assertEquals(List.of("carl", "dora", "emil", "fred"), leftOut.directories());
        assertEquals(4, leftOut.count(LeftOut.Reason.OTHER_KIND));
        assertEquals(1, leftOut.count(LeftOut.Reason.UNREADABLE));
        assertEquals(
                "4 not images of a kind that is read: bert/3.heic, carl/1.heic, carl/2.heic, dora/notes.txt; 1 unreadable: "
                        + "fred/1.png cannot be read (is a link to nothing (/nowhere/1.png)); "
                        + "4 directories without an image: carl, dora, emil, fred",
                leftOut.toString());
        assertFalse(leftOut.isExpected(Pictures.names(images)));
        assertTrue(refusal(ImageOptions.defaults()).contains("fred/1.png cannot be read (is a link to nothing"));
    }

    @Test
    void anArchiveTellsTheSame() throws IOException {
        Map<String, byte[]> files = new TreeMap<>(Map.of("a/1.png", Pictures.png(1, 8, 8, 1), "b/1.heic", TEXT));
        for (Path archive :
                List.of(Pictures.zip(temp.resolve("x.zip"), files), Pictures.tar(temp.resolve("x.tar"), files))) {
            LeftOut leftOut = ImageFolder.open(archive, 8, Degradation.none()).leftOut();
            assertEquals(List.of("b"), leftOut.directories());
            assertEquals("b/1.heic", leftOut.files().get(0).name());
        }
    }

    @Test
    void linksInACircleAreNamedAndLinksToClassesFollowed() throws IOException {
        Files.createSymbolicLink(root.resolve("carl"), root.resolve("anna"));
        assertEquals(
                List.of("anna", "bert", "carl"), open(ImageOptions.defaults()).classes());
        Files.createSymbolicLink(root.resolve("bert/again"), root);
        assertTrue(refusal(ImageOptions.defaults())
                .contains("bert/again cannot be read (is a link to a directory that it lies in; remove it)"));
        assertEquals(6, open(SKIP).size());
    }

    @Test
    void aPipeIsNamedAndNotWaitedFor() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")));
        new ProcessBuilder("/usr/bin/mkfifo", root.resolve("anna/9.png").toString())
                .start()
                .waitFor();
        String message = refusal(ImageOptions.defaults());
        assertTrue(message.contains("anna/9.png") && message.contains("no file but a pipe"), message);
    }

    @Test
    void thumbnailsOfAStorageAreNoClass() throws IOException {
        put("@eaDir/1.png", Pictures.png(1, 8, 8, 5));
        put("anna/@eaDir/1.png", Pictures.png(1, 8, 8, 6));
        PairedImages images = open(ImageOptions.defaults());
        assertEquals(List.of("anna", "bert"), images.classes());
        assertTrue(images.leftOut().isEmpty());
    }

    @Test
    void whoOnlyPassesThroughTwoLinksIsStoppedToo() throws IOException {
        Path other = temp.resolve("other");
        Files.createDirectories(other);
        Files.createSymbolicLink(other.resolve("back"), root.resolve("anna"));
        Files.createSymbolicLink(root.resolve("anna/out"), other);
        assertTrue(refusal(ImageOptions.defaults()).contains("anna/out/back cannot be read"));
    }

    @Test
    void aDirectoryThatMayNotBeReadIsNamed() throws IOException {
        Path closed = root.resolve("carl");
        put("carl/1.png", Pictures.png(1, 8, 8, 3));
        assertTrue(closed.toFile().setReadable(false, false));
        try {
            assumeFalse(Files.isReadable(closed), "root may read everything");
            assertTrue(
                    refusal(ImageOptions.defaults()).contains("carl/ cannot be read (the directory may not be read"));
            assertEquals(List.of("carl"), open(SKIP).leftOut().directories());
        } finally {
            assertTrue(closed.toFile().setReadable(true, false));
        }
    }

    @Test
    void onePersonOfTwoSessionsIsOneClassWhenAsked() throws IOException {
        Path one = temp.resolve("one");
        Pictures.write(
                one, Map.of("anna/s0/1.png", Pictures.png(1, 8, 8, 1), "anna/s1/1.png", Pictures.png(1, 8, 8, 2)));
        assertEquals(List.of("anna"), classes(one, ImageOptions.defaults().nested()));
        assertEquals(List.of("s0", "s1"), classes(one, ImageOptions.defaults().leafClasses()));
        assertEquals(List.of("s0", "s1"), classes(one, ImageOptions.defaults()));
    }

    @Test
    void theDirectoryOfAnImageIsItsClassWhenAsked() throws IOException {
        Path omniglot = temp.resolve("images");
        Pictures.write(
                omniglot,
                Map.of(
                        "greek/alpha/1.png", Pictures.png(1, 8, 8, 1),
                        "greek/beta/1.png", Pictures.png(1, 8, 8, 2),
                        "latin/alpha/1.png", Pictures.png(1, 8, 8, 3)));
        ImageOptions leaf = ImageOptions.defaults().leafClasses();
        assertEquals(List.of("greek/alpha", "greek/beta", "latin/alpha"), classes(omniglot, leaf));
        assertEquals(List.of("alpha", "beta"), classes(omniglot, leaf.under("greek")));
        String message = assertThrows(IllegalArgumentException.class, () -> classes(omniglot, ImageOptions.defaults()))
                .getMessage();
        assertTrue(message.contains("nested()") && message.contains("leafClasses()"), message);
    }

    @Test
    void aListGivesClassesToFlatFiles() throws IOException {
        Path flat = temp.resolve("flat");
        for (String name : List.of("a.png", "b.png", "c d.png", "e.png")) {
            Pictures.write(flat, Map.of(name, Pictures.png(1, 8, 8, name.hashCode())));
        }
        for (String text : List.of(
                "a.png 10\nb.png 9\nc d.png 10\n",
                "\ufeffa.png\t10\r\nb.png\t9\r\nc d.png\t10\r\n",
                "# who\npath,label\na.png,10\n\"b.png\",\"9\"\nc d.png,10\n",
                "label;path\n10;./a.png\n9;b.png\n10;c d.png\n",
                "0\t10.000000\ta.png\n1\t9.000000\tb.png\n2\t10.000000\tc d.png\n")) {
            Path list = Files.writeString(temp.resolve("list.txt"), text);
            ImageOptions options = ImageOptions.defaults().withList(list);
            PairedImages images = ImageFolder.open(flat, 8, Degradation.none(), options);
            assertEquals(List.of("9", "10"), images.classes(), text);
            assertEquals(List.of("a.png", "b.png", "c d.png"), Pictures.names(images));
            assertArrayEquals(new int[] {1, 0, 1}, Pictures.labels(images));
            assertEquals(1, images.leftOut().count(LeftOut.Reason.NOT_LISTED));
        }
        Path names = Files.writeString(temp.resolve("list.txt"), "flat/a.png zoe\nflat/e.png Jose\u0301\n");
        Path zip = Pictures.zip(
                temp.resolve("flat.zip"),
                Map.of("flat/a.png", Pictures.png(1, 8, 8, 1), "flat/e.png", Pictures.png(1, 8, 8, 2)));
        assertEquals(
                List.of("Jos\u00e9", "zoe"),
                classes(zip, ImageOptions.defaults().withList(names)));
    }

    /** Tables have further columns, and numbers of images or classes are not their classes where a name stands beside. */
    @Test
    void theLabelOfAListIsTheClassWhateverStandsBeside() throws IOException {
        Path flat = temp.resolve("flat");
        Pictures.write(flat, Map.of("a.png", Pictures.png(1, 8, 8, 1), "b.png", Pictures.png(1, 8, 8, 2)));
        for (String text : List.of(
                "id,filename,label\n1,a.png,k\n2,b.png,m\n",
                "id;class;path\n1;k;a.png\n2;m;b.png\n",
                "name,path,label\nfoo,a.png,k\nbar,b.png,m\n",
                "file_name,class_id,class_name\na.png,0,k\nb.png,1,m\n",
                ",image,person,split\n0,a.png,k,train\n1,b.png,m,test\n",
                "image,name\na.png,k\nb.png,m\n",
                flat.toAbsolutePath() + "/a.png k\n" + flat.toAbsolutePath() + "/b.png m\n",
                "name,id\na.png,k\nb.png,m\n")) {
            Path list = Files.writeString(temp.resolve("list.csv"), text);
            PairedImages images = ImageFolder.open(
                    flat, 8, Degradation.none(), ImageOptions.defaults().withList(list));
            assertEquals(List.of("k", "m"), images.classes(), text);
            assertArrayEquals(new int[] {0, 1}, Pictures.labels(images), text);
        }
        Pictures.write(flat, Map.of("thumbs/a.png", Pictures.png(1, 8, 8, 3)));
        ImageOptions listed = ImageOptions.defaults().withList(temp.resolve("list.csv"));
        String message = assertThrows(
                        IllegalArgumentException.class, () -> ImageFolder.open(flat, 8, Degradation.none(), listed))
                .getMessage();
        assertTrue(message.contains("a.png may be a.png or thumbs/a.png; write the directory"), message);
    }

    /** The list is no part of the folder, and what was packed by it is stale when it changes. */
    @Test
    void aCorrectedListIsReadAnewWhereImagesArePacked() throws IOException {
        Path flat = temp.resolve("flat");
        Pictures.write(flat, Map.of("a.png", Pictures.png(1, 8, 8, 1), "b.png", Pictures.png(1, 8, 8, 2)));
        Path list = Files.writeString(temp.resolve("list.csv"), "a.png,k\nb.png,m\n");
        ImageOptions options = ImageOptions.defaults().withList(list).packedIn(temp.resolve("packed"));
        ImagePass pass = ImagePass.over(
                flat,
                ImageShape.gray(8),
                Degradation.none(),
                ImageOptions.defaults().withList(list));
        String before = pass.identity();
        for (int label : new int[] {0, 1, 1}) {
            PairedImages images = ImageFolder.open(flat, ImageShape.gray(8), Degradation.none(), options);
            assertEquals(label, images.label(0));
            Files.writeString(list, "a.png,m\nb.png,k\n");
        }
        assertNotEquals(before, pass.identity());
    }

    @Test
    void whatLiesBehindADotIsTold() throws IOException {
        put(".NET/1.png", Pictures.png(1, 8, 8, 5));
        put("anna/.3.png", Pictures.png(1, 8, 8, 6));
        put("anna/.ipynb_checkpoints/1.png", Pictures.png(1, 8, 8, 7));
        put("anna/._1.png", TEXT);
        put(".gitignore", TEXT);
        PairedImages images = open(ImageOptions.defaults());
        assertEquals(List.of("anna", "bert"), images.classes());
        assertEquals(4, images.size());
        assertTrue(
                images.leftOut().toString().startsWith("2 hidden by a dot in front of a name: .NET/, anna/.3.png"),
                images.leftOut().toString());
        assertFalse(images.leftOut().isExpected(Pictures.names(images)));
        Path zip = Pictures.zip(
                temp.resolve("x.zip"),
                Map.of("a/1.png", Pictures.png(1, 8, 8, 1), ".NET/1.png", Pictures.png(1, 8, 8, 2)));
        assertEquals(1, ImageFolder.open(zip, 8, Degradation.none()).leftOut().count(LeftOut.Reason.HIDDEN));
    }

    @Test
    void whatASystemThrewAwayIsNoClass() throws IOException {
        for (String bin : List.of("$RECYCLE.BIN", "#recycle", "@Recycle", "System Volume Information", "lost+found")) {
            put(bin + "/1.png", Pictures.png(1, 8, 8, bin.hashCode()));
        }
        PairedImages images = open(ImageOptions.defaults());
        assertEquals(List.of("anna", "bert"), images.classes());
        assertTrue(images.leftOut().isEmpty());
    }

    @Test
    void classesThatLookAlikeAreFound() {
        assertEquals(
                List.of(List.of("Anna", "anna", "anna "), List.of("Jo Doe", "jo  doe")),
                ClassLayout.alike(List.of("Anna", "bert", "anna", "Jo Doe", "anna ", "jo  doe")));
        assertEquals(List.of(), ClassLayout.alike(List.of("anna", "ann a", "1", "01")));
    }

    @Test
    void aListIsHeldAgainstTheFiles() throws IOException {
        Path list = Files.writeString(temp.resolve("list.txt"), "anna/1.png a\nanna/9.png a\n");
        ImageOptions options = ImageOptions.defaults().withList(list);
        assertTrue(refusal(options).contains("1 of 2 images cannot be used: anna/9.png is listed and not there"));
        assertEquals(1, open(options.skipUnreadable()).size());
        for (String[] wrong : new String[][] {
            {"anna/1.png", "line 1: wanted a path and a class, got 1 fields"},
            {"anna/1.png a\nanna/1.png b", "line 2: wanted one class for each path"},
            {"anna/1.png,a,b,c", "line 1: wanted a path and a class, got 4 fields"},
            {"../1.png a", "leads out"},
            {"x".repeat(20_000), "line 1 has more than"}
        }) {
            Files.writeString(list, wrong[0]);
            assertTrue(refusal(options).contains(wrong[1]), wrong[1]);
        }
        assertTrue(refusal(ImageOptions.defaults().withList(temp.resolve("none.txt")))
                .contains("there is no such list"));
    }

    private void put(String name, byte[] content) throws IOException {
        Pictures.write(root, Map.of(name, content));
    }

    private PairedImages open(ImageOptions options) {
        return ImageFolder.open(root, 8, Degradation.none(), options);
    }

    private static List<String> classes(Path path, ImageOptions options) {
        return ImageFolder.open(path, 8, Degradation.none(), options).classes();
    }

    private String refusal(ImageOptions options) {
        return assertThrows(UncheckedIOException.class, () -> open(options)).getMessage();
    }
}
