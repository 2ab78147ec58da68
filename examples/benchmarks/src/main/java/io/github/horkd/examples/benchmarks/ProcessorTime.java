package io.github.horkd.examples.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints the median of the processor time of one batch, in milliseconds, after three seconds that do not count. Arguments: size and form. */
public final class ProcessorTime {

    private ProcessorTime() {}

    /**
     * Measures for three seconds, at least five batches.
     *
     * @param args as {@link RelationalLoss}'s parameters, for instance {@code 256x128 GUIDE_SCALED}
     */
    public static void main(String[] args) {
        RelationalLoss benchmark = new RelationalLoss();
        benchmark.size = args[0];
        benchmark.form = args[1];
        benchmark.threads = 1;
        benchmark.draw();
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        List<Long> times = new ArrayList<>();
        long warm = System.nanoTime() + 3_000_000_000L;
        long end = warm + 3_000_000_000L;
        while (System.nanoTime() < end || times.size() < 5) {
            long start = clock.getCurrentThreadCpuTime();
            benchmark.forwardAndBackward();
            if (System.nanoTime() > warm) {
                times.add(clock.getCurrentThreadCpuTime() - start);
            }
        }
        double median =
                times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow() / 1e6;
        System.out.println(String.format(Locale.ROOT, "%.4f", median));
    }
}
