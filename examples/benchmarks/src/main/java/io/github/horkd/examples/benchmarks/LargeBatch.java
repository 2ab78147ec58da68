package io.github.horkd.examples.benchmarks;

import io.github.horkd.accelerate.CpuThreads;
import io.github.horkd.loss.AngleLoss;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HigherOrderLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.LossValue;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Batches that one would not expect to fit: all of it in a heap of 1 GiB, width 512, single precision. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 2)
@Measurement(iterations = 5)
public class LargeBatch {

    /** Threads one loss may use. */
    @Param({"1"})
    public int threads;

    private final INDArray[] guides = new INDArray[2];
    private final INDArray[] learners = new INDArray[2];
    private int next;

    /** Draws the batches. */
    @Setup
    public void draw() {
        CpuThreads.use(threads);
        for (int i = 0; i < 2; i++) {
            guides[i] = Nd4j.randn(DataType.FLOAT, 8192, 512);
            learners[i] = Nd4j.randn(DataType.FLOAT, 8192, 512);
        }
    }

    /**
     * All pairs and all triplets of 2048 rows.
     *
     * @return value and gradient
     */
    @Benchmark
    public LossValue allTripletsOf2048() {
        return once(
                HybridOrderLoss.of(
                        new HybridOrderLoss.Term("distance", 1, DistanceLoss.guideScaled()),
                        new HybridOrderLoss.Term("angle", 1, AngleLoss.guideScaled())),
                2048);
    }

    /**
     * Orders 3 and 4 over 8192 rows, by 10,000 tuples each.
     *
     * @return value and gradient
     */
    @Benchmark
    public LossValue tuplesOf8192() {
        return once(
                HybridOrderLoss.of(
                        new HybridOrderLoss.Term("third", 1, HigherOrderLoss.guideScaled(3, 10_000, 1)),
                        new HybridOrderLoss.Term("fourth", 1, HigherOrderLoss.guideScaled(4, 10_000, 1))),
                8192);
    }

    private LossValue once(BatchLoss loss, int rows) {
        next = 1 - next;
        return loss.lossAndGradient(firstRows(guides[next], rows), firstRows(learners[next], rows));
    }

    private static INDArray firstRows(INDArray array, int rows) {
        return array.get(NDArrayIndex.interval(0, rows), NDArrayIndex.all());
    }
}
