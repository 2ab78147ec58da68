package io.github.horkd.examples.workers;

import io.github.horkd.accelerate.Acceleration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.parallelism.factory.DefaultTrainerContext;
import org.deeplearning4j.parallelism.trainer.DefaultTrainer;
import org.deeplearning4j.parallelism.trainer.Trainer;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Makes the workers of a ParallelWrapper, each with what DL4J 1.0.0-M2.1 leaves out.
 * <ul><li>oneDNN: every worker but the first builds its network anew from the configuration, and acceleration belongs to a network in memory.
 * <li>One start for all: a worker takes its first parameters from the first worker's network, which is DL4J's to train as soon as its first batch is there. Here no
 * batch is handed out before all workers are ready.</ul>
 * For one call of {@code fit}.
 */
final class AcceleratedWorkers extends DefaultTrainerContext {

    private final List<Worker> workers = new CopyOnWriteArrayList<>();
    private final List<Acceleration.Report> reports = new CopyOnWriteArrayList<>();

    @Override
    public Trainer create(
            String uuid,
            int number,
            Model model,
            int device,
            boolean multi,
            ParallelWrapper wrapper,
            WorkspaceMode mode,
            int frequency) {
        var worker = new Worker(uuid, number, model, multi, wrapper, mode, frequency);
        workers.add(worker);
        return worker;
    }

    /** What was accelerated in each worker's network, in the order in which these were ready. */
    List<Acceleration.Report> reports() {
        return List.copyOf(reports);
    }

    private final class Worker extends DefaultTrainer {
        private final CountDownLatch ready = new CountDownLatch(1);

        Worker(
                String uuid,
                int number,
                Model model,
                boolean multi,
                ParallelWrapper wrapper,
                WorkspaceMode mode,
                int frequency) {
            this.uuid = uuid + "_thread_" + number;
            this.threadId = number;
            this.originalModel = model;
            this.useMDS = multi;
            this.parallelWrapper = wrapper;
            this.workspaceMode = mode;
            this.averagingFrequency = frequency;
        }

        @Override
        public void run() {
            try {
                super.run();
            } finally {
                ready.countDown(); // A worker that failed must not keep the others waiting; DL4J passes its
                // exception on.
            }
        }

        /** DL4J's place for this: the network is there, and no batch was seen yet. */
        @Override
        protected void postInit() {
            super.postInit();
            reports.add(Acceleration.forTraining((ComputationGraph) replicatedModel));
            ready.countDown();
        }

        @Override
        public void feedMultiDataSet(MultiDataSet batch, long waited) {
            try {
                for (Worker worker : workers) {
                    worker.ready.await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the workers were made ready", e);
            }
            super.feedMultiDataSet(batch, waited);
        }
    }
}
