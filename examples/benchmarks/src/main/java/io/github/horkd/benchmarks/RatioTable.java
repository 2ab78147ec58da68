package io.github.horkd.benchmarks;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints how many times as fast as PyTorch the relational losses are: for every size JMH and the script beside it take turns, on one
 * thread each. The argument is the number of rounds; the median of all rounds' medians is taken. {@code -Dpython} names the interpreter.
 */
public final class RatioTable {

    private static final List<String> SIZES = List.of("64x128", "128x128", "256x128", "256x512", "512x128");

    private RatioTable() {
    }

    /**
     * Runs everything and prints the table.
     *
     * @param args the number of rounds, 1 if there is none
     * @throws RunnerException      when JMH fails
     * @throws IOException          when Python cannot be started
     * @throws InterruptedException when interrupted while Python runs
     */
    public static void main(String[] args) throws RunnerException, IOException, InterruptedException {
        int rounds = args.length == 0 ? 1 : Integer.parseInt(args[0]);
        StringBuilder table = new StringBuilder("| B x D | PyTorch, ms (fastest) | RKD form, ms (fastest) | ratio | guide-scaled, ms (fastest)"
                + " | ratio |\n|---|---|---|---|---|---|\n");
        for (String size : SIZES) {
            Times torch = new Times();
            Times rkd = new Times();
            Times scaled = new Times();
            for (int round = 0; round < rounds; round++) {
                torch.add(pytorch(size));
                rkd.add(jmh(size, "RKD_COMPATIBLE"));
                scaled.add(jmh(size, "GUIDE_SCALED"));
            }
            table.append(String.format(Locale.ROOT, "| %s | %s | %s | %.0f | %s | %.0f |%n", size, torch, rkd,
                    torch.median() / rkd.median(), scaled, torch.median() / scaled.median()));
        }
        System.out.println(table);
    }

    private static double[] jmh(String size, String form) throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder().include(RelationalLoss.class.getSimpleName() + ".forward").param("size", size)
                .param("form", form).param("threads", "1").verbosity(VerboseMode.SILENT).build()).runSingle();
        Statistics times = result.getPrimaryResult().getStatistics();
        return new double[] {times.getPercentile(50) / 1000, times.getMin() / 1000};
    }

    private static double[] pytorch(String size) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(System.getProperty("python", "python3"), "src/main/python/relational_loss.py",
                size.split("x")[0], size.split("x")[1]).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            String line = out.readLine();
            if (process.waitFor() != 0 || line == null) {
                throw new IOException("relational_loss.py failed; -Dpython must name an interpreter with PyTorch");
            }
            return new double[] {Double.parseDouble(line.split(" ")[0]), Double.parseDouble(line.split(" ")[1])};
        }
    }

    private static final class Times {
        private final List<Double> medians = new ArrayList<>();
        private double fastest = Double.POSITIVE_INFINITY;

        void add(double[] medianAndFastest) {
            medians.add(medianAndFastest[0]);
            fastest = Math.min(fastest, medianAndFastest[1]);
        }

        double median() {
            return medians.stream().sorted().skip(medians.size() / 2).findFirst().orElseThrow();
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f (%.2f)", median(), fastest);
        }
    }
}
