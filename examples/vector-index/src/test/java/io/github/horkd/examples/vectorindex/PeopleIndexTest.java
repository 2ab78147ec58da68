package io.github.horkd.examples.vectorindex;

import io.github.horkd.recognise.Answer;
import io.github.horkd.recognise.Answers;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import io.github.horkd.recognise.Threshold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PeopleIndexTest {

    @TempDir
    private Path folder;

    @Test
    void findsWhatTheExactSearchFinds() {
        People people = new People(3_000, 32, 12);
        Gallery gallery = people.gallery();
        PeopleIndex.write(gallery, folder.resolve("people"));
        List<INDArray> probes = people.probes(100);
        List<Answers> exact = new ArrayList<>();
        List<Answers> found = new ArrayList<>();
        try (PeopleIndex index = PeopleIndex.open(folder.resolve("people"))) {
            assertEquals(3_000, index.rows());
            assertEquals(gallery.guides(), index.guides());
            for (INDArray probe : probes) {
                exact.addAll(gallery.identify(probe, 10));
                found.addAll(index.identify(probe, 10, 200));
            }
        }
        double recall = VectorIndexExample.recall(exact, found, 10);
        assertTrue(recall > 0.95, "recall " + recall);
        for (int i = 0; i < exact.size(); i++) {
            Answer best = exact.get(i).best().orElseThrow();
            found.get(i).ranked().stream()
                    .filter(answer -> answer.identity().equals(best.identity()))
                    .forEach(answer -> assertEquals(best.similarity(), answer.similarity(), 1e-5));
        }
    }

    @ParameterizedTest
    @EnumSource(PerIdentity.class)
    void anIdentityIsOneAnswerHoweverManyTemplatesItHas(PerIdentity perIdentity) {
        GalleryBuilder builder = Gallery.builder(perIdentity, new VectorIndexExample.Elsewhere("e", 2));
        builder.enrol("anna", Nd4j.create(new float[][] {{1, 0}, {3, 3}}));
        builder.enrol("bea", Nd4j.create(new float[][] {{0, 1}}));
        Gallery gallery = builder.build();
        PeopleIndex.write(gallery, folder.resolve("people"));
        INDArray probe = Nd4j.create(new float[][] {{4, 3}, {-1, 0}});
        Threshold threshold = new Threshold(0.7, Threshold.Per.PROBE, 0.01, 0.01, 1, 1, 100);
        try (PeopleIndex index = PeopleIndex.open(folder.resolve("people"))) {
            assertEquals(
                    gallery.identify(probe, 2).toString(),
                    index.identify(probe, 2, 10).toString());
            assertEquals(
                    gallery.identify(probe, 2, threshold).toString(),
                    index.identify(probe, 2, 10, threshold).toString());
            assertTrue(index.identify(probe, 2, 10, threshold).get(1).nobody());
        }
    }

    @Test
    void anIndexIsReplacedAndNothingIsLeftBeside() throws IOException {
        PeopleIndex.write(new People(5, 8, 8).gallery(), folder.resolve("people"));
        Files.createDirectory(folder.resolve("people.part"));
        PeopleIndex.write(new People(7, 8, 8).gallery(), folder.resolve("people"));
        try (PeopleIndex index = PeopleIndex.open(folder.resolve("people"))) {
            assertEquals(7, index.rows());
        }
        assertEquals(Set.of("people"), names());
    }

    @Test
    void aFolderOfSomethingElseStaysAsItIs() throws IOException {
        Files.createDirectory(folder.resolve("photos"));
        Files.writeString(folder.resolve("photos/one.txt"), "mine");
        Gallery gallery = new People(5, 8, 8).gallery();
        String message = assertThrows(
                        IllegalArgumentException.class, () -> PeopleIndex.write(gallery, folder.resolve("photos")))
                .getMessage();
        assertTrue(
                message.endsWith("wanted an index or nothing there, got something else; choose another place"),
                message);
        assertEquals("mine", Files.readString(folder.resolve("photos/one.txt")));
        assertEquals(Set.of("photos"), names());
    }

    @Test
    void saysWhatIsWrong() {
        assertThrows(IllegalArgumentException.class, () -> new People(5, 8, 9));
        assertThrows(UncheckedIOException.class, () -> PeopleIndex.open(folder.resolve("missing")));
        assertFalse(Files.exists(folder.resolve("missing/write.lock")));
        PeopleIndex.write(new People(5, 8, 8).gallery(), folder.resolve("people"));
        try (PeopleIndex index = PeopleIndex.open(folder.resolve("people"))) {
            assertEquals(
                    "probes: wanted embeddings [N, 8], got [1, 9]",
                    assertThrows(IllegalArgumentException.class, () -> index.identify(Nd4j.zeros(1, 9), 1, 1))
                            .getMessage());
            assertEquals(
                    "top: wanted 1 to the breadth of 5, got 6",
                    assertThrows(IllegalArgumentException.class, () -> index.identify(Nd4j.zeros(1, 8), 6, 5))
                            .getMessage());
        }
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new TreeSet<>(
                    files.map(path -> path.getFileName().toString()).toList());
        }
    }
}
