package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitVarScalingUniformFanIn;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Builds a graph of a backbone and a head, with random weights. */
final class NewGraph {

    static final String INPUT = "input";

    /**
     * Uniform within ±1/√fan-in. Behind batch-norm the size of a weight sets nothing but how fast it turns: with He's initialisation, 2.4 times
     * larger, short trainings of small students ended clearly lower.
     */
    private static final IWeightInit FAN_IN = new WeightInitVarScalingUniformFanIn(1 / 3.0);

    private NewGraph() {}

    /** A graph without a head when there are no classes. */
    static ComputationGraph of(Backbone backbone, Head head, ImageShape shape, int classes, long seed) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(FAN_IN)
                .updater(new NoOp())
                .dataType(DataType.FLOAT)
                .graphBuilder()
                .addInputs(INPUT)
                .setInputTypes(InputType.convolutional(shape.height(), shape.width(), shape.channels()));
        backbone.addTo(builder, INPUT, shape, Network.EMBEDDING);
        if (classes == 0) {
            builder.addLayer(
                            "end",
                            new ActivationLayer.Builder()
                                    .activation(Activation.IDENTITY)
                                    .build(),
                            Network.EMBEDDING)
                    .setOutputs("end");
        } else {
            head.addTo(builder, Network.EMBEDDING, classes);
            LossLayer softmax = new LossLayer.Builder(new LossMCXENT())
                    .activation(Activation.SOFTMAX)
                    .build();
            // Its builder takes no width; without one DL4J warns of a size of zero.
            softmax.setNOut(classes);
            builder.addLayer("classes", softmax, Head.LOGITS).setOutputs("classes");
        }
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        if (classes > 0) {
            head.prepare(graph);
        }
        return graph;
    }
}
