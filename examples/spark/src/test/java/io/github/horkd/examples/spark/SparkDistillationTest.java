package io.github.horkd.examples.spark;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.AugmentedPool;
import io.github.horkd.data.Batches;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Split;
import io.github.horkd.distill.Schedule;
import io.github.horkd.examples.Contender;
import io.github.horkd.examples.StudentGraph;
import io.github.horkd.model.Network;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.lossfunctions.ILossFunction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A very short form of the example, on two threads of Spark. */
class SparkDistillationTest {

    private static final Split SPLIT = SparkDistillation.drawn(8, 8).split(0.5, 1);
    private static final PairedImages POOL =
            new AugmentedPool(SPLIT.train(), 4, Augmentation.none().flip().shift(2), 1);

    private static JavaSparkContext spark;
    private static Network teacher;
    private static JavaRDD<Taught> taught;

    @BeforeAll
    static void teach() throws IOException {
        teacher = SparkDistillation.teacher(POOL, Schedule.steps(60).withBatchSize(32));
        spark = SparkDistillation.local(2);
        taught = SparkDistillation.knowledge(spark, teacher, POOL, 3).cache();
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Test
    void knowledgeIsTheSameAsOnOneMachine() {
        List<Taught> all = taught.collect();
        assertEquals(3, taught.getNumPartitions());
        assertTrue(SparkDistillation.farthest(all, teacher, POOL) < 1e-5);
        Network another = SparkDistillation.teacher(POOL, Schedule.steps(1).withBatchSize(32));
        assertTrue(SparkDistillation.farthest(all, another, POOL) > 1e-2, "the comparison tells guides apart");
        assertThrows(
                IllegalStateException.class,
                () -> SparkDistillation.farthest(all.subList(1, all.size()), teacher, POOL));
    }

    @Test
    void partitionsWithoutPicturesKnowNothing() throws IOException {
        PairedImages two = POOL.subset(5, 3);
        assertEquals(
                2, SparkDistillation.knowledge(spark, teacher, two, 4).collect().size());
    }

    @Test
    void twoWorkersTeachTheStudent() {
        Network start = SparkDistillation.untrained(POOL, 7);
        Network trained = train(new SparkStudent(2, 5, 3), start, 16, 60);
        Contender.Score before = Contender.acrossResolutions(start, teacher, SPLIT);
        Contender.Score after = Contender.acrossResolutions(trained, teacher, SPLIT);
        assertTrue(
                after.topOne() > before.topOne() + 0.1 && after.rankOne() > before.rankOne() + 0.1,
                "top-1 " + before.topOne() + " to " + after.topOne() + ", cross-resolution rank-1 " + before.rankOne()
                        + " to " + after.rankOne());
        assertEquals(
                start.graph().getConfiguration().getVertices().keySet(),
                trained.graph().getConfiguration().getVertices().keySet());
    }

    /** With one worker there is nothing to average: whatever Spark loses between two rounds (steps counted, Adam's state) shows. */
    @Test
    void oneWorkerDoesWhatOneMachineDoes() {
        Network start = SparkDistillation.untrained(POOL, 7);
        Network here =
                SparkDistillation.onOneMachine(teacher, POOL, Schedule.steps(20).withBatchSize(32), 7);
        Network there = train(new SparkStudent(1, 2, 5), start, 32, 20);
        double moved = start.graph().params().distance2(here.graph().params());
        double apart = here.graph().params().distance2(there.graph().params());
        assertTrue(apart < 0.05 * moved, "apart " + apart + ", moved " + moved);
    }

    @Test
    void batchesAreThoseOfThePlan() {
        Batches plan = Batches.shuffled(POOL, 16, 3);
        // Two of the last epoch's end and two of the next one's beginning, dealt to two workers in turn.
        int from = plan.count() - 2;
        var minibatches =
                new Minibatches(plan, SparkDistillation.untrained(POOL, 1).input(), 8);
        List<MultiDataSet> made = minibatches.of(taught, from, 4, 2).collect();
        int[][] wanted = Stream.of(from, plan.count(), from + 1, plan.count() + 1)
                .map(b -> plan.epoch(b / plan.count()).get(b % plan.count()).clone())
                .toArray(int[][]::new);
        for (int i = 0; i < wanted.length; i++) {
            java.util.Arrays.sort(wanted[i]);
            assertArrayEquals(
                    java.util.Arrays.stream(wanted[i]).map(POOL::label).toArray(),
                    made.get(i).getLabels(0).argMax(1).toIntVector());
            assertEquals(16, made.get(i).getFeatures(0).size(0));
        }
    }

    @Test
    void lossesSurviveTheTrip() {
        ComputationGraphConfiguration sent = StudentGraph.of(
                        SparkDistillation.untrained(POOL, 1), Schedule.steps(10), 1)
                .getConfiguration();
        ComputationGraphConfiguration returned = spark.parallelize(List.of(sent), 1)
                .map(ComputationGraphConfiguration::clone)
                .collect()
                .get(0);
        assertEquals(3, losses(sent).size());
        assertEquals(losses(sent), losses(returned));
        assertEquals(losses(sent), losses(ComputationGraphConfiguration.fromJson(sent.toJson())));
    }

    @Test
    void stepsThatDoNotFitTheFrequencyAreRefused() {
        Network start = SparkDistillation.untrained(POOL, 7);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> train(new SparkStudent(2, 5, 3), start, 16, 12))
                .getMessage()
                .contains("frequency 5"));
    }

    private static Network train(SparkStudent way, Network start, int batch, int steps) {
        return way.train(
                spark,
                start,
                taught,
                Batches.shuffled(POOL, batch, 7),
                Schedule.steps(steps).withBatchSize(batch),
                7);
    }

    private static List<ILossFunction> losses(ComputationGraphConfiguration configuration) {
        return configuration.getNetworkOutputs().stream()
                .map(name -> ((LossLayer)
                                ((LayerVertex) configuration.getVertices().get(name))
                                        .getLayerConf()
                                        .getLayer())
                        .getLossFn())
                .toList();
    }
}
