package io.github.horkd.examples.workers;

import io.github.horkd.accelerate.Acceleration;
import io.github.horkd.data.Batches;
import io.github.horkd.distill.Schedule;
import io.github.horkd.examples.StudentGraph;
import io.github.horkd.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A student trained by threads that meet only to average: each has a network and batches of its own, puts its batches together itself, and goes on
 * for some steps before parameters and Adam's state are averaged. What {@link ByParallelWrapper} does with a wait after every step.
 *
 * @param workers   how many train at the same time, at least 1
 * @param frequency steps of a worker between two averages
 */
record SideBySide(int workers, int frequency) implements Workers {

    @Override
    public Network train(Network start, TaughtPictures pictures, Batches plan, Schedule schedule, long seed) {
        int steps = Workers.steps(schedule, frequency);
        List<ComputationGraph> graphs = new ArrayList<>();
        // One after the other: DL4J draws weights, though they are replaced here, from a generator that all threads
        // share.
        for (int worker = 0; worker < workers; worker++) {
            ComputationGraph graph = StudentGraph.of(start, schedule, seed);
            Acceleration.forTraining(graph);
            graphs.add(graph);
        }
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        var batches = new PlannedBatches(pictures, plan, steps * workers);
        try {
            for (int done = 0; done < steps; done += frequency) {
                // Dealt out in order, and put together by whom they are for.
                List<List<int[]>> hands = new ArrayList<>();
                for (int worker = 0; worker < workers; worker++) {
                    hands.add(new ArrayList<>());
                }
                for (int i = 0; i < frequency * workers; i++) {
                    hands.get(i % workers).add(batches.nextIndices());
                }
                onEach(threads, worker -> () -> {
                    for (int[] indices : hands.get(worker)) {
                        graphs.get(worker).fit(pictures.batch(indices));
                    }
                    return null;
                });
                average(graphs.stream().map(ComputationGraph::params).toList());
                average(graphs.stream()
                        .map(graph -> graph.getUpdater().getStateViewArray())
                        .toList());
            }
        } finally {
            threads.shutdown();
        }
        return StudentGraph.strip(graphs.get(0), start, "by " + workers + " workers side by side");
    }

    private void onEach(ExecutorService threads, IntFunction<Callable<Void>> work) {
        List<Future<Void>> all = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            all.add(threads.submit(work.apply(worker)));
        }
        try {
            for (Future<Void> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            waitForRest(threads);
            throw new IllegalStateException("a worker failed: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            waitForRest(threads);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the workers were training", e);
        }
    }

    /** Whoever is within a step ends it: its network must not go from under it. */
    private static void waitForRest(ExecutorService threads) {
        threads.shutdown();
        try {
            threads.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Puts the mean into all of them. */
    private static void average(List<INDArray> all) {
        if (all.size() > 1) {
            INDArray mean = all.get(0);
            all.subList(1, all.size()).forEach(mean::addi);
            mean.divi(all.size());
            all.subList(1, all.size()).forEach(other -> other.assign(mean));
        }
    }
}
