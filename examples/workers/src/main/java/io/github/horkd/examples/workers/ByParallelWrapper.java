package io.github.horkd.examples.workers;

import io.github.horkd.data.Batches;
import io.github.horkd.distill.Schedule;
import io.github.horkd.examples.StudentGraph;
import io.github.horkd.model.Network;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.parallelism.factory.DefaultTrainerContext;

/**
 * A student trained by DL4J's ParallelWrapper: each worker takes whole batches of its own, and after some steps parameters and Adam's state are averaged. All workers
 * wait for each other after every step, and for the next batches.
 *
 * @param workers   how many train at the same time, at least 1
 * @param frequency steps of a worker between two averages
 */
record ByParallelWrapper(int workers, int frequency) implements Workers {

    @Override
    public Network train(Network start, TaughtPictures pictures, Batches plan, Schedule schedule, long seed) {
        return train(start, pictures, plan, schedule, seed, new AcceleratedWorkers());
    }

    Network train(
            Network start,
            TaughtPictures pictures,
            Batches plan,
            Schedule schedule,
            long seed,
            DefaultTrainerContext made) {
        int steps = Workers.steps(schedule, frequency);
        ComputationGraph graph = StudentGraph.of(start, schedule, seed);
        var builder = new ParallelWrapper.Builder<>(graph)
                .trainingMode(ParallelWrapper.TrainingMode.AVERAGING)
                .averagingFrequency(frequency)
                .averageUpdaters(true)
                .prefetchBuffer(0);
        if (workers > 1) {
            builder.workers(workers); // It refuses 1, which on a CPU is what it begins with.
        }
        try (ParallelWrapper wrapper = builder.build()) {
            // Not by the builder's trainerFactory(): build() puts DL4J's own in its place.
            wrapper.setTrainerContext(made);
            // All epochs in one call: each call would build the workers anew.
            wrapper.fit(new PlannedBatches(pictures, plan, Math.multiplyExact(steps, workers)));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the workers could not be stopped", e);
        }
        // The first worker trains the very graph that it was given.
        return StudentGraph.strip(graph, start, "by " + workers + " workers of ParallelWrapper");
    }
}
