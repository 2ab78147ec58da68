package io.github.horkd.examples.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The yardstick for the pass over triplets: the fastest a loop of HotSpot's reads and writes rows of 512 floats that stay in the
 * first-level cache. Three loads and a store, 16 bytes, an element; 8,192,000 bytes an operation.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class CacheSpeed {

    private static final int REPEATS = 1000;

    private final float[] a = new float[512];
    private final float[] b = new float[512];
    private final float[] c = new float[512];
    private final float[] d = new float[512];

    /**
     * 1,000 times d = a·b + c over 512 elements.
     *
     * @return what was written
     */
    @Benchmark
    public float[] threeLoadsOneStoreThousandTimes() {
        for (int i = 0; i < REPEATS; i++) {
            multiplyAdd(a, b, c, d);
        }
        return d;
    }

    private static void multiplyAdd(float[] a, float[] b, float[] c, float[] d) {
        for (int j = 0; j < d.length; j++) {
            d[j] = a[j] * b[j] + c[j];
        }
    }
}
