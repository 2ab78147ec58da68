package io.github.horkd.examples.workers;

import io.github.horkd.accelerate.Acceleration;
import io.github.horkd.data.Augmentation;
import io.github.horkd.data.AugmentedPool;
import io.github.horkd.data.Batches;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Split;
import io.github.horkd.distill.Schedule;
import io.github.horkd.examples.Contender;
import io.github.horkd.examples.workers.WorkersExample.Teaching;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.model.Network;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A very short form of the example. */
class WorkersExampleTest {

    private static final Split SPLIT = WorkersExample.drawn(8, 8).split(0.5, 1);
    private static final PairedImages POOL =
            new AugmentedPool(SPLIT.train(), 4, Augmentation.none().flip().shift(2), 1);
    private static final KnowledgeStore STORE = KnowledgeStore.inMemory();

    private static Teaching teaching;

    @BeforeAll
    static void teach() {
        teaching = Teaching.of(
                POOL, WorkersExample.teacher(POOL, Schedule.steps(60).withBatchSize(32)), STORE);
    }

    @AfterAll
    static void close() {
        STORE.close();
    }

    static Stream<IntFunction<Workers>> ways() {
        return Stream.of(workers -> new ByParallelWrapper(workers, 5), workers -> new SideBySide(workers, 5));
    }

    /** Better than at the start, and the same whenever it is done again. */
    @ParameterizedTest
    @MethodSource("ways")
    void twoWorkersTeachTheStudent(IntFunction<Workers> way) {
        Schedule schedule = Schedule.steps(60).withBatchSize(16);
        Network start = WorkersExample.untrained(POOL, 7);
        Network trained = teaching.byWorkers(way.apply(2), schedule, 7);
        Contender.Score before = Contender.acrossResolutions(start, teaching.teacher(), SPLIT);
        Contender.Score after = Contender.acrossResolutions(trained, teaching.teacher(), SPLIT);
        assertTrue(
                after.topOne() > before.topOne() + 0.1 && after.rankOne() > before.rankOne() + 0.1,
                "top-1 " + before.topOne() + " to " + after.topOne() + ", cross-resolution rank-1 " + before.rankOne()
                        + " to " + after.rankOne());
        assertEquals(
                start.graph().getConfiguration().getVertices().keySet(),
                trained.graph().getConfiguration().getVertices().keySet());
        // ND4J's own comparison lets a difference of 1e-5 pass.
        assertArrayEquals(
                parameters(trained).data().asFloat(),
                parameters(teaching.byWorkers(way.apply(2), schedule, 7)).data().asFloat());
    }

    /** With one worker there is nothing to average: whatever the workers lack shows. */
    @ParameterizedTest
    @MethodSource("ways")
    void oneWorkerDoesWhatTheLibraryDoes(IntFunction<Workers> way) {
        Schedule schedule = Schedule.steps(20).withBatchSize(32);
        INDArray start = parameters(WorkersExample.untrained(POOL, 7));
        INDArray loop = parameters(teaching.byTheLibrary(schedule, 7));
        INDArray worker = parameters(teaching.byWorkers(way.apply(1), schedule, 7));
        assertTrue(
                loop.distance2(worker) < 0.05 * start.distance2(loop),
                "apart " + loop.distance2(worker) + ", moved " + start.distance2(loop));
    }

    @Test
    void bothWaysAverageTheSame() {
        Schedule schedule = Schedule.steps(10).withBatchSize(16);
        INDArray start = parameters(WorkersExample.untrained(POOL, 7));
        INDArray wrapped = parameters(teaching.byWorkers(new ByParallelWrapper(2, 5), schedule, 7));
        INDArray ours = parameters(teaching.byWorkers(new SideBySide(2, 5), schedule, 7));
        assertTrue(
                wrapped.distance2(ours) < 0.01 * start.distance2(ours),
                "apart " + wrapped.distance2(ours) + ", moved " + start.distance2(ours));
    }

    @Test
    void everyWorkerOfTheWrapperIsAccelerated() {
        Network start = WorkersExample.untrained(POOL, 7);
        var made = new AcceleratedWorkers();
        new ByParallelWrapper(2, 1)
                .train(
                        start,
                        TaughtPictures.of(POOL, start, teaching.knowledge()),
                        Batches.shuffled(POOL, 16, 7),
                        Schedule.steps(1).withBatchSize(16),
                        7,
                        made);
        Acceleration.Report wanted = Acceleration.on(start.graph());
        assertTrue(wanted.convolutions() > 0);
        assertEquals(List.of(wanted, wanted), made.reports());
    }

    @Test
    void batchesAreThoseOfThePlan() {
        Batches plan = Batches.shuffled(POOL, 16, 3);
        var batches = new PlannedBatches(
                TaughtPictures.of(POOL, WorkersExample.untrained(POOL, 1), teaching.knowledge()),
                plan,
                2 * plan.count());
        for (int epoch = 0; epoch < 2; epoch++) {
            for (int[] wanted : plan.epoch(epoch)) {
                MultiDataSet got = batches.next();
                assertEquals(16, got.getFeatures(0).size(0));
                for (int i = 0; i < wanted.length; i++) {
                    assertEquals(
                            POOL.label(wanted[i]),
                            got.getLabels(0).getRow(i).argMax().getInt(0));
                }
            }
        }
        assertFalse(batches.hasNext());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void stepsThatDoNotFitTheFrequencyAreRefused(IntFunction<Workers> way) {
        Schedule schedule = Schedule.steps(12).withBatchSize(16);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> teaching.byWorkers(way.apply(2), schedule, 7))
                .getMessage()
                .contains("frequency 5"));
    }

    private static INDArray parameters(Network network) {
        return network.graph().params();
    }
}
