package io.github.horkd.model;

import io.github.horkd.accelerate.CpuThreads;
import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.KnowledgeSource.Output;
import io.github.horkd.guide.Scaling;
import io.github.horkd.onnx.OnnxExport;
import io.github.horkd.onnx.OnnxGuide;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

/** Eight threads ask one guide at once, and each gets what one thread alone would get, to the last bit. A new kind of guide joins by a line. */
class ManyThreadsTest {

    /** By hand: {@code -Dhorkd.threads.seconds=60}. */
    private static final long SECONDS = Long.getLong("horkd.threads.seconds", 1);

    private static final int[] BATCHES = {1, 3, 8, 70};

    @TempDir
    static Path folder;

    private final int before = CpuThreads.count();

    @AfterEach
    void putBack() {
        CpuThreads.use(before);
    }

    static Stream<Arguments> guides() {
        return Stream.of(
                guide("folded", 1, Network::folded),
                guide("folded", 2, Network::folded),
                guide("through DL4J", 2, network -> network),
                guide("ONNX Runtime", 2, ManyThreadsTest::onnx));
    }

    private static Arguments guide(String name, int threads, Function<Network, Guide> from) {
        return Arguments.of(name, threads, from);
    }

    private static Guide onnx(Network network) {
        Path file = folder.resolve("many.onnx");
        OnnxExport.write(network, file);
        return OnnxGuide.from(file).open();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("guides")
    void answersAreThoseOfOneThread(String name, int threads, Function<Network, Guide> from) throws Exception {
        CpuThreads.use(Math.min(threads, Runtime.getRuntime().availableProcessors()));
        Guide network = from.apply(Network.create(
                Backbone.residual(20, 128),
                new Head.CosFace(16, 0.2),
                new Input(ImageShape.colour(16), Scaling.STANDARDISED),
                List.of("a", "b", "c"),
                3));
        List<INDArray> images = new ArrayList<>();
        List<float[]> wanted = new ArrayList<>();
        for (int batch : BATCHES) {
            for (int i = 0; i < 4; i++) {
                INDArray some = Nd4j.rand(batch, 3, 16, 16);
                images.add(some);
                wanted.add(flat(network.output(some)));
            }
        }
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            long end = System.nanoTime() + SECONDS * 1_000_000_000L;
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int first = thread;
                all.add(pool.submit(() -> {
                    for (int i = first; System.nanoTime() < end; i = (i + 1) % images.size()) {
                        assertArrayEquals(
                                wanted.get(i % images.size()), flat(network.output(images.get(i % images.size()))));
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
            if (network instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }
    }

    private static float[] flat(Output output) {
        float[] embeddings = output.embeddings().dup('c').data().asFloat();
        float[] logits = output.logits().orElseThrow().dup('c').data().asFloat();
        float[] all = java.util.Arrays.copyOf(embeddings, embeddings.length + logits.length);
        System.arraycopy(logits, 0, all, embeddings.length, logits.length);
        return all;
    }
}
