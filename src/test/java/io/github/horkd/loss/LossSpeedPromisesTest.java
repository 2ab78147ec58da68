package io.github.horkd.loss;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;

import static io.github.horkd.loss.LossCase.array;
import static io.github.horkd.loss.LossCase.gaussian;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What large batches are promised: no loss of precision, the same result on any number of threads, no growing garbage. */
class LossSpeedPromisesTest {

    private final int threads = LossThreads.count();

    @AfterEach
    void restoreThreads() {
        LossThreads.use(threads);
    }

    static Stream<BatchLoss> tableLosses() {
        return Stream.of(DistanceLoss.guideScaled(), AngleLoss.guideScaled(), AngleLoss.rkdCompatible(), new CkaLoss());
    }

    @ParameterizedTest @MethodSource("tableLosses")
    void floatAgreesWithDoubleInLargeBatches(BatchLoss loss) {
        for (int rows : new int[] {257, 512}) {
            LossContractTest.assertFloatAgrees(new LossCase(loss, LossCase.Input.EMBEDDINGS, null, Set.of(), Set.of()), rows, 1e-5);
        }
    }

    @ParameterizedTest @MethodSource("tableLosses")
    void anyNumberOfThreadsGivesTheSameNumbers(BatchLoss loss) {
        for (int rows : new int[] {64, 256, 301}) {
            INDArray guide = array(gaussian(rows, 24, new Random(1)), DataType.FLOAT);
            INDArray learner = array(gaussian(rows, 16, new Random(2)), DataType.FLOAT);
            LossThreads.use(1);
            LossValue alone = loss.lossAndGradient(guide, learner);
            for (int count : new int[] {2, 4}) {
                LossThreads.use(count);
                loss.lossAndGradient(learner, guide);   // so that nothing is found done
                LossValue together = loss.lossAndGradient(guide, learner);
                assertEquals(alone.value(), together.value(), 0);
                assertEquals(alone.gradient(), together.gradient());
            }
        }
    }

    @ParameterizedTest @MethodSource("io.github.horkd.loss.LossContractTest#losses")
    void nothingOnTheHeapGrowsWithTheBatchOnceWarm(LossCase loss) {
        LossThreads.use(1);   // the counter sees this thread only
        int rows = 200;
        Random random = new Random(1);
        INDArray guide = array(loss.guide(rows, random), DataType.FLOAT);
        INDArray learner = array(loss.learner(rows, random), DataType.FLOAT);
        INDArray fewGuides = array(loss.guide(8, random), DataType.FLOAT);
        INDArray fewLearners = array(loss.learner(8, random), DataType.FLOAT);
        long few = bytesPerCall(loss.loss(), fewGuides, fewLearners);
        long many = bytesPerCall(loss.loss(), guide, learner);
        assertTrue(many - few < 2000, "8 rows: " + few + " bytes a call, " + rows + " rows: " + many);
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

    @Test
    void everyPartIsDoneOnceAndFailuresComeBack() {
        LossThreads.use(4);
        for (int round = 0; round < 200; round++) {
            var done = new AtomicIntegerArray(7);
            LossThreads.share(7, done::incrementAndGet);
            for (int part = 0; part < 7; part++) {
                assertEquals(1, done.get(part));
            }
        }
        assertThrows(RuntimeException.class, () -> LossThreads.share(4, part -> {
            throw new IllegalArgumentException("part " + part);
        }));
        assertThrows(IllegalArgumentException.class, () -> LossThreads.use(0));
        assertThrows(IllegalArgumentException.class, () -> LossThreads.use(5));
    }
}
