package io.github.horkd.distill;

import io.github.horkd.accelerate.Acceleration;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import io.github.horkd.loss.MapShape;
import io.github.horkd.model.Network;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

/**
 * A learner with its loss heads on: a copy of its graph, less what leads nowhere but to its own output, plus one loss layer a
 * head. After training the parameters go back into a plain copy of the learner by layer name, so that nothing of this stays.
 */
final class TrainingGraph {

    /** Losses against a guide fall to trust^(1 + this) over a stage; decisions/weak-teacher says why. */
    private static final double FADING = 4;

    private final Network learner;
    private final ComputationGraph graph;
    private final List<RecordingLoss> recorded = new ArrayList<>();
    private final double[] trust;

    TrainingGraph(Network learner, List<LossHead> heads, double[] trust, Schedule schedule, int steps, long seed) {
        this.learner = learner;
        this.trust = trust;
        var builder = new TransferLearning.GraphBuilder(learner.graph())
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Adam(schedule.over(steps)))
                        .weightDecay(schedule.weightDecay(), true)
                        .seed(seed)
                        .build());
        superfluous(learner.graph().getConfiguration(), heads).forEach(builder::removeVertexAndConnections);
        for (LossHead head : heads) {
            String from = head.vertex();
            if (head.projection() > 0) {
                from = head.name() + "-projection";
                builder.addLayer(from, projection(head), head.vertex());
            }
            if (!head.beside().isEmpty()) {
                builder.addVertex(head.name() + "-merged", new MergeVertex(), from, head.beside());
                from = head.name() + "-merged";
            }
            RecordingLoss recording = new RecordingLoss(head.guide().isEmpty() ? "" : head.guide() + ": ", head.loss());
            recorded.add(recording);
            LossLayer layer = new LossLayer.Builder(recording)
                    .activation(Activation.IDENTITY)
                    .build();
            // Its builder takes no width; without one DL4J warns of a size of zero.
            layer.setNOut(width(head));
            if (head.source() == LossHead.Source.MAPS) {
                MapShape seen = head.maps().seen();
                builder.addLayer(
                        head.name(),
                        layer,
                        new CnnToFeedForwardPreProcessor(seen.height(), seen.width(), seen.channels()),
                        from);
            } else {
                builder.addLayer(head.name(), layer, from);
            }
        }
        graph = builder.setOutputs(heads.stream().map(LossHead::name).toArray(String[]::new))
                .build();
        Acceleration.forTraining(graph);
    }

    private FeedForwardLayer projection(LossHead head) {
        return head.source() == LossHead.Source.MAPS
                ? new ConvolutionLayer.Builder(1, 1)
                        .nIn(head.maps().channels())
                        .nOut(head.projection())
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .weightInit(WeightInit.XAVIER)
                        .build()
                : new DenseLayer.Builder()
                        .nIn(learner.embeddingWidth())
                        .nOut(head.projection())
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .weightInit(WeightInit.XAVIER)
                        .build();
    }

    private int width(LossHead head) {
        if (head.source() == LossHead.Source.MAPS) {
            return head.maps().seen().size();
        }
        if (head.projection() > 0) {
            return head.projection();
        }
        return head.vertex().equals(learner.embeddingVertex())
                ? learner.embeddingWidth()
                : learner.classes().size() + (head.beside().isEmpty() ? 0 : learner.embeddingWidth());
    }

    /** The vertices that no head needs: the learner's own output layer, and what only it needs. */
    private static Set<String> superfluous(ComputationGraphConfiguration configuration, List<LossHead> heads) {
        Deque<String> open = new ArrayDeque<>();
        heads.forEach(head -> open.add(head.vertex()));
        heads.stream().map(LossHead::beside).filter(vertex -> !vertex.isEmpty()).forEach(open::add);
        Set<String> needed = new LinkedHashSet<>();
        while (!open.isEmpty()) {
            String vertex = open.pop();
            if (needed.add(vertex)) {
                open.addAll(configuration.getVertexInputs().getOrDefault(vertex, List.of()));
            }
        }
        Set<String> rest = new LinkedHashSet<>(configuration.getVertices().keySet());
        rest.removeAll(needed);
        return rest;
    }

    /**
     * One optimiser step; the weighted sum of all terms on this batch. An inspected one looks for a learner that has collapsed.
     *
     * @param share of the stage's steps that are done, 0…1: losses against a guide that is not trusted fade the further a stage is
     */
    double step(INDArray images, HeadTargets.Batch targets, double share, boolean inspected) {
        recorded.forEach(loss -> loss.inspect(inspected));
        for (int h = 0; h < trust.length; h++) {
            recorded.get(h).fade(Math.pow(trust[h], FADING * share));
        }
        count(targets);
        graph.fit(new MultiDataSet(new INDArray[] {images}, targets.arrays()));
        return recorded.stream().mapToDouble(RecordingLoss::lastValue).sum();
    }

    /** The weighted sum of all terms on a batch that nothing is learned from. */
    double score(INDArray images, HeadTargets.Batch targets) {
        recorded.forEach(loss -> loss.fade(1));
        count(targets);
        return graph.score(new MultiDataSet(new INDArray[] {images}, targets.arrays()), false);
    }

    private void count(HeadTargets.Batch targets) {
        for (int h = 0; h < recorded.size(); h++) {
            recorded.get(h).count(targets.rows()[h]);
        }
    }

    ComputationGraph graph() {
        return graph;
    }

    List<RecordingLoss> recorded() {
        return recorded;
    }

    List<TermValue> drainTerms() {
        return recorded.stream().flatMap(m -> m.drain().stream()).toList();
    }

    INDArray parameters() {
        return graph.params();
    }

    INDArray updaterState() {
        return graph.getUpdater().getStateViewArray();
    }

    /**
     * Puts back what {@link #parameters}, {@link #updaterState} and {@link #lossState} gave after so many steps.
     *
     * @throws IOException when they are those of another network, or of other losses
     */
    void restore(INDArray parameters, INDArray updaterState, int iteration, byte[] lossState) throws IOException {
        if (!fits(parameters, graph.params()) || !fits(updaterState, updaterState())) {
            throw new IOException("its arrays are not those of this network");
        }
        graph.setParams(parameters);
        graph.getUpdater().setStateViewArray(updaterState);
        graph.getConfiguration().setIterationCount(iteration);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(lossState))) {
            for (RecordingLoss loss : recorded) {
                loss.readState(in);
            }
            if (in.read() >= 0) {
                throw new IOException("it is longer");
            }
        } catch (IOException e) {
            throw new IOException("what its losses keep is not of these ones: " + e.getMessage(), e);
        }
    }

    private static boolean fits(INDArray kept, INDArray own) {
        return kept != null && own != null && kept.length() == own.length();
    }

    /** What the losses keep from earlier batches. */
    byte[] lossState() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (RecordingLoss loss : recorded) {
                loss.writeState(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The learner with the given parameters of this graph, as a plain network. */
    Network trained(INDArray parameters, Map<String, String> provenance) {
        INDArray current = graph.params().dup();
        graph.setParams(parameters);
        ComputationGraph plain = learner.graph().clone();
        for (Layer layer : plain.getLayers()) {
            String name = layer.conf().getLayer().getLayerName();
            if (graph.getVertex(name) != null) {
                Layer trained = graph.getLayer(name);
                layer.paramTable().forEach((key, value) -> value.assign(trained.getParam(key)));
            }
        }
        graph.setParams(current);
        return learner.with(plain, provenance);
    }
}
