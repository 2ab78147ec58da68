package io.github.horkd.accelerate;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.internal.onednn.NativeThreads;
import io.github.horkd.internal.parallel.ForkJoin;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.bytedeco.openblas.global.openblas;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** One setting reaches everything that has threads, and results depend on it by no more than rounding. */
class CpuThreadsTest {

    private int before;

    @BeforeEach
    void remember() {
        before = CpuThreads.count();
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1);
    }

    @AfterEach
    void putBack() {
        CpuThreads.use(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 1})
    void reachesEverythingWithThreads(int threads) {
        CpuThreads.use(threads);
        assertEquals(threads, CpuThreads.count());
        assertEquals(threads, ForkJoin.threads());
        assertEquals(1, Nd4j.getEnvironment().maxThreads());
        assertEquals(1, Nd4j.getEnvironment().maxMasterThreads());
        assertEquals(1, openblas.blas_get_num_threads());
        assertEquals(threads, threadsOfOpenMp());
        assertEquals(
                threads,
                CompletableFuture.supplyAsync(CpuThreadsTest::threadsOfOpenMp).join());
    }

    /** What oneDNN would use after a pass in the calling thread. */
    private static int threadsOfOpenMp() {
        ComputationGraph network = network();
        network.outputSingle(AccelerationTest.batch(3, 1).getFeatures(0));
        return ((Nd4jCpu) NativeOpsHolder.getInstance().getDeviceNativeOps()).ompGetMaxThreads();
    }

    @Test
    void whoWorksBesideOthersGetsOneCore() {
        CpuThreads.use(2);
        assertEquals(2, NativeThreads.here());
        ForkJoin.share(2, 20, (slot, piece) -> assertEquals(1, NativeThreads.here()), NativeThreads::alone);
        assertEquals(2, NativeThreads.here());
    }

    @Test
    void resultsAreReproducibleAndAgree() {
        INDArray one = trained(1);
        INDArray two = trained(2);
        assertEquals(one, trained(1));
        assertEquals(two, trained(2));
        assertTrue(one.sub(two).amaxNumber().doubleValue() <= 1e-5);
    }

    @Test
    void changesBetweenTwoSteps() {
        ComputationGraph changing = network();
        ComputationGraph steady = network();
        for (int step = 0; step < 4; step++) {
            CpuThreads.use(1);
            steady.fit(AccelerationTest.batch(12, step));
            CpuThreads.use(1 + step % 2);
            changing.fit(AccelerationTest.batch(12, step));
        }
        assertTrue(changing.params().sub(steady.params()).amaxNumber().doubleValue() <= 1e-5);
    }

    /** Each portion of a batch is computed by one thread, whichever it is. */
    @Test
    void aBatchOfSeveralPortionsIsAnsweredTheSame() {
        Network folded = Network.create(
                        Backbone.residual(20, 24),
                        new Head.Softmax(),
                        new Input(ImageShape.colour(32), Scaling.STANDARDISED),
                        List.of("a", "b", "c"),
                        3)
                .folded();
        assertTrue(folded.isPlanned());
        INDArray images = Nd4j.rand(100, 3, 32, 32);
        CpuThreads.use(1);
        Guide.Output one = folded.output(images);
        CpuThreads.use(2);
        for (int again = 0; again < 20; again++) {
            Guide.Output two = folded.output(images);
            // ND4J's own comparison lets a difference of 1e-5 pass.
            assertArrayEquals(
                    one.embeddings().data().asFloat(), two.embeddings().data().asFloat());
            assertArrayEquals(
                    one.logits().orElseThrow().data().asFloat(),
                    two.logits().orElseThrow().data().asFloat());
        }
    }

    /** Around the sizes where batches begin to be cut, and for sizes that do not divide. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 15, 16, 17, 18, 31, 33, 63, 65, 130})
    void aBatchOfAnySizeIsAnswered(int images) {
        Network network = Network.create(
                Backbone.residual(8, 24),
                new Head.Softmax(),
                new Input(ImageShape.gray(16), Scaling.ZERO_ONE),
                List.of("a", "b", "c"),
                3);
        Network folded = network.folded();
        INDArray batch = Nd4j.rand(images, 1, 16, 16);
        for (int threads = 1; threads <= 2; threads++) {
            CpuThreads.use(threads);
            assertArrayEquals(
                    network.embed(batch).data().asFloat(),
                    folded.embed(batch).data().asFloat(),
                    2e-5f);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 100_000})
    void refusesWhatCannotBe(int threads) {
        var error = assertThrows(IllegalArgumentException.class, () -> CpuThreads.use(threads));
        assertTrue(error.getMessage().contains(String.valueOf(threads)), error.getMessage());
    }

    private static INDArray trained(int threads) {
        CpuThreads.use(threads);
        ComputationGraph network = network();
        for (int step = 0; step < 6; step++) {
            network.fit(AccelerationTest.batch(step % 3 == 2 ? 5 : 32, step));
        }
        return network.params().dup();
    }

    private static ComputationGraph network() {
        ComputationGraph network =
                AccelerationTest.residual(DataType.FLOAT, CNN2DFormat.NCHW, WorkspaceMode.ENABLED, 16, 32, true);
        Acceleration.forTraining(network);
        return network;
    }
}
