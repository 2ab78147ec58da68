package io.github.horkd.recognise;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.LocalScaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

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
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER, STUDENT);
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
    void anAccentBesideItsLetterIsTheSameIdentity() {
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER, STUDENT);
        assertEquals(1, builder.enrol("Jos\u00e9", angles(0)));
        assertEquals(2, builder.enrol("Jose\u0301", angles(50)));
        assertEquals(List.of("Jos\u00e9"), builder.build().identities());
        assertEquals(2, builder.build().templates("Jose\u0301"));
        assertEquals(2, builder.remove("Jose\u0301"));
        assertEquals(List.of(), builder.build().identities());
    }

    @Test
    void bothViewsOfAPictureMakeOneTemplate() {
        MemoryImages pictures = MemoryImages.of(
                new ImageShape(1, 1, 2),
                List.of(new byte[] {100, 0}, new byte[] {0, 100}),
                new int[] {0, 1},
                List.of("anna", "bea"),
                List.of("a.png", "b.png"),
                Degradation.blur(1));
        float[] blurred = new float[2];
        pictures.read(0, Pose.IDENTITY, null, 0, blurred, 0);
        GalleryBuilder builder = Gallery.builder(PerIdentity.MEAN_TEMPLATE, TEACHER, STUDENT);
        builder.enrol(TEACHER, pictures, Resolution.HIGH);
        assertEquals(2, builder.enrol(STUDENT, pictures, Resolution.LOW));
        Gallery gallery = builder.build();
        assertEquals(2, gallery.templates("anna"));
        // The mean of two directions halves the angle between them.
        double low = Math.toDegrees(Math.atan2(blurred[1], blurred[0]));
        assertTrue(low > 5, "the low view is another picture");
        assertEquals(
                cosine(low / 2),
                gallery.identify(angles(0), 1).get(0).best().orElseThrow().similarity(),
                1e-6);
    }

    @Test
    void identifiesByTheMeanTemplate() {
        GalleryBuilder builder = Gallery.builder(PerIdentity.MEAN_TEMPLATE, TEACHER);
        assertEquals(2, builder.enrol("anna", angles(0, 120)));
        builder.enrol("bea", angles(10));
        Answers answers = builder.build().identify(angles(50), 2).get(0);
        assertEquals(List.of("anna", "bea"), names(answers));
        assertEquals(cosine(10), answers.best().orElseThrow().similarity(), 1e-6, "the mean lies at 60 degrees");
    }

    @ParameterizedTest
    @EnumSource(
            value = PerIdentity.class,
            names = {"BEST_TEMPLATE", "MEAN_TEMPLATE"})
    void showsTheRowsThatASearchGoesThrough(PerIdentity perIdentity) {
        GalleryBuilder builder = Gallery.builder(perIdentity, TEACHER);
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
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
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
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
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
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
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
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
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
        GalleryBuilder builder = Gallery.builder(PerIdentity.MEAN_TEMPLATE, TEACHER);
        builder.enrol("anna", angles(0));
        builder.enrol("bea", angles(90));
        Gallery first = builder.build();
        GalleryBuilder more = first.toBuilder();
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
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
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
    @EnumSource(
            value = PerIdentity.class,
            names = {"BEST_TEMPLATE", "MEAN_TEMPLATE"})
    void agreesWithPlainLoops(PerIdentity perIdentity) {
        int width = 12;
        Random random = new Random(4);
        GalleryBuilder builder = Gallery.builder(perIdentity, new FakeGuide("wide", width));
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

    /** Over several blocks, with holes, and every gallery on the way staying as it was. */
    @ParameterizedTest
    @EnumSource(
            value = PerIdentity.class,
            names = {"BEST_TEMPLATE", "MEAN_TEMPLATE"})
    void enrollingAndRemovingLeavesEarlierGalleriesAlone(PerIdentity perIdentity) {
        int width = 8;
        Random random = new Random(6);
        Map<String, List<float[]>> wanted = new LinkedHashMap<>();
        GalleryBuilder builder = Gallery.builder(perIdentity, new FakeGuide("wide", width));
        List<Gallery> galleries = new ArrayList<>();
        List<Map<String, List<float[]>>> all = new ArrayList<>();
        for (int step = 0; step < 6_000; step++) {
            String name = "p" + random.nextInt(step < 4_000 ? 6_000 : 50);
            if (step % 7 == 6) {
                assertEquals(
                        wanted.containsKey(name) ? wanted.get(name).size() : 0, builder.remove(name), "step " + step);
                wanted.remove(name);
            } else {
                float[] row = unit(random, width);
                builder.enrol(name, Nd4j.createFromArray(row));
                wanted.computeIfAbsent(name, unseen -> new ArrayList<>()).add(row);
            }
            if (step % 1_500 == 1_499) {
                galleries.add(builder.build());
                Map<String, List<float[]>> copy = new LinkedHashMap<>();
                wanted.forEach((who, rows) -> copy.put(who, List.copyOf(rows)));
                all.add(copy);
                // From here on another builder goes on from what the gallery shares with this one.
                GalleryBuilder other = galleries.get(galleries.size() - 1).toBuilder();
                other.enrol("stranger", Nd4j.createFromArray(unit(random, width)));
                assertEquals(copy.size() + 1, other.build().identities().size());
            }
        }
        INDArray probes = Nd4j.create(
                IntStream.range(0, 7).mapToObj(i -> unit(random, width)).toArray(float[][]::new));
        for (int g = 0; g < galleries.size(); g++) {
            Gallery gallery = galleries.get(g);
            assertEquals(new ArrayList<>(all.get(g).keySet()), gallery.identities());
            assertEquals(all.get(g).values().stream().mapToInt(List::size).sum(), gallery.templates());
            List<Answers> together = gallery.identify(probes, 3);
            for (int p = 0; p < 7; p++) {
                float[] probe = probes.getRow(p).toFloatVector();
                Map<String, Double> similarity = new LinkedHashMap<>();
                all.get(g)
                        .forEach((who, rows) ->
                                similarity.put(who, similarity(rows.toArray(float[][]::new), probe, perIdentity)));
                List<String> best = similarity.keySet().stream()
                        .sorted(Comparator.comparingDouble(who -> -similarity.get(who)))
                        .limit(3)
                        .toList();
                assertEquals(best, names(together.get(p)), "together");
                assertEquals(
                        best, names(gallery.identify(probes.getRow(p, true), 3).get(0)), "alone");
                assertEquals(
                        similarity.get(best.get(0)),
                        together.get(p).best().orElseThrow().similarity(),
                        1e-5);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TemplatePrecision.class)
    void fewerBytesMoveSimilaritiesLittle(TemplatePrecision precision) {
        int width = 64;
        Random random = new Random(8);
        float[][] rows =
                IntStream.range(0, 3000).mapToObj(i -> unit(random, width)).toArray(float[][]::new);
        List<String> people = IntStream.range(0, 3000).mapToObj(i -> "p" + i).toList();
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, new FakeGuide("wide", width));
        builder.enrol(people, Nd4j.create(rows));
        assertThrows(IllegalStateException.class, () -> builder.precision(precision));
        Gallery exact = builder.build();
        Gallery small = exact.withPrecision(precision);
        assertEquals(precision, small.precision());
        double tolerance = precision == TemplatePrecision.INT8 ? 0.02 : 1e-3;
        for (int count : new int[] {1, 20}) {
            INDArray probes = Nd4j.create(Arrays.copyOf(rows, count));
            for (int p = 0; p < count; p++) {
                Answer best = small.identify(probes, 1).get(p).best().orElseThrow();
                assertEquals("p" + p, best.identity());
                assertEquals(1, best.similarity(), tolerance);
            }
        }
    }

    @Test
    void strangersDoNotGatherAtWhoHasMostTemplates() {
        int width = 16;
        Random random = new Random(2);
        Map<PerIdentity, Integer> taken = new java.util.EnumMap<>(PerIdentity.class);
        for (PerIdentity perIdentity : List.of(PerIdentity.BEST_TEMPLATE, PerIdentity.CORRECTED_BEST)) {
            GalleryBuilder builder = Gallery.builder(perIdentity, new FakeGuide("wide", width));
            for (int p = 0; p < 20; p++) {
                builder.enrol("p" + p, Nd4j.createFromArray(unit(random, width)));
            }
            for (int t = 0; t < 50; t++) {
                builder.enrol("often", Nd4j.createFromArray(unit(random, width)));
            }
            Gallery gallery = builder.build();
            INDArray strangers = Nd4j.create(
                    IntStream.range(0, 1000).mapToObj(i -> unit(random, width)).toArray(float[][]::new));
            taken.put(perIdentity, (int) gallery.identify(strangers, 1).stream()
                    .filter(each -> each.best().orElseThrow().identity().equals("often"))
                    .count());
            assertEquals(
                    "p3",
                    gallery.identify(Nd4j.createFromArray(rowOf(gallery, "p3")), 1)
                            .get(0)
                            .best()
                            .orElseThrow()
                            .identity());
        }
        assertTrue(taken.get(PerIdentity.BEST_TEMPLATE) > 600, taken.toString());
        assertTrue(taken.get(PerIdentity.CORRECTED_BEST) < 150, "a fair share is 48, got " + taken);
    }

    private static float[] rowOf(Gallery gallery, String wanted) {
        float[][] found = new float[1][];
        gallery.forEachRow((name, row) -> found[0] = name.equals(wanted) ? row : found[0]);
        return found[0];
    }

    @Test
    void eightThreadsGetTheAnswersOfOneWhileMoreAreEnrolled() throws Exception {
        int width = 32;
        Random random = new Random(9);
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, new FakeGuide("wide", width));
        for (int p = 0; p < 5000; p++) {
            builder.enrol("p" + p, Nd4j.createFromArray(unit(random, width)));
        }
        Gallery gallery = builder.build();
        FakeGuide guide = new FakeGuide("wide", width);
        var pool = java.util.concurrent.Executors.newFixedThreadPool(8);
        try {
            var results = new ArrayList<java.util.concurrent.Future<Boolean>>();
            for (int t = 0; t < 8; t++) {
                INDArray image = Nd4j.create(IntStream.range(0, 1 + t)
                                .mapToObj(i -> unit(random, width))
                                .toArray(float[][]::new))
                        .reshape(1 + t, 1, 1, width);
                List<Answers> wanted = gallery.identify(gallery.embed(guide, image), 2);
                results.add(pool.submit(() -> {
                    for (int i = 0; i < 40; i++) {
                        if (!wanted.equals(gallery.identify(gallery.embed(guide, image), 2))) {
                            return false;
                        }
                    }
                    return true;
                }));
            }
            GalleryBuilder more = gallery.toBuilder();
            for (int p = 0; p < 3000; p++) {
                more.enrol("q" + p, Nd4j.createFromArray(unit(random, width)));
                if (p % 100 == 0) {
                    more.remove("p" + p);
                    more.build();
                }
            }
            for (var result : results) {
                assertTrue(result.get());
            }
        } finally {
            pool.shutdownNow();
        }
        assertEquals(5000, gallery.identities().size());
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
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
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
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
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

    private static INDArray drawn(int rows, int width, long seed) {
        return Nd4j.create(
                new Random(seed).doubles((long) rows * width, -1, 1).toArray(),
                new long[] {rows, width},
                DataType.FLOAT);
    }

    @ParameterizedTest
    @EnumSource(value = PerIdentity.class, names = "CORRECTED_BEST", mode = EnumSource.Mode.EXCLUDE)
    void localScalingTakesFromProbeAndIdentity(PerIdentity perIdentity) {
        LocalScaling scaling = LocalScaling.of(drawn(50, 6, 1), drawn(60, 6, 2), 5);
        INDArray enrolled = drawn(9, 6, 3);
        List<String> owners = List.of("a", "b", "c", "a", "d", "e", "a", "b", "f");
        GalleryBuilder builder = Gallery.builder(perIdentity, new FakeGuide("teacher", 6));
        builder.enrol(owners, enrolled);
        Gallery plain = builder.build();
        Gallery scaled = builder.localScaling(scaling).build();
        assertEquals(Optional.empty(), plain.localScaling());
        assertEquals(Optional.of(scaling), scaled.localScaling());
        INDArray probes = drawn(300, 6, 4); // More than go through plain loops.
        float[] ofProbes = scaling.ofProbes(probes);
        Map<String, List<Float>> rows = new LinkedHashMap<>();
        plain.forEachRow((owner, row) ->
                rows.computeIfAbsent(owner, unknown -> new ArrayList<>()).add(scaling.ofGallery(row)[0]));
        for (int count : new int[] {1, 300}) {
            INDArray some = probes.get(NDArrayIndex.interval(0, count), NDArrayIndex.all());
            List<Answers> before = plain.identify(some, 6);
            List<Answers> after = scaled.identify(some, 6);
            for (int p = 0; p < count; p++) {
                Map<String, Double> wanted = new LinkedHashMap<>();
                for (Answer answer : before.get(p).ranked()) {
                    double own = rows.get(answer.identity()).stream()
                            .mapToDouble(Float::doubleValue)
                            .average()
                            .orElseThrow();
                    wanted.put(answer.identity(), answer.similarity() - (own + ofProbes[p]) / 2);
                }
                List<Answer> got = after.get(p).ranked();
                assertEquals(6, got.size());
                got.forEach(answer -> assertEquals(wanted.get(answer.identity()), answer.similarity(), 2e-6));
                for (int k = 1; k < got.size(); k++) {
                    assertTrue(got.get(k).similarity() <= got.get(k - 1).similarity());
                }
            }
        }
        double third = scaled.identify(probes, 6).get(0).ranked().get(2).similarity();
        assertEquals(3, scaled.identify(probes, 6, third).get(0).ranked().size());
        Threshold threshold = scaled.calibrate(probes, Collections.nCopies(300, "a"), drawn(100, 6, 5), 0.1);
        assertTrue(threshold.similarity()
                < plain.calibrate(probes, Collections.nCopies(300, "a"), drawn(100, 6, 5), 0.1)
                        .similarity());
        assertEquals(scaled.identify(probes, 3), scaled.toBuilder().build().identify(probes, 3));
        assertEquals(
                scaling,
                scaled.withPrecision(TemplatePrecision.FLOAT16).localScaling().orElseThrow());
    }

    @Test
    void localScalingSaysWhatItNeeds() {
        LocalScaling scaling = LocalScaling.of(drawn(50, 6, 1), drawn(60, 6, 2), 5);
        GalleryBuilder narrow = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> narrow.localScaling(scaling))
                .getMessage()
                .contains("wanted cohorts 2 wide"));
        GalleryBuilder corrected = Gallery.builder(PerIdentity.CORRECTED_BEST, new FakeGuide("teacher", 6));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> corrected.localScaling(scaling))
                .getMessage()
                .contains("corrected by its own templates already"));
        Gallery nobody = Gallery.builder(PerIdentity.MEAN_TEMPLATE, new FakeGuide("teacher", 6))
                .localScaling(scaling)
                .build();
        assertTrue(nobody.identify(drawn(3, 6, 3), 2).get(0).nobody());
    }
}
