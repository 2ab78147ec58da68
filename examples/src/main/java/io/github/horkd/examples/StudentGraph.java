package io.github.horkd.examples;

import io.github.horkd.distill.Schedule;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.CrossEntropyLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.SoftLogitsLoss;
import io.github.horkd.model.Network;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;

/** From a student to a graph with our losses on, which DL4J trains as it trains any other, and back: for whoever trains by means other than the library's loop. */
public final class StudentGraph {

    private StudentGraph() {}

    /**
     * The student with a loss layer on its logits for the labels, one on its embedding and one more on its logits for what the guide knew.
     *
     * @param student  left as it is
     * @param schedule in steps
     * @param seed     for what a layer may draw in training
     * @return a graph with three outputs, in this order
     */
    public static ComputationGraph of(Network student, Schedule schedule, long seed) {
        String logits = student.logitsVertex().orElseThrow();
        var builder = new TransferLearning.GraphBuilder(student.graph())
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Adam(schedule.over(schedule.steps())))
                        .weightDecay(schedule.weightDecay(), true)
                        .seed(seed)
                        .build());
        student.graph().getConfiguration().getNetworkOutputs().forEach(builder::removeVertexAndConnections);
        return builder.addLayer("on-labels", head(new CrossEntropyLoss(0)), logits)
                .addLayer("on-embeddings", head(HybridOrderLoss.defaults()), student.embeddingVertex())
                .addLayer("on-logits", head(new SoftLogitsLoss(4)), logits)
                .setOutputs("on-labels", "on-embeddings", "on-logits")
                .build();
    }

    private static LossLayer head(BatchLoss loss) {
        return new LossLayer.Builder(loss).activation(Activation.IDENTITY).build();
    }

    /**
     * The trained parameters, by layer name, in a copy of the student as it was.
     *
     * @param trained what {@link #of} gave, trained
     * @param start   the student it was given
     * @param how     goes into the provenance
     * @return a plain network without heads
     */
    public static Network strip(ComputationGraph trained, Network start, String how) {
        ComputationGraph plain = start.graph().clone();
        for (Layer layer : plain.getLayers()) {
            String name = layer.conf().getLayer().getLayerName();
            layer.paramTable()
                    .forEach((key, value) -> value.assign(trained.getLayer(name).getParam(key)));
        }
        return start.with(plain, Map.of("trained", how));
    }
}
