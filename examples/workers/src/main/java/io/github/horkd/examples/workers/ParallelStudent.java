package io.github.horkd.examples.workers;

import io.github.horkd.data.Batches;
import io.github.horkd.distill.Schedule;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.CrossEntropyLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.SoftLogitsLoss;
import io.github.horkd.model.Network;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.parallelism.factory.DefaultTrainerContext;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;

import java.util.Map;

/**
 * A student trained by several workers of one machine: each takes whole batches of its own, and after some steps parameters and Adam's state are averaged.
 *
 * @param workers   how many train at the same time, at least 1
 * @param frequency steps of a worker between two averages
 */
record ParallelStudent(int workers, int frequency) {

    /**
     * Trains.
     *
     * @param start    the student before it learned anything; left as it is
     * @param pictures what there is to learn
     * @param plan     which pictures go together; its batches are those of one worker
     * @param schedule in steps of a worker, a multiple of {@link #frequency}, or the last steps would be those of one worker alone
     * @param seed     for what a layer may draw in training, dropout for instance
     * @return the trained student, a plain network without heads
     */
    Network train(Network start, TaughtPictures pictures, Batches plan, Schedule schedule, long seed) {
        return train(start, pictures, plan, schedule, seed, new AcceleratedWorkers());
    }

    Network train(Network start, TaughtPictures pictures, Batches plan, Schedule schedule, long seed, DefaultTrainerContext made) {
        if (schedule.steps() == 0 || schedule.steps() % frequency != 0) {
            throw new IllegalArgumentException("schedule: wanted steps, a multiple of the averaging frequency " + frequency + ", got " + schedule.steps());
        }
        ComputationGraph graph = graph(start, schedule, seed);
        var builder = new ParallelWrapper.Builder<>(graph).trainingMode(ParallelWrapper.TrainingMode.AVERAGING).averagingFrequency(frequency)
                .averageUpdaters(true).prefetchBuffer(0);
        if (workers > 1) {
            builder.workers(workers);       // It refuses 1, which on a CPU is what it begins with.
        }
        try (ParallelWrapper wrapper = builder.build()) {
            // Not by the builder's trainerFactory(): build() puts DL4J's own in its place.
            wrapper.setTrainerContext(made);
            // All epochs in one call: each call would build the workers anew, with their steps counted from 0.
            wrapper.fit(new PlannedBatches(pictures, plan, Math.multiplyExact(schedule.steps(), workers)));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the workers could not be stopped", e);
        }
        return plain(start, graph);
    }

    /** The student with a loss layer on its logits for the labels, one on its embedding and one more on its logits for what the guide knew. */
    static ComputationGraph graph(Network student, Schedule schedule, long seed) {
        String logits = student.logitsVertex().orElseThrow();
        var builder = new TransferLearning.GraphBuilder(student.graph()).fineTuneConfiguration(new FineTuneConfiguration.Builder()
                .updater(new Adam(schedule.over(schedule.steps()))).weightDecay(schedule.weightDecay(), true)
                .seed(seed).build());
        student.graph().getConfiguration().getNetworkOutputs().forEach(builder::removeVertexAndConnections);
        return builder.addLayer("on-labels", head(new CrossEntropyLoss(0)), logits)
                .addLayer("on-embeddings", head(HybridOrderLoss.defaults()), student.embeddingVertex())
                .addLayer("on-logits", head(new SoftLogitsLoss(4)), logits)
                .setOutputs("on-labels", "on-embeddings", "on-logits").build();
    }

    private static LossLayer head(BatchLoss loss) {
        return new LossLayer.Builder(loss).activation(Activation.IDENTITY).build();
    }

    /** The trained parameters, by layer name, in a copy of the student as it was. The first worker trains the very graph that it was given. */
    private Network plain(Network start, ComputationGraph trained) {
        ComputationGraph plain = start.graph().clone();
        for (Layer layer : plain.getLayers()) {
            String name = layer.conf().getLayer().getLayerName();
            layer.paramTable().forEach((key, value) -> value.assign(trained.getLayer(name).getParam(key)));
        }
        return start.with(plain, Map.of("trained", "by " + workers + " workers"));
    }
}
