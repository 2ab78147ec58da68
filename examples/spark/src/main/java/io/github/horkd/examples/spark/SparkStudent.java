package io.github.horkd.examples.spark;

import io.github.horkd.data.Batches;
import io.github.horkd.distill.Schedule;
import io.github.horkd.examples.StudentGraph;
import io.github.horkd.model.Network;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * A student trained by Spark's parameter averaging: every worker takes some steps on batches of its own, then parameters and Adam's state are
 * averaged, and so on. The graph is the student's with our losses as loss layers, so DL4J trains it as it trains any other.
 *
 * @param workers    how many train at the same time
 * @param frequency  steps of a worker between two averages
 * @param rounds     averages whose batches are made in one shuffle
 */
record SparkStudent(int workers, int frequency, int rounds) {

    /**
     * Trains.
     *
     * @param spark    where
     * @param start    the student before it learned anything; left as it is
     * @param taught   what the guide knew
     * @param plan     which pictures go together; its batches are those of one worker
     * @param schedule in steps of a worker, a multiple of {@link #frequency}
     * @param seed     for what a layer may draw in training, dropout for instance
     * @return the trained student, a plain network without heads
     */
    Network train(
            JavaSparkContext spark, Network start, JavaRDD<Taught> taught, Batches plan, Schedule schedule, long seed) {
        if (schedule.steps() == 0 || schedule.steps() % frequency != 0) {
            throw new IllegalArgumentException("schedule: wanted steps, a multiple of the averaging frequency "
                    + frequency + ", got " + schedule.steps());
        }
        var setup = new WorkerSetup();
        var master = new ParameterAveragingTrainingMaster.Builder(workers, schedule.batchSize())
                .batchSizePerWorker(schedule.batchSize())
                .averagingFrequency(frequency)
                .saveUpdater(true)
                .trainingHooks(List.of(setup))
                // A round comes as it should be: in memory, and dealt out evenly.
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .storageLevel(null)
                .repartionData(Repartition.Never)
                .build();
        var trainer = new SparkComputationGraph(spark, StudentGraph.of(start, schedule, seed), master);
        var minibatches = new Minibatches(plan, start.input(), start.classes().size());
        for (int done = 0; done < schedule.steps(); ) {
            int steps = Math.min(frequency * rounds, schedule.steps() - done);
            // The memory of arrays is not on the heap, where Spark would count it: kept as bytes.
            JavaRDD<MultiDataSet> some = minibatches
                    .of(taught, done * workers, steps * workers, workers)
                    .persist(StorageLevel.MEMORY_ONLY_SER());
            for (int from = 0; from < steps; from += frequency) {
                setup.beginAt(done + from);
                trainer.fitMultiDataSet(Minibatches.ofEachPartition(some, from, frequency));
            }
            some.unpersist();
            done += steps;
            System.out.printf(
                    Locale.ROOT, "Spark: step %d of %d, score %.4f%n", done, schedule.steps(), trainer.getScore());
        }
        return StudentGraph.strip(trainer.getNetwork(), start, "on Spark");
    }
}
