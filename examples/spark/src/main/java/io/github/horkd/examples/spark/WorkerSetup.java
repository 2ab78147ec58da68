package io.github.horkd.examples.spark;

import io.github.horkd.accelerate.Acceleration;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * What a network that a Spark worker has built for itself still lacks when it meets its first batch. Every task has its own copy of this.
 * <ul><li>The number of its first step: DL4J 1.0.0-M2.1 loses it when it copies a graph's configuration, and would begin the learning rate's schedule and Adam's
 * bias correction anew after every average.
 * <li>oneDNN: acceleration belongs to a network in memory and does not travel with its configuration.</ul>
 */
final class WorkerSetup implements TrainingHook {

    private static final long serialVersionUID = 1;

    private int firstStep;
    private transient Model ready;

    /** Called on the driver before tasks are sent out. */
    void beginAt(int step) {
        firstStep = step;
    }

    @Override
    public void preUpdate(MultiDataSet batch, Model model) {
        if (model != ready) {
            ComputationGraph graph = (ComputationGraph) model;
            graph.getConfiguration().setIterationCount(firstStep);
            Acceleration.forTraining(graph);
            ready = model;
        }
    }

    @Override
    public void preUpdate(DataSet batch, Model model) {
        throw new UnsupportedOperationException("wanted batches of several labels, MultiDataSet, got a DataSet");
    }

    @Override
    public void postUpdate(DataSet batch, Model model) {
        // nothing to do
    }

    @Override
    public void postUpdate(MultiDataSet batch, Model model) {
        // nothing to do
    }
}
