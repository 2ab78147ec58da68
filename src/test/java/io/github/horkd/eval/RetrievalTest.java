package io.github.horkd.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RetrievalTest {

    @Test
    void countsByHand() {
        // 0° and 40° are one class, 10° and 100° the other.
        INDArray embeddings = Numbers.angles(0, 10, 40, 100);
        Retrieval result = Retrieval.of(embeddings, new int[] {0, 1, 0, 1}, 1, 2, 3);
        // Nearest first: of 0° 10, 40; of 10° 0, 40, 100; of 40° 10, 0; of 100° 40, 10.
        assertEquals(0, result.at(1));
        assertEquals(3.0 / 4, result.at(2), 1e-12);
        assertEquals(1, result.at(3));
        assertEquals(4, result.queries());
        assertThrows(IllegalArgumentException.class, () -> result.at(4));
    }

    @Test
    void theLonelyAndTheUnlabelledAreNoQueries() {
        INDArray embeddings = Numbers.angles(0, 5, 10, 200);
        Retrieval result = Retrieval.of(embeddings, new int[] {0, -1, 0, 1}, 1);
        assertEquals(2, result.queries());
        assertEquals(1, result.withoutMate());
        // The unlabelled row between the two is no candidate either.
        assertEquals(1, result.at(1));
        assertEquals(
                "R@1 100.0 %, mAP 100.0 %, R-precision 100.0 % of 2 queries (1 without a mate left out)",
                result.toString());
    }

    @Test
    void aCollapsedNetworkScoresChance() {
        int[] labels = {0, 0, 1, 1, 2, 2};
        INDArray embeddings = Nd4j.ones(DataType.FLOAT, 6, 1);
        Retrieval result = Retrieval.of(embeddings, labels, 1, 2, 5);
        assertEquals(1.0 / 5, result.at(1), 1e-12);
        assertEquals(2.0 / 5, result.at(2), 1e-12);
        assertEquals(1, result.at(5), 1e-12);
    }

    @Test
    void precisionsByHand() {
        // 0°, 40° and 300° are one class, 10° and 100° the other. Of 0°: 10, 40, 300, 100, so AP = (1/2 + 2/3) / 2.
        INDArray embeddings = Numbers.angles(0, 10, 40, 100, 300);
        Retrieval result = Retrieval.of(embeddings, new int[] {0, 1, 0, 1, 0}, 1);
        // Of 10°: 0, 40, 300, 100; AP 1/4. Of 40°: 10, 0, 100, 300; (1/2 + 2/4) / 2. Of 100°: 40, 10; 1/2.
        // Of 300°: 0, 10, 40, 100; (1 + 2/3) / 2.
        double[] average = {(1 / 2.0 + 2 / 3.0) / 2, 1 / 4.0, (1 / 2.0 + 2 / 4.0) / 2, 1 / 2.0, (1 + 2 / 3.0) / 2};
        assertEquals(java.util.Arrays.stream(average).average().orElseThrow(), result.meanAveragePrecision(), 1e-9);
        assertEquals((1 / 2.0 + 0 + 1 / 2.0 + 0 + 1 / 2.0) / 5, result.rPrecision(), 1e-9);
        assertEquals((1 / 4.0 + 0 + 1 / 4.0 + 0 + 1 / 2.0) / 5, result.mapAtR(), 1e-9);
    }

    @Test
    void tiesCountTheirExpectation() {
        // Four level candidates, two of them mates: the mean over all six orders.
        int[] labels = {0, 0, 0, 1, 1};
        Retrieval result = Retrieval.of(Nd4j.ones(DataType.FLOAT, 5, 1), labels, 1);
        double sum = 0;
        for (int first = 1; first <= 4; first++) {
            for (int second = first + 1; second <= 4; second++) {
                sum += (1.0 / first + 2.0 / second) / 2;
            }
        }
        double ofThree = sum / 6;
        double ofTwo = (1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0) / 4;
        assertEquals((3 * ofThree + 2 * ofTwo) / 5, result.meanAveragePrecision(), 1e-9);
        assertEquals((3 * 0.5 + 2 * 0.25) / 5, result.rPrecision(), 1e-9);
    }

    /** Six candidates, mates and others, on three levels of likeness, against every order in which level ones may stand. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void tiesCountTheMeanOverAllOrders(long seed) {
        Random random = new Random(seed);
        int n = 6;
        float[] row = new float[n + 1];
        int[] labels = new int[n + 1];
        for (int j = 1; j <= n; j++) {
            row[j] = random.nextInt(3);
            labels[j] = j == 1 ? 0 : random.nextInt(2);
        }
        RankedMates got = RankedMates.of(0, row, 0, DenseLabels.of(labels));
        int mates =
                (int) IntStream.rangeClosed(1, n).filter(j -> labels[j] == 0).count();
        double[] recall = new double[n + 2];
        double[] sums = new double[3];
        List<List<Integer>> orders = orders(n);
        for (List<Integer> order : orders) {
            List<Integer> ranked = order.stream()
                    .sorted(Comparator.comparingDouble(j -> -row[j]))
                    .toList();
            int found = 0;
            for (int k = 1; k <= n; k++) {
                boolean mate = labels[ranked.get(k - 1)] == 0;
                found += mate ? 1 : 0;
                recall[k] += found > 0 ? 1 : 0;
                sums[0] += mate ? found / (double) k / mates : 0;
                sums[1] += mate && k <= mates ? 1.0 / mates : 0;
                sums[2] += mate && k <= mates ? found / (double) k / mates : 0;
            }
        }
        assertEquals(mates, got.count());
        for (int k = 1; k <= n; k++) {
            assertEquals(recall[k] / orders.size(), got.recall(k), 1e-12, "k " + k);
        }
        assertEquals(1, got.recall(n + 1), 1e-12);
        assertEquals(sums[0] / orders.size(), got.averagePrecision(Integer.MAX_VALUE), 1e-12);
        assertEquals(sums[1] / orders.size(), got.rPrecision(), 1e-12);
        assertEquals(sums[2] / orders.size(), got.averagePrecision(mates), 1e-12);
    }

    /** All orders of the numbers 1 to n. */
    private static List<List<Integer>> orders(int n) {
        List<List<Integer>> all = List.of(List.of());
        for (int next = 1; next <= n; next++) {
            List<List<Integer>> longer = new ArrayList<>();
            for (List<Integer> each : all) {
                for (int at = 0; at <= each.size(); at++) {
                    List<Integer> order = new ArrayList<>(each);
                    order.add(at, next);
                    longer.add(order);
                }
            }
            all = longer;
        }
        return all;
    }

    @Test
    void zeroRowsAreLikeNothing() {
        INDArray embeddings =
                Numbers.rows(new float[] {0, 0}, new float[] {0, 0}, new float[] {1, 0}, new float[] {-1, 0});
        // All three candidates of a zero row have similarity 0; one is its mate. (1, 0) has its mate last.
        Retrieval result = Retrieval.of(embeddings, new int[] {0, 0, 1, 1}, 1);
        assertEquals((1.0 / 3 + 1.0 / 3 + 0 + 0) / 4, result.at(1), 1e-12);
    }

    @Test
    void nothingToQueryIsNotANumber() {
        assertTrue(Double.isNaN(
                Retrieval.of(Numbers.angles(1, 2), new int[] {0, 1}, 1).at(1)));
        assertTrue(Double.isNaN(
                Retrieval.of(Nd4j.create(DataType.FLOAT, 0, 4), new int[0], 1).at(1)));
    }

    @Test
    void agreesWithPlainLoops() {
        int[] labels = Numbers.labels(200, 30, 5);
        INDArray embeddings = Numbers.people(labels, 6, 1.2, 6);
        Retrieval result = Retrieval.of(embeddings, labels, 1, 5);
        for (int k : new int[] {1, 5}) {
            double hits = IntStream.range(0, 200)
                    .filter(i -> IntStream.range(0, 200)
                            .filter(j -> j != i)
                            .boxed()
                            .sorted(Comparator.comparingDouble(j -> -Numbers.cosine(embeddings, i, embeddings, j)))
                            .limit(k)
                            .anyMatch(j -> labels[j] == labels[i]))
                    .count();
            assertEquals(hits / result.queries(), result.at(k), 1e-9);
        }
        assertTrue(result.at(1) > 0.1 && result.at(1) < 0.9, "a test that can fail");
    }

    @Test
    void badInputIsTold() {
        INDArray broken = Numbers.rows(new float[] {1, 2}, new float[] {1, Float.NaN});
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Retrieval.of(broken, new int[] {0, 0}, 1))
                .getMessage()
                .contains("row 1 holds NaN"));
        INDArray good = Numbers.angles(1, 2);
        assertThrows(IllegalArgumentException.class, () -> Retrieval.of(good, new int[] {0}, 1));
        assertThrows(IllegalArgumentException.class, () -> Retrieval.of(good, new int[] {0, -2}, 1));
        assertThrows(IllegalArgumentException.class, () -> Retrieval.of(good, new int[] {0, 0}, 0));
        assertThrows(IllegalArgumentException.class, () -> Retrieval.of(good.reshape(1, 2, 2), new int[] {0, 0}, 1));
    }
}
