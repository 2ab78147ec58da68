package io.github.horkd.examples.guides;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every guide's program runs to its end, quickly, and leaves and says what its page promises. How well networks do after so few steps is not asked. */
class GuidesTest {

    @TempDir
    Path out;

    @BeforeEach
    void quickly() {
        System.setProperty("horkd.out", out.toString());
        System.setProperty("horkd.quick", "true");
    }

    @AfterEach
    void asBefore() {
        System.clearProperty("horkd.out");
        System.clearProperty("horkd.quick");
    }

    private interface Program {
        void main(String[] arguments) throws Exception;
    }

    private String said(Program program) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            program.main(new String[0]);
        } finally {
            System.setOut(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    private static void assertSaid(String said, String... parts) {
        List.of(parts).forEach(part -> assertTrue(said.contains(part), () -> part + " in:\n" + said));
    }

    @Test
    void onnxTeacher() throws Exception {
        String said = said(OnnxTeacher::main);
        assertSaid(said, "ZERO_255: AUC", "off centre", "naive");
        assertTrue(Files.exists(out.resolve("guides/onnx-teacher/student.zip")));
        assertTrue(Files.exists(out.resolve("guides/onnx-teacher/student.onnx")));
    }

    @Test
    void folderToGallery() throws Exception {
        String said = said(FolderToGallery::main);
        assertSaid(said, "similarity ≥", "known probes", "the newcomer: ");
        assertTrue(Files.exists(out.resolve("guides/gallery/people.gallery")));
    }

    @Test
    void largeData() throws Exception {
        assertSaid(said(LargeData::main), "240 pictures, left out: nothing", "twice: ");
        for (String kept : List.of("packed", "knowledge", "checkpoints")) {
            assertTrue(
                    Files.list(out.resolve("guides/large-data").resolve(kept))
                            .findAny()
                            .isPresent(),
                    kept);
        }
    }

    @Test
    void readingReport() throws Exception {
        String said = said(ReadingReport::main);
        assertSaid(said, "the report: ");
        String page = Files.readString(out.resolve("guides/report/report.html"));
        assertSaid(page, "Twelve pixels", "naive: small pictures enlarged", "<svg");
    }

    @Test
    void ownLoop() throws Exception {
        assertSaid(said(OwnLoop::main), "name=lengths", "the loss fell from", "Network[1x12x12");
    }

    @Test
    void cameraDegradations() throws Exception {
        assertSaid(said(CameraDegradations::main), "shrunk: rank-1", "one of the three: rank-1");
    }

    /** What lenscloth/RKD, torch.nn.functional and the formulae give on the page's batch, computed with plain loops in Python. */
    @Test
    void fromPyTorch() {
        Map<String, Double> wanted = Map.of(
                "RkdDistance", 0.0425352,
                "RKdAngle", 0.0909229,
                "25 RkdDistance + 50 RKdAngle", 25 * 0.0425352 + 50 * 0.0909229,
                "KDLoss, temperature 4", 0.2867293,
                "1 - cosine_similarity", 0.2291906);
        Map<String, Double> got = FromPyTorch.values();
        assertEquals(wanted.keySet(), got.keySet());
        wanted.forEach((name, value) -> assertEquals(value, got.get(name), 1e-5, name));
    }
}
