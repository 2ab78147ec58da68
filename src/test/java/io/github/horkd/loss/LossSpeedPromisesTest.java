package io.github.horkd.loss;

import com.sun.management.ThreadMXBean;
import io.github.horkd.internal.parallel.ForkJoin;
import io.github.horkd.internal.rows.ArrayCopy;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import static io.github.horkd.loss.LossCase.array;
import static io.github.horkd.loss.LossCase.gaussian;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What large batches are promised: no loss of precision, the same result on any number of threads, no growing garbage. */
class LossSpeedPromisesTest {

    private final int threads = ForkJoin.threads();

    @AfterEach
    void restoreThreads() {
        ForkJoin.use(threads);
    }

    static Stream<BatchLoss> tableLosses() {
        return Stream.of(DistanceLoss.guideScaled(), AngleLoss.guideScaled(), AngleLoss.rkdCompatible(), new CkaLoss());
    }

    @ParameterizedTest
    @MethodSource("tableLosses")
    void floatAgreesWithDoubleInLargeBatches(BatchLoss loss) {
        for (int rows : new int[] {257, 512}) {
            LossContractTest.assertFloatAgrees(
                    new LossCase(loss, LossCase.Input.EMBEDDINGS, null, Set.of(), Set.of()), rows, 1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("tableLosses")
    void anyNumberOfThreadsGivesTheSameNumbers(BatchLoss loss) {
        for (int rows : new int[] {64, 256, 301}) {
            INDArray guide = array(gaussian(rows, 24, new Random(1)), DataType.FLOAT);
            INDArray learner = array(gaussian(rows, 16, new Random(2)), DataType.FLOAT);
            ForkJoin.use(1);
            LossValue alone = loss.lossAndGradient(guide, learner);
            for (int count : new int[] {2, 4}) {
                ForkJoin.use(count);
                loss.lossAndGradient(learner, guide); // so that nothing is found done
                LossValue together = loss.lossAndGradient(guide, learner);
                assertEquals(alone.value(), together.value(), 0);
                assertEquals(alone.gradient(), together.gradient());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.horkd.loss.LossContractTest#losses")
    void nothingOnTheHeapGrowsWithTheBatchOnceWarm(LossCase loss) {
        ForkJoin.use(1); // the counter sees this thread only
        int rows = 200;
        Random random = new Random(1);
        INDArray guide = array(loss.guide(rows, random), DataType.FLOAT);
        INDArray learner = array(loss.learner(rows, random), DataType.FLOAT);
        INDArray fewGuides = array(loss.guide(8, random), DataType.FLOAT);
        INDArray fewLearners = array(loss.learner(8, random), DataType.FLOAT);
        long few = bytesPerCall(loss.loss(), fewGuides, fewLearners);
        long many = bytesPerCall(loss.loss(), guide, learner);
        assertTrue(many - few < 2000, loss.loss() + ", 8 rows: " + few + " bytes a call, " + rows + " rows: " + many);
    }

    private static long bytesPerCall(BatchLoss loss, INDArray guide, INDArray learner) {
        ThreadMXBean counter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 6; i++) {
            long before = counter.getCurrentThreadAllocatedBytes();
            loss.lossAndGradient(guide, learner);
            least = Math.min(least, counter.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void sumsOfTermsAreTheSameOnAnyNumberOfThreads(int count) {
        BatchLoss loss = HybridOrderLoss.of(
                new HybridOrderLoss.Term("distance", 1, DistanceLoss.guideScaled()),
                new HybridOrderLoss.Term("angle", 2, AngleLoss.guideScaled()));
        for (int rows : new int[] {255, 256, 600}) {
            INDArray guide = array(gaussian(rows, 24, new Random(1)), DataType.FLOAT);
            INDArray learner =
                    array(gaussian(rows, 150, new Random(2)), DataType.FLOAT); // long enough to be copied by several
            ForkJoin.use(1);
            LossValue alone = loss.lossAndGradient(guide, learner);
            ForkJoin.use(count);
            loss.lossAndGradient(learner, guide); // so that nothing is found done
            LossValue together = loss.lossAndGradient(guide, learner);
            assertEquals(alone.value(), together.value(), 0);
            assertEquals(alone.gradient(), together.gradient());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"HALF", "FLOAT", "DOUBLE"})
    void largeArraysComeAndGoWhole(DataType type) {
        ForkJoin.use(4);
        for (int rows : new int[] {255, 256, 301}) {
            double[] values = new Random(rows)
                    .doubles((long) rows * 129)
                    .map(x -> Math.rint(x * 1000))
                    .toArray(); // exact in all types
            double[] back = new double[values.length];
            INDArray array = ArrayCopy.result(values, rows, 129, type);
            ArrayCopy.read(array, back);
            assertArrayEquals(values, back, 0);
            ArrayCopy.read(array.dup('f'), back);
            assertArrayEquals(values, back, 0);
            assertEquals(type, array.dataType());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 64, 300, 520})
    void spreadOfCosinesIsThatOfAPassOverAllTriplets(int rows) {
        double[][] values = gaussian(rows, 6, new Random(rows));
        values[3] = values[2].clone();
        values[4] = values[1].clone();
        values[4][0] += 1e-3;
        SideDistances side = new SideDistances();
        side.read(array(values, DataType.FLOAT), false);
        SideDistances.measure(List.of(side));
        double[] inverses = new double[rows * rows];
        for (int p = 0; p < rows * rows; p++) {
            inverses[p] = side.lengths()[p] > 1e-4 * side.mean() ? 1 / side.lengths()[p] : 0;
        }
        double sum = 0;
        double squares = 0;
        double count = 0;
        for (int j = 0; j < rows; j++) {
            for (int i = 0; i < rows; i++) {
                for (int k = 0; k < i && inverses[j * rows + i] > 0; k++) {
                    double rr = inverses[j * rows + i] * inverses[j * rows + k];
                    double cosine =
                            (side.squares()[j * rows + i] + side.squares()[j * rows + k] - side.squares()[i * rows + k])
                                    / 2
                                    * rr;
                    sum += 2 * cosine;
                    squares += 2 * cosine * cosine;
                    count += rr > 0 ? 2 : 0;
                }
            }
        }
        double wanted = Math.sqrt(squares / count - sum / count * sum / count);
        assertEquals(wanted, CosineSpread.inDouble(side, inverses, count), 1e-9 * wanted);
        assertEquals(wanted, CosineSpread.of(side, inverses, count), 1e-7 * wanted);
    }
}
