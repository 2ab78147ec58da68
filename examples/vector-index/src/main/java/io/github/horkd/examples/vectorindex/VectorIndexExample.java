package io.github.horkd.examples.vectorindex;

import com.sun.management.OperatingSystemMXBean;
import io.github.horkd.accelerate.CpuThreads;
import io.github.horkd.data.ImageShape;
import io.github.horkd.eval.Table;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.recognise.Answers;
import io.github.horkd.recognise.Gallery;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Holds the index against the exact search of the gallery: how often it finds the same, and the processor time of one query. The people
 * are generated: {@code -Dpeople=200000} directions, {@code -Dwidth=128} wide, that vary in {@code -Ddimensions=24} dimensions only, as
 * embeddings of faces vary in fewer than they are wide (those of a teacher of the drawn faces, 64 wide, in about 12: the participation
 * ratio of their covariance). With as many dimensions as values nothing structures the data, which is the hardest case for a graph. A
 * probe is one of the people, moved to a cosine of about 0.6 with where it was; what counts is whether the index answers as the exact
 * search does, right or wrong.
 *
 * <p>{@code -Dgallery=people.gallery} indexes what {@code Gallery.save} wrote instead. {@code -Dindex=} is where the index goes.
 */
public final class VectorIndexExample {

    private static final int TOP = 10;

    private VectorIndexExample() {}

    public static void main(String[] args) throws Exception {
        // Processor time is taken of the thread that asks: it has to do all of the work.
        CpuThreads.use(1);
        Path index = Path.of(given("index").orElse("target/people.index"));
        Files.createDirectories(index.toAbsolutePath().getParent());
        Optional<Path> own = given("gallery").map(Path::of);
        People people = new People(number("people", 200_000), number("width", 128), number("dimensions", 24));
        Gallery gallery = own.map(Gallery::load).orElseGet(() -> people.gallery(tenths("enrolled")));
        System.out.println(gallery + "; indexing takes one thread about half an hour for a million");
        long began = System.nanoTime();
        double before = processorSeconds();
        PeopleIndex.write(gallery, index, tenths("indexed"));
        System.out.printf(
                Locale.ROOT,
                "indexed in %.0f s, of processor time %.0f: %s%n",
                (System.nanoTime() - began) / 1e9,
                processorSeconds() - before,
                index);
        System.out.printf(
                Locale.ROOT,
                "exact search keeps %.0f MB of templates in memory, the index %.0f MB on disk%n",
                4e-6 * gallery.templates() * gallery.width(),
                1e-6 * bytes(index));
        if (own.isEmpty()) {
            try (PeopleIndex opened = PeopleIndex.open(index)) {
                compare(gallery, opened, people.probes(number("probes", 1000)));
            }
        }
    }

    /** One line for each tenth that is done. */
    private static BiConsumer<Integer, Integer> tenths(String what) {
        return (done, all) -> {
            int tenth = Math.max(1, all / 10);
            if (done % tenth == 0 && done < all) {
                System.out.printf(Locale.ROOT, "%s %,d of %,d%n", what, done, all);
            }
        };
    }

    static void compare(Gallery gallery, PeopleIndex index, List<INDArray> probes) {
        List<Answers> exact = new ArrayList<>();
        Table table = Table.of("search", "first as exact %", "first ten as exact %", "processor ms a query");
        System.out.println("asking the exact search …");
        double time = milliseconds(
                probes, probe -> exact.add(gallery.identify(probe, TOP).get(0)));
        table = table.row("exact", "100.0", "100.0", String.format(Locale.ROOT, "%.2f", time));
        for (int breadth : new int[] {10, 50, 200, 800}) {
            System.out.println("asking the index, breadth " + breadth + " …");
            List<Answers> found = new ArrayList<>();
            double each = milliseconds(
                    probes,
                    probe -> found.add(index.identify(probe, TOP, breadth).get(0)));
            table = table.row(
                    "index, breadth " + breadth,
                    percent(recall(exact, found, 1)),
                    percent(recall(exact, found, TOP)),
                    String.format(Locale.ROOT, "%.2f", each));
        }
        System.out.println(table);
    }

    /** The share of the exact search's first answers that the other found among as many. */
    static double recall(List<Answers> exact, List<Answers> found, int top) {
        double share = 0;
        for (int i = 0; i < exact.size(); i++) {
            Set<String> wanted = new HashSet<>();
            exact.get(i).ranked().stream().limit(top).forEach(answer -> wanted.add(answer.identity()));
            share += found.get(i).ranked().stream()
                            .limit(top)
                            .filter(answer -> wanted.contains(answer.identity()))
                            .count()
                    / (double) wanted.size();
        }
        return share / exact.size();
    }

    /** The median of one query at a time, the first tenth left out; by processor time, so that other programs do not count. */
    private static double milliseconds(List<INDArray> probes, Consumer<INDArray> query) {
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        double[] times = probes.stream()
                .mapToDouble(probe -> {
                    long began = clock.getCurrentThreadCpuTime();
                    query.accept(probe);
                    return (clock.getCurrentThreadCpuTime() - began) / 1e6;
                })
                .skip(probes.size() / 10)
                .sorted()
                .toArray();
        return times[times.length / 2];
    }

    /** Of the whole process, so that its garbage collector counts. */
    private static double processorSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    /** Stands for a network whose embeddings were computed somewhere else: the gallery asks for its name and width only. */
    record Elsewhere(String identity, int embeddingWidth) implements Guide {

        @Override
        public Input input() {
            return new Input(ImageShape.gray(1), Scaling.ZERO_ONE);
        }

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public Output output(INDArray images) {
            throw new UnsupportedOperationException(
                    identity + ": wanted embeddings that were computed elsewhere, got images");
        }
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }

    private static int number(String name, int otherwise) {
        return given(name).map(Integer::parseInt).orElse(otherwise);
    }

    private static Optional<String> given(String name) {
        return Optional.ofNullable(System.getProperty("horkd." + name))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }
}
