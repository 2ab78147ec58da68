package io.github.horkd.distill;

import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.model.Network;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where a stage stands: how far it is, which epoch was the best so far, and whether its loss is still sound. */
final class Progress {

    /** A loss that has grown by this factor since the first step will not come back. */
    private static final double EXPLODED = 1000;

    final TrainingGraph graph;
    final int steps;
    final int epochs;
    private final Stage stage;
    private final String fingerprint;
    private final Optional<EmbeddingSpace> space;
    private final boolean judged;
    private int epoch;
    private int batch;
    private int step;
    private double epochLoss;
    private int bestEpoch;
    private double bestLoss = Double.POSITIVE_INFINITY;
    private double firstLoss = Double.NaN;
    private INDArray bestParameters;

    Progress(
            Stage stage,
            TrainingGraph graph,
            int steps,
            int epochs,
            String fingerprint,
            Optional<EmbeddingSpace> space) {
        this.stage = stage;
        this.graph = graph;
        this.steps = steps;
        this.epochs = epochs;
        this.fingerprint = fingerprint;
        this.space = space;
        this.judged = stage.options().earlyStopping().active()
                || stage.options().validation().decides();
    }

    /** Epochs done. */
    int epoch() {
        return epoch;
    }

    /** Batches done of the epoch under way. */
    int batch() {
        return batch;
    }

    /** Sum of the losses of those batches. */
    double epochLoss() {
        return epochLoss;
    }

    /** Optimiser steps done. */
    int step() {
        return step;
    }

    /** The epoch whose parameters {@link #best} has, from 1. */
    int bestEpoch() {
        return bestEpoch;
    }

    /** The share of all steps that is done, 0…1. */
    double share() {
        return (double) step / steps;
    }

    /**
     * Goes on where a checkpoint is.
     *
     * @throws IOException when its arrays are those of another network
     */
    void resume(Checkpoint from) throws IOException {
        if (from.bestParameters() != null
                && from.bestParameters().length() != graph.parameters().length()) {
            throw new IOException("its best epoch's parameters are not those of this network");
        }
        epoch = from.position().epoch();
        batch = from.position().batch();
        step = from.position().step();
        epochLoss = from.epochLoss();
        bestEpoch = from.bestEpoch();
        bestLoss = from.bestLoss();
        firstLoss = from.firstLoss();
        bestParameters = from.bestParameters();
        graph.restore(from.parameters(), from.updaterState(), step, from.lossState());
    }

    Checkpoint checkpoint() {
        return new Checkpoint(
                fingerprint,
                new Checkpoint.Position(epoch, batch, step),
                bestEpoch,
                bestLoss,
                firstLoss,
                epochLoss,
                graph.parameters(),
                graph.updaterState(),
                bestParameters,
                graph.lossState());
    }

    void stepped(double loss) {
        step++;
        batch++;
        epochLoss += loss;
        if (Double.isNaN(firstLoss)) {
            firstLoss = loss;
        }
        String why = null;
        if (!Double.isFinite(loss)) {
            why = graph.recorded().stream()
                    .map(RecordingLoss::notFinite)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse("the loss is " + loss);
        } else if (loss > EXPLODED * Math.max(firstLoss, 1e-3)) {
            why = graph.recorded().stream()
                            .max(Comparator.comparingDouble(RecordingLoss::lastValue))
                            .orElseThrow()
                            .largest()
                    + ", the loss " + loss + " against " + firstLoss + " at the start";
        }
        String collapse = graph.recorded().stream()
                .map(RecordingLoss::collapse)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (collapse != null) {
            throw new DivergedException(
                    "stage " + stage.name() + ", epoch " + (epoch + 1) + ", step " + step
                            + ": the learner has collapsed: its answers are " + collapse
                            + ", so its losses say nothing; lower the learning rate ("
                            + stage.options().schedule().learningRate()
                            + "), or begin with a network whose weights are not all zero",
                    bestParameters == null ? null : best());
        }
        if (why != null) {
            throw new DivergedException(
                    "stage " + stage.name() + ", epoch " + (epoch + 1) + ", step " + step + ": training diverged: "
                            + why + "; lower the learning rate ("
                            + stage.options().schedule().learningRate() + ") or that term's weight",
                    bestParameters == null ? null : best());
        }
    }

    /** Without a judge the last epoch is the best: the training loss of an early one says nothing. */
    void epochDone() {
        epoch++;
        batch = 0;
        epochLoss = 0;
        if (!judged) {
            keep(Double.POSITIVE_INFINITY);
        }
    }

    /**
     * What was said of the epoch that was done last.
     *
     * @param value less is better; not a number is never better
     * @return whether it is the best so far
     */
    boolean judge(double value) {
        boolean better = value < bestLoss || bestParameters == null;
        if (better) {
            keep(Double.isNaN(value) ? Double.POSITIVE_INFINITY : value);
        }
        return better;
    }

    private void keep(double value) {
        bestLoss = value;
        bestEpoch = epoch;
        bestParameters = graph.parameters().dup();
    }

    /** The learner as far as it has come. */
    Network soFar() {
        return network(graph.parameters());
    }

    /** The learner with the parameters of its best epoch. */
    Network best() {
        return network(bestParameters);
    }

    private Network network(INDArray parameters) {
        Map<String, String> made = new LinkedHashMap<>();
        made.put("stage", stage.name());
        made.put("resolution", stage.resolution().name());
        made.put("seed", Long.toString(stage.options().seed()));
        made.put("schedule", stage.options().schedule().toString());
        made.put("epoch", Integer.toString(bestEpoch));
        made.put("labelWeight", Double.toString(stage.options().labelWeight()));
        made.put("losses", stage.losses().toString());
        made.put("fingerprint", fingerprint);
        Network trained = graph.trained(parameters, made);
        return space.map(trained::withSpace).orElse(trained);
    }
}
