package io.github.horkd.examples;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.LocalScaling;
import io.github.horkd.guide.Scaling;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ForgetPersonTest {

    @TempDir
    Path folder;

    private List<String> left() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(folder::relativize)
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void nothingOfAPersonIsLeftAndEverybodyElseIs() throws IOException {
        PairedImages faces = new DrawnFaces(24, false, 1).pairs(3, 1, Degradation.downscaleTo(12));
        Network network = Network.create(
                Backbone.plain(4, 16),
                new Head.Softmax(),
                new Input(faces.shape(Resolution.HIGH), Scaling.STANDARDISED),
                faces.classes(),
                1);
        network.save(folder.resolve("teacher.zip"));
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, network);
        for (int person = 0; person < 3; person++) {
            builder.enrol("person " + person, network, faces.batch(Resolution.HIGH, new int[] {person}, Pose.IDENTITY));
        }
        Path gallery = folder.resolve("lists/people.gallery");
        builder.build().save(gallery);
        Path knowledge = Files.createDirectories(folder.resolve("knowledge"));
        try (KnowledgeStore store = KnowledgeStore.inFolder(knowledge)) {
            store.of(network, faces, Resolution.HIGH, KnownPoses.asIs(), seen -> {});
        }
        for (String person : List.of("person 1", "person 2")) {
            Files.createDirectories(folder.resolve("faces").resolve(person));
            Files.writeString(folder.resolve("faces").resolve(person).resolve("1.png"), "a picture");
        }
        Path run = Files.createDirectories(folder.resolve("experiment/runs/distilled-1"));
        Files.createDirectories(run.resolve("pictures"));
        Files.writeString(run.resolve("run.json"), "{}");
        Files.writeString(run.resolve("pictures/17-high.png"), "whoever");
        Files.writeString(run.resolve("probes.csv"), "picture,person\n17.png,person 1\n");
        Files.writeString(folder.resolve("experiment/report.html"), "<p>person 1</p>");
        Files.writeString(folder.resolve("pairs.txt"), "person 1\t1\t2\n");
        List<String> before = left();
        ForgetPerson.in(folder, "person 1", false);
        assertEquals(before, left(), "only said");

        List<String> said = ForgetPerson.in(folder, "person 1", true);
        assertEquals(
                List.of(
                        "experiment/runs/distilled-1/run.json",
                        "faces/person 2/1.png",
                        "lists/people.gallery",
                        "pairs.txt",
                        "teacher.zip"),
                left());
        assertTrue(said.stream().anyMatch(line -> line.contains("pairs.txt: names the person")));
        Files.delete(folder.resolve("pairs.txt"));
        assertFalse(Files.exists(folder.resolve("faces/person 1")));
        assertEquals(List.of("person 0", "person 2"), Gallery.load(gallery).identities());
        assertFalse(new String(Files.readAllBytes(gallery), StandardCharsets.ISO_8859_1).contains("person 1"));
        assertTrue(said.stream().anyMatch(line -> line.contains("teacher.zip: network, trained with this person")));
        assertEquals(1, ForgetPerson.in(folder, "person 1", true).size(), "the network alone is named again");
    }

    @Test
    void saysThatALocalScalingDoesNotTellOfWhomItIs() throws IOException {
        Network network = Network.create(
                Backbone.plain(4, 3),
                new Head.Softmax(),
                new Input(ImageShape.gray(8), Scaling.STANDARDISED),
                List.of(),
                1);
        INDArray cohort = Nd4j.createFromArray(new float[][] {{1, 2, 0}, {2, 1, 0}, {1, 1, 1}});
        Gallery.builder(PerIdentity.BEST_TEMPLATE, network)
                .localScaling(LocalScaling.of(cohort, cohort, 2))
                .build()
                .save(folder.resolve("scaled.gallery"));
        assertTrue(ForgetPerson.in(folder, "person 1", false).get(0).contains("local scaling does not say of whose"));
    }
}
