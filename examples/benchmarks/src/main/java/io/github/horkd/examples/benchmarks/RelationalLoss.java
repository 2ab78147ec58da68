package io.github.horkd.examples.benchmarks;

import io.github.horkd.accelerate.CpuThreads;
import io.github.horkd.loss.AngleLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.LossValue;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
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

/**
 * Second and third order together, forward and backward, the guide's side included, single precision. Four batches take
 * turns, so that nothing is found done.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class RelationalLoss {

    /** Batch size and embedding width. */
    @Param({"64x128", "128x128", "256x128", "256x512", "512x128"})
    public String size;

    /** What is compared how. */
    @Param({"GUIDE_SCALED", "RKD_COMPATIBLE"})
    public String form;

    /** Threads one loss may use. */
    @Param({"1"})
    public int threads;

    private final INDArray[] guides = new INDArray[4];
    private final INDArray[] learners = new INDArray[4];
    private HybridOrderLoss loss;
    private int next;

    /** Draws the batches. */
    @Setup
    public void draw() {
        CpuThreads.use(threads);
        Nd4j.getRandom().setSeed(1);
        long rows = Long.parseLong(size.split("x")[0]);
        long width = Long.parseLong(size.split("x")[1]);
        for (int i = 0; i < 4; i++) {
            guides[i] = Nd4j.randn(DataType.FLOAT, rows, width);
            learners[i] = Nd4j.randn(DataType.FLOAT, rows, width);
        }
        boolean rkd = form.equals("RKD_COMPATIBLE");
        loss = HybridOrderLoss.of(
                new HybridOrderLoss.Term(
                        "distance", 1, rkd ? DistanceLoss.rkdCompatible() : DistanceLoss.guideScaled()),
                new HybridOrderLoss.Term("angle", 1, rkd ? AngleLoss.rkdCompatible() : AngleLoss.guideScaled()));
    }

    /**
     * One batch.
     *
     * @return value and gradient
     */
    @Benchmark
    public LossValue forwardAndBackward() {
        next = (next + 1) % 4;
        return loss.lossAndGradient(guides[next], learners[next]);
    }
}
