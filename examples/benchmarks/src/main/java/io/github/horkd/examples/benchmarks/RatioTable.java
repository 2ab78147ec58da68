package io.github.horkd.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * Prints how many times as fast as PyTorch the relational losses are, on one thread each: for every size JMH and the script beside it
 * take turns, by the clock; and, for machines that others use too, once more by processor time; then two threads of ours against one. Arguments: the number of rounds, of
 * whose medians the median is taken (0: processor time only); and {@code threads}, if only the last table is wanted. {@code -Dpython} names the interpreter.
 */
public final class RatioTable {

    private static final List<String> SIZES = List.of("64x128", "128x128", "256x128", "256x512", "512x128");

    private static final List<String> FORMS = List.of("RKD_COMPATIBLE", "GUIDE_SCALED");
    private static final String RULE = "|---|---|---|---|---|---|---|\n";

    private RatioTable() {}

    /**
     * Runs everything and prints the tables.
     *
     * @param args the number of rounds, 1 if there is none; {@code threads}, or nothing
     * @throws RunnerException      when JMH fails
     * @throws IOException          when Python cannot be started
     * @throws InterruptedException when interrupted while Python runs
     */
    public static void main(String[] args) throws RunnerException, IOException, InterruptedException {
        int rounds = args.length == 0 ? 1 : Integer.parseInt(args[0]);
        boolean all = args.length < 2 || !args[1].equals("threads");
        if (all && rounds > 0) {
            System.out.println(byClock(rounds));
        }
        if (all) {
            System.out.println(byProcessorTime());
        }
        if (rounds > 0 && Runtime.getRuntime().availableProcessors() > 1) {
            System.out.println(byThreads(rounds));
        }
    }

    private static String byClock(int rounds) throws RunnerException, IOException, InterruptedException {
        StringBuilder table = new StringBuilder(
                "By the clock, medians (fastest)\n\n| B x D | PyTorch, RKD form, ms | ours | ratio | PyTorch, guide-scaled, ms | ours | ratio |\n"
                        + RULE);
        for (String size : SIZES) {
            table.append("| ").append(size);
            for (String form : FORMS) {
                Times torch = new Times();
                Times ours = new Times();
                for (int round = 0; round < rounds; round++) {
                    torch.add(pytorch(size, form));
                    ours.add(jmh(size, form, 1));
                }
                table.append(
                        String.format(Locale.ROOT, " | %s | %s | %.1f", torch, ours, torch.median() / ours.median()));
            }
            table.append(" |\n");
        }
        return table.toString();
    }

    private static String byProcessorTime() throws IOException, InterruptedException {
        StringBuilder table = new StringBuilder(
                "By processor time, medians\n\n| B x D | PyTorch, RKD form, ms | ours | ratio | PyTorch, guide-scaled, ms | ours | ratio |\n"
                        + RULE);
        for (String size : SIZES) {
            table.append("| ").append(size);
            for (String form : FORMS) {
                double torch = pytorch(size, form)[2];
                double ours = processorTime(size, form);
                table.append(String.format(Locale.ROOT, " | %.2f | %.2f | %.1f", torch, ours, torch / ours));
            }
            table.append(" |\n");
        }
        return table.toString();
    }

    /** In a process of its own, as PyTorch's: what another size or form ran through the loops before would count in how they are compiled. */
    private static double processorTime(String size, String form) throws IOException, InterruptedException {
        return firstNumbers(
                "ProcessorTime failed",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                ProcessorTime.class.getName(),
                size,
                form)[0];
    }

    private static String byThreads(int rounds) throws RunnerException {
        StringBuilder table = new StringBuilder(
                "Two threads, guide-scaled, by the clock\n\n| B x D | one thread, ms (fastest) | two threads, ms (fastest) | gain |"
                        + "\n|---|---|---|---|\n");
        for (String size : List.of("256x128", "256x512", "512x128")) {
            Times one = new Times();
            Times two = new Times();
            for (int round = 0; round < rounds; round++) {
                one.add(jmh(size, "GUIDE_SCALED", 1));
                two.add(jmh(size, "GUIDE_SCALED", 2));
            }
            table.append(String.format(
                    Locale.ROOT, "| %s | %s | %s | %.2f |%n", size, one, two, one.median() / two.median()));
        }
        return table.toString();
    }

    private static double[] jmh(String size, String form, int threads) throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder()
                        .include(RelationalLoss.class.getSimpleName() + ".forward")
                        .param("size", size)
                        .param("form", form)
                        .param("threads", String.valueOf(threads))
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle();
        Statistics times = result.getPrimaryResult().getStatistics();
        return new double[] {times.getPercentile(50) / 1000, times.getMin() / 1000};
    }

    private static double[] pytorch(String size, String form) throws IOException, InterruptedException {
        return firstNumbers(
                "relational_loss.py failed; -Dpython must name an interpreter with PyTorch",
                System.getProperty("python", "python3"),
                System.getProperty("script", "src/main/python/relational_loss.py"),
                size.split("x")[0],
                size.split("x")[1],
                "5",
                form);
    }

    /** What the first line of a program's output holds. */
    private static double[] firstNumbers(String failure, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            String line = out.readLine();
            if (process.waitFor() != 0 || line == null) {
                throw new IOException(failure);
            }
            return Arrays.stream(line.split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
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
            return medians.stream()
                    .sorted()
                    .skip(medians.size() / 2)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f (%.2f)", median(), fastest);
        }
    }
}
