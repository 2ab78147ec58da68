package io.github.horkd.recognise;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

class GalleryTest {

    private static final FakeGuide TEACHER = new FakeGuide("teacher", 2);
    private static final FakeGuide STUDENT = new FakeGuide("student", 2);

    static INDArray angles(double... degrees) {
        float[][] rows = new float[degrees.length][];
        for (int i = 0; i < degrees.length; i++) {
            double angle = Math.toRadians(degrees[i]);
            // Of different lengths: only directions may count.
            rows[i] = new float[] {(float) ((i + 1) * Math.cos(angle)), (float) ((i + 1) * Math.sin(angle))};
        }
        return Nd4j.create(rows);
    }

    private static double cosine(double degrees) {
        return Math.cos(Math.toRadians(degrees));
    }

    private static List<String> names(Answers answers) {
        return answers.ranked().stream().map(Answer::identity).toList();
    }

    @Test
    void identifiesByTheBestTemplate() {
        Gallery.Builder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER, STUDENT);
        assertEquals(1, builder.enrol("anna", angles(0)));
        assertEquals(1, builder.enrol("bea", angles(50)));
        assertEquals(2, builder.enrol("anna", angles(120)));
        Gallery gallery = builder.build();
        List<Answers> answers = gallery.identify(angles(10, 100, 60), 5);
        assertEquals(List.of("anna", "bea"), names(answers.get(0)));
        assertEquals(cosine(10), answers.get(0).best().orElseThrow().similarity(), 1e-6);
        assertEquals(cosine(40), answers.get(0).ranked().get(1).similarity(), 1e-6);
        assertEquals("anna", answers.get(1).best().orElseThrow().identity());
        assertEquals(cosine(20), answers.get(1).best().orElseThrow().similarity(), 1e-6);
        assertEquals("bea 0.985, anna 0.500", answers.get(2).toString());
        assertEquals(2, gallery.templates("anna"));
        assertEquals(0, gallery.templates("cleo"));
        assertEquals(3, gallery.templates());
        assertEquals("gallery of 2 identities with 3 templates, 2 wide, BEST_TEMPLATE", gallery.toString());
    }

    @Test
    void identifiesByTheMeanTemplate() {
        Gallery.Builder builder = Gallery.builder(PerIdentity.MEAN_TEMPLATE, TEACHER);
        assertEquals(2, builder.enrol("anna", angles(0, 120)));
        builder.enrol("bea", angles(10));
        Answers answers = builder.build().identify(angles(50), 2).get(0);
        assertEquals(List.of("anna", "bea"), names(answers));
        assertEquals(cosine(10), answers.best().orElseThrow().similarity(), 1e-6, "the mean lies at 60 degrees");
    }

    @ParameterizedTest
    @EnumSource(PerIdentity.class)
    void showsTheRowsThatASearchGoesThrough(PerIdentity perIdentity) {
        Gallery.Builder builder = Gallery.builder(perIdentity, TEACHER);
        builder.build().forEachRow((name, row) -> fail("an empty gallery has no rows"));
        builder.enrol("anna", angles(0));
        builder.enrol("bea", angles(50));
        builder.enrol("anna", angles(120));
        List<String> names = new ArrayList<>();
        List<float[]> rows = new ArrayList<>();
        builder.build().forEachRow((name, row) -> {
            names.add(name);
            rows.add(row);
        });
        double[] wanted = perIdentity == PerIdentity.MEAN_TEMPLATE ? new double[] {60, 50} : new double[] {0, 120, 50};
        assertEquals(wanted.length == 2 ? List.of("anna", "bea") : List.of("anna", "anna", "bea"), names);
        for (int i = 0; i < wanted.length; i++) {
            double angle = Math.toRadians(wanted[i]);
            assertArrayEquals(new float[] {(float) Math.cos(angle), (float) Math.sin(angle)}, rows.get(i), 1e-6f);
        }
    }

    @Test
    void nobodyIsHereBelowTheThreshold() {
        Gallery.Builder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
        builder.enrol("anna", angles(0));
        builder.enrol("bea", angles(90));
        Threshold threshold = new Threshold(0.9, Threshold.Per.PROBE, 0.01, 0.01, 1, 1, 100);
        List<Answers> answers = builder.build().identify(angles(5, 45, 84), 2, threshold);
        assertEquals(List.of("anna"), names(answers.get(0)));
        assertTrue(answers.get(1).nobody());
        assertEquals("nobody here", answers.get(1).toString());
        assertEquals(List.of("bea"), names(answers.get(2)));
    }

    @Test
    void manyAreEnrolledAtOnce() {
        Gallery.Builder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
        assertEquals(2, builder.enrol(List.of("anna", "bea", "anna"), angles(0, 90, 180)));
        assertEquals(
                List.of("bea", "anna"),
                names(builder.build().identify(angles(130), 2).get(0)));
        assertThrows(IllegalArgumentException.class, () -> builder.enrol(List.of("cleo"), angles(1, 2)));
        assertThrows(IllegalArgumentException.class, () -> builder.enrol(List.of("cleo", " "), angles(1, 2)));
        assertEquals(2, builder.build().identities().size(), "all or nothing");
    }

    @Test
    void oneRowWillDo() {
        Gallery.Builder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
        builder.enrol("anna", Nd4j.createFromArray(3f, 0f));
        assertEquals(
                1,
                builder.build()
                        .identify(Nd4j.createFromArray(2f, 0f), 1)
                        .get(0)
                        .best()
                        .orElseThrow()
                        .similarity());
    }

    @Test
    void anEmptyGalleryKnowsNobody() {
        Gallery gallery = Gallery.builder(PerIdentity.MEAN_TEMPLATE, TEACHER).build();
        assertTrue(gallery.identify(angles(1, 2), 3).get(1).nobody());
        assertEquals(List.of(), gallery.identify(Nd4j.create(DataType.FLOAT, 0, 2), 3));
        assertThrows(
                IllegalArgumentException.class, () -> gallery.calibrate(angles(1), List.of("anna"), angles(2), 0.5));
    }

    @Test
    void equalSimilaritiesKeepTheOrderOfEnrolment() {
        Gallery.Builder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
        for (String name : List.of("d", "b", "a", "c")) {
            builder.enrol(name, angles(30));
        }
        INDArray nowhere = Nd4j.zeros(DataType.FLOAT, 1, 2);
        assertEquals(
                List.of("d", "b", "a"),
                names(builder.build().identify(nowhere, 3).get(0)));
        assertEquals(
                0,
                builder.build().identify(nowhere, 1).get(0).best().orElseThrow().similarity());
    }

    @Test
    void builderGoesOnWhereTheGalleryStopped() {
        Gallery.Builder builder = Gallery.builder(PerIdentity.MEAN_TEMPLATE, TEACHER);
        builder.enrol("anna", angles(0));
        builder.enrol("bea", angles(90));
        Gallery first = builder.build();
        Gallery.Builder more = first.toBuilder();
        assertEquals(1, more.remove("bea"));
        assertEquals(0, more.remove("bea"));
        assertEquals(2, more.enrol("anna", angles(60)));
        Gallery second = more.build();
        assertEquals(List.of("anna", "bea"), first.identities());
        assertEquals(List.of("anna"), second.identities());
        assertEquals(
                1, second.identify(angles(30), 1).get(0).best().orElseThrow().similarity(), 1e-6);
        assertEquals(
                cosine(30),
                first.identify(angles(30), 1).get(0).best().orElseThrow().similarity(),
                1e-6);
    }

    @Test
    void imagesOfAForeignGuideAreRefused() {
        Gallery.Builder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
        INDArray image = Nd4j.createFromArray(1f, 0f).reshape(1, 1, 1, 2);
        assertEquals(1, builder.enrol("anna", TEACHER, image));
        assertThrows(IllegalArgumentException.class, () -> builder.enrol("anna", STUDENT, image));
        Gallery closed = builder.build();
        var error = assertThrows(IllegalArgumentException.class, () -> closed.embed(STUDENT, image));
        assertEquals(
                "guide student: wanted one of the networks this gallery belongs to, [teacher]; if its embeddings share "
                        + "their space, add it with accept(...)",
                error.getMessage());
        Gallery open = closed.toBuilder().accept(STUDENT).accept(TEACHER).build();
        assertEquals(List.of("teacher", "student"), open.guides());
        assertEquals(
                "anna",
                open.identify(open.embed(STUDENT, image), 1)
                        .get(0)
                        .best()
                        .orElseThrow()
                        .identity());
        assertThrows(IllegalArgumentException.class, () -> builder.accept(new FakeGuide("wide", 3)));
        assertThrows(IllegalArgumentException.class, () -> Gallery.builder(PerIdentity.BEST_TEMPLATE));
    }

    @ParameterizedTest
    @EnumSource(PerIdentity.class)
    void agreesWithPlainLoops(PerIdentity perIdentity) {
        int width = 12;
        Random random = new Random(4);
        Gallery.Builder builder = Gallery.builder(perIdentity, new FakeGuide("wide", width));
        int people = 300;
        float[][][] templates = new float[people][][];
        for (int p = 0; p < people; p++) {
            templates[p] = new float[1 + random.nextInt(4)][];
            for (int t = 0; t < templates[p].length; t++) {
                templates[p][t] = unit(random, width);
            }
            builder.enrol("p" + p, Nd4j.create(templates[p]));
        }
        Gallery gallery = builder.build();
        float[][] probes =
                IntStream.range(0, 20).mapToObj(i -> unit(random, width)).toArray(float[][]::new);
        for (int top : new int[] {1, 7, people, people + 5}) {
            List<Answers> answers = gallery.identify(Nd4j.create(probes), top);
            for (int i = 0; i < probes.length; i++) {
                double[] similarity = new double[people];
                for (int p = 0; p < people; p++) {
                    similarity[p] = similarity(templates[p], probes[i], perIdentity);
                }
                List<String> wanted = IntStream.range(0, people)
                        .boxed()
                        .sorted(Comparator.comparingDouble(p -> -similarity[p]))
                        .limit(top)
                        .map(p -> "p" + p)
                        .toList();
                assertEquals(wanted, names(answers.get(i)));
                assertEquals(
                        wanted,
                        names(gallery.identify(Nd4j.create(probes[i]), top).get(0)),
                        "alone as among others");
                for (Answer answer : answers.get(i).ranked()) {
                    assertEquals(
                            similarity[Integer.parseInt(answer.identity().substring(1))], answer.similarity(), 1e-6);
                }
            }
        }
    }

    private static float[] unit(Random random, int width) {
        float[] row = new float[width];
        double squares = 0;
        for (int d = 0; d < width; d++) {
            row[d] = (float) random.nextGaussian();
            squares += row[d] * row[d];
        }
        for (int d = 0; d < width; d++) {
            row[d] /= (float) Math.sqrt(squares);
        }
        return row;
    }

    private static double similarity(float[][] templates, float[] probe, PerIdentity perIdentity) {
        double best = -1;
        double sum = 0;
        double[] mean = new double[probe.length];
        for (float[] template : templates) {
            double dot = 0;
            for (int d = 0; d < probe.length; d++) {
                dot += template[d] * probe[d];
                mean[d] += template[d];
            }
            best = Math.max(best, dot);
            sum += dot;
        }
        double length = 0;
        for (double each : mean) {
            length += each * each;
        }
        return perIdentity == PerIdentity.BEST_TEMPLATE ? best : sum / Math.sqrt(length);
    }

    @Test
    void calibratesOnStrangersPerProbe() {
        Gallery.Builder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
        builder.enrol("anna", angles(0));
        builder.enrol("bea", angles(180));
        Gallery gallery = builder.build();
        // Strangers at 10 and 170 degrees are both 10 degrees from somebody; at most one in four may be accepted.
        Threshold threshold =
                gallery.calibrate(angles(5, 176, 30), List.of("anna", "bea", "bea"), angles(10, 160, 60, 90), 0.25);
        assertEquals(Threshold.Per.PROBE, threshold.per());
        assertEquals(cosine(20), threshold.similarity(), 1e-6);
        assertEquals(0.25, threshold.falseAccepted());
        assertEquals(2.0 / 3, threshold.trueAccepted(), 1e-12);
        assertTrue(gallery.identify(angles(20.1), 1, threshold).get(0).nobody());
        assertEquals(
                "anna",
                gallery.identify(angles(19.9), 1, threshold)
                        .get(0)
                        .best()
                        .orElseThrow()
                        .identity());
        assertThrows(
                IllegalArgumentException.class, () -> gallery.calibrate(angles(1), List.of("cleo"), angles(1, 2), 0.5));
        assertThrows(
                IllegalArgumentException.class,
                () -> gallery.calibrate(angles(1), List.of("anna", "anna"), angles(1, 2), 0.5));
    }

    @Test
    void calibratesOnPairsPerComparison() {
        Threshold threshold = Threshold.calibrate(new float[] {0.9f, 0.4f}, new float[] {0.1f, 0.5f, 0.3f, 0.2f}, 0.25);
        assertEquals(Math.nextUp(0.3f), threshold.similarity());
        assertEquals(0.25, threshold.falseAccepted());
        assertEquals(1, threshold.trueAccepted());
        assertEquals(
                "similarity ≥ 0.3000: accepts 25.000 % of 4 impostors per comparison (25.000 % allowed) and 100.0 % of "
                        + "2 genuine",
                threshold.toString());
        assertTrue(Double.isNaN(
                Threshold.calibrate(new float[0], new float[] {1, 2}, 0.5).trueAccepted()));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -1, Double.NaN})
    void ratesOutsideAreRefused(double rate) {
        assertThrows(IllegalArgumentException.class, () -> Threshold.calibrate(new float[1], new float[10], rate));
    }

    @Test
    void aRateNeedsEnoughImpostors() {
        var error = assertThrows(
                IllegalArgumentException.class, () -> Threshold.calibrate(new float[0], new float[99], 1e-2));
        assertTrue(error.getMessage().startsWith("impostor scores: wanted at least 100"), error.getMessage());
        assertEquals(
                100, Threshold.calibrate(new float[0], new float[100], 1e-2).impostors());
        assertEquals(
                1000, Threshold.calibrate(new float[0], new float[1000], 1e-3).impostors());
    }

    @Test
    void badInputIsTold() {
        Gallery.Builder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
        assertThrows(IllegalArgumentException.class, () -> builder.enrol(" ", angles(1)));
        assertThrows(IllegalArgumentException.class, () -> builder.enrol("x".repeat(1001), angles(1)));
        assertThrows(IllegalArgumentException.class, () -> builder.enrol("anna", Nd4j.zeros(DataType.FLOAT, 1, 2)));
        assertThrows(IllegalArgumentException.class, () -> builder.enrol("anna", Nd4j.create(DataType.FLOAT, 0, 2)));
        var nan = assertThrows(
                IllegalArgumentException.class,
                () -> builder.enrol("anna", Nd4j.create(new float[][] {{1, 2}, {1, Float.NaN}})));
        assertEquals(
                "anna: row 1 holds NaN or infinity; the network that made it has diverged, or its input was not finite",
                nan.getMessage());
        var wide = assertThrows(
                IllegalArgumentException.class, () -> builder.enrol("anna", Nd4j.ones(DataType.FLOAT, 1, 3)));
        assertEquals("anna: wanted embeddings [N, 2] or [2], got [1, 3]", wide.getMessage());
        Gallery gallery = builder.build();
        assertEquals(List.of(), gallery.identities(), "what was refused is not enrolled");
        assertThrows(IllegalArgumentException.class, () -> gallery.identify(angles(1), 0));
        assertThrows(IllegalArgumentException.class, () -> gallery.identify(Nd4j.ones(DataType.FLOAT, 1, 3), 1));
    }
}
