package io.github.horkd.eval;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IdentificationTest {

    @Test
    void countsByHand() {
        INDArray gallery = Numbers.angles(0, 30, 60, 80);
        int[] names = {7, 8, 9, 7};
        INDArray probes = Numbers.angles(10, 50, 75);
        // 10°: 7, 8, 9. 50°: 9, 8, 7. 75°: 7 (by its second row), 9, 8.
        Identification result = Identification.of(probes, new int[] {7, 8, 8}, gallery, names);
        assertEquals(List.of(1.0 / 3, 2.0 / 3, 1.0), result.cmc());
        assertEquals(1, result.rank(5), 1e-12);
        assertEquals(3, result.identities());
        assertThrows(IllegalArgumentException.class, () -> result.rank(0));
    }

    @Test
    void strangersAndUnlabelledAreLeftOut() {
        INDArray gallery = Numbers.angles(0, 50, 90);
        Identification result =
                Identification.of(Numbers.angles(1, 2, 3), new int[] {0, 5, -1}, gallery, new int[] {0, -1, 1});
        assertEquals(1, result.probes());
        assertEquals(1, result.withoutMate());
        assertEquals(2, result.identities());
        assertEquals(
                "rank-1 100.0 %, rank-5 100.0 % of 1 probes among 2 identities (1 probes without a mate left out)",
                result.toString());
    }

    @Test
    void tiesSpreadOverThePlaces() {
        INDArray same = Nd4j.ones(DataType.FLOAT, 4, 1);
        Identification result = Identification.of(same, new int[] {0, 1, 2, 3}, same, new int[] {0, 1, 2, 3});
        assertEquals(0.25, result.rank(1), 1e-12);
        assertEquals(0.75, result.rank(3), 1e-12);
    }

    @Test
    void leaveOneOutHidesTheProbesOwnPicture() {
        // Each is most like itself; without itself 0° finds 10° of the other class.
        INDArray embeddings = Numbers.angles(0, 10, 40, 100, 300);
        int[] labels = {0, 1, 0, 1, 2};
        Identification result = Identification.leaveOneOut(embeddings, embeddings, labels);
        assertEquals(4, result.probes());
        assertEquals(1, result.withoutMate());
        assertEquals(0, result.rank(1));
        // Identities of 0°: 1, 0, 2; of 10°: 0, 2, 1; of 40°: 1, 0, 2; of 100°: 0, 1, 2.
        assertEquals(3.0 / 4, result.rank(2), 1e-12);
        assertEquals(1, result.rank(3));
    }

    @Test
    void firstEnrolledLeavesPeopleWithOnePictureOut() {
        INDArray embeddings = Numbers.angles(0, 90, 5, 44, 46);
        int[] labels = {0, 1, 2, 0, 1};
        Identification result = Identification.firstEnrolled(embeddings, embeddings, labels);
        assertEquals(2, result.identities());
        assertEquals(2, result.probes());
        assertEquals(1, result.rank(1));
        // The second picture of 0 is nearer to the first of 1.
        INDArray mistaken = Numbers.angles(0, 90, 80, 70);
        assertEquals(
                0.5,
                Identification.firstEnrolled(mistaken, mistaken, new int[] {0, 1, 0, 1})
                        .rank(1));
    }

    @Test
    void meansAreOfUnitRowsAndNamed() {
        INDArray embeddings =
                Numbers.rows(new float[] {5, 0}, new float[] {0, 0.5f}, new float[] {3, 4}, new float[] {9, 9});
        IdentityMeans means = IdentityMeans.of(embeddings, new int[] {4, 4, 2, -1});
        assertArrayEquals(new int[] {4, 2}, means.labels());
        assertEquals(Numbers.rows(new float[] {0.5f, 0.5f}, new float[] {0.6f, 0.8f}), means.embeddings());
    }

    @Test
    void aMatrixOfScoresDoesAsWell() {
        INDArray scores = Numbers.rows(new float[] {3, 2, 9}, new float[] {1, 5, 7});
        Identification result = Identification.ofScores(scores, new int[] {4, 6}, new int[] {4, 5, 6});
        assertEquals(List.of(0.5, 1.0, 1.0), result.cmc());
        assertTrue(result.interval(1).low() < 0.1 && result.interval(1).high() > 0.9);
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> Identification.ofScores(scores, new int[] {4}, new int[] {4, 5, 6}))
                .getMessage()
                .contains("2 for the probes and 3 for the gallery"));
        assertThrows(
                IllegalArgumentException.class,
                () -> Identification.ofScores(Numbers.rows(new float[] {Float.NaN}), new int[] {0}, new int[] {0}));
    }

    @Test
    void strangersAreJudgedByTheirBest() {
        // Known: 0.9 of its own, first; 0.7 of its own, first; 0.6 of its own behind 0.8. Strangers: 0.85, 0.5, 0.4,
        // 0.3.
        INDArray scores = Numbers.rows(
                new float[] {.9f, .1f},
                new float[] {.2f, .7f},
                new float[] {.6f, .8f},
                new float[] {.85f, .1f},
                new float[] {.5f, .5f},
                new float[] {.1f, .4f},
                new float[] {.3f, 0},
                new float[] {1, 1});
        int[] probes = {0, 1, 0, 7, 8, 8, 9, -1};
        OpenSetIdentification result = OpenSetIdentification.ofScores(scores, probes, new int[] {0, 1});
        assertEquals(3, result.knownProbes());
        assertEquals(4, result.strangerProbes());
        assertEquals(1 / 3.0, result.detectionRate(result.thresholdAt(0)), 1e-12);
        assertEquals(2 / 3.0, result.detectionAt(0.25), 1e-12);
        assertEquals(Math.nextUp(.5f), result.thresholdAt(0.25));
        assertEquals(2 / 3.0, result.detectionAt(1), 1e-12, "the third is never first");
        assertEquals(0.5, result.falsePositiveRate(0.5), 1e-12);
        assertTrue(Double.isNaN(result.detectionAt(0.2)), "a quarter is the least that four strangers tell");
        assertEquals(
                "DIR n/a at FPIR 1e-1, n/a at 1e-2, n/a at 1e-3 (%; 3 known probes, 4 strangers)", result.toString());
        OpenSetIdentification level =
                OpenSetIdentification.of(Numbers.angles(45), new int[] {0}, Numbers.angles(0, 90), new int[] {0, 1});
        assertEquals(1, level.detectionRate(0) * 2, 1e-3, "level with one other: half");
        assertTrue(Double.isNaN(level.falsePositiveRate(0)));
    }

    @Test
    void nothingToIdentifyIsNotANumber() {
        INDArray none = Nd4j.create(DataType.FLOAT, 0, 2);
        assertTrue(Double.isNaN(Identification.of(none, new int[0], Numbers.angles(1), new int[] {0})
                .rank(1)));
        Identification empty = Identification.of(Numbers.angles(1), new int[] {0}, none, new int[0]);
        assertEquals(1, empty.withoutMate());
        assertTrue(Double.isNaN(empty.rank(1)));
        assertEquals(List.of(), empty.cmc());
        OpenSetIdentification nobody = OpenSetIdentification.of(Numbers.angles(1), new int[] {0}, none, new int[0]);
        assertEquals(1, nobody.strangerProbes());
        assertEquals(0, nobody.falsePositiveRate(Double.NEGATIVE_INFINITY));
    }

    @Test
    void agreesWithPlainLoopsOverManyBlocks() {
        int people = 40;
        int[] galleryLabels = Numbers.labels(3000, people, 1);
        int[] probeLabels = Numbers.labels(2500, people, 2);
        INDArray gallery = Numbers.people(galleryLabels, 5, 2.0, 3);
        INDArray probes = Numbers.people(probeLabels, 5, 2.0, 3);
        Identification result = Identification.of(probes, probeLabels, gallery, galleryLabels);
        int[] places = new int[people];
        for (int i = 0; i < 2500; i += 50) {
            Identification one =
                    Identification.of(probes.getRow(i, true), new int[] {probeLabels[i]}, gallery, galleryLabels);
            double[] best = new double[people];
            Arrays.fill(best, -2);
            for (int j = 0; j < 3000; j++) {
                best[galleryLabels[j]] = Math.max(best[galleryLabels[j]], Numbers.cosine(probes, i, gallery, j));
            }
            int place = 0;
            for (double each : best) {
                place += each > best[probeLabels[i]] + 1e-7 ? 1 : 0;
            }
            assertEquals(1, one.rank(place + 1), 1e-12, "probe " + i);
            assertEquals(0, place == 0 ? 0 : one.rank(place), 1e-12, "probe " + i);
            places[place]++;
        }
        assertTrue(places[0] < 50 && places[0] > 0, "a test that can fail");
        assertEquals(places[0] / 50.0, result.rank(1), 0.25);
    }

    @Test
    void badInputIsTold() {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> Identification.of(
                        Numbers.rows(new float[] {1, 2, 3}), new int[] {0}, Numbers.angles(1), new int[] {0}));
        assertTrue(error.getMessage().contains("got 3 and 2"), error.getMessage());
        INDArray infinite = Numbers.rows(new float[] {1, Float.POSITIVE_INFINITY});
        assertThrows(
                IllegalArgumentException.class,
                () -> Identification.of(infinite, new int[] {0}, Numbers.angles(1), new int[] {0}));
        INDArray one = Numbers.angles(1);
        INDArray two = Numbers.angles(1, 2);
        tells(
                "probes and gallery: wanted one row per image in both, got 1 and 2",
                () -> Identification.leaveOneOut(one, two, new int[] {0}));
        tells(
                "probes and gallery: wanted one row per image in both, got 1 and 2",
                () -> Identification.firstEnrolled(one, two, new int[] {0}));
        tells(
                "probes: wanted one label per row, got 2 rows and 3 labels",
                () -> Identification.firstEnrolled(two, two, new int[] {0, 0, 1}));
        tells(
                "labels: wanted one per row, 1 for the probes and 2 for the gallery, got 1 and 1",
                () -> OpenSetIdentification.of(one, new int[] {0}, two, new int[] {0}));
        tells("gallery: wanted one label per row, got 2 rows and 1 labels", () -> IdentityMeans.of(two, new int[] {0}));
        tells(
                "embeddings: wanted one label per row, got 2 rows and 1 labels",
                () -> Verification.allPairs(two, new int[] {0}, PairWeight.PER_PAIR));
        tells(
                "wanted embeddings of one width, got 2 and 3",
                () -> ImagePairs.all(new int[] {0, 0})
                        .cosines(two, Numbers.rows(new float[] {1, 2, 3}, new float[] {1, 2, 3})));
        tells(
                "wanted embeddings of one width, got 2 and 3",
                () -> OpenSetIdentification.of(one, new int[] {0}, Numbers.rows(new float[] {1, 2, 3}), new int[] {0}));
        ImagePairs beyond = ImagePairs.of(new int[] {2}, new int[] {0}, new boolean[1], new int[1]);
        tells("pair 0: wanted an image 0 to 1, got 2", () -> beyond.cosines(two, two));
        tells("pair 0: wanted an image 0 to 1, got 2", () -> beyond.onePersonOneVote(new int[2]));
        tells(
                "score of probe 1 with gallery row 2: wanted a finite number, got NaN",
                () -> Identification.ofScores(
                        Numbers.rows(new float[] {1, 2, 3}, new float[] {4, 5, Float.NaN}),
                        new int[] {0, 1},
                        new int[] {0, 1, 2}));
    }

    private static void tells(String message, Executable call) {
        String told = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(told.contains(message), told);
    }
}
