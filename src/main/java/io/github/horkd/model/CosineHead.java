package io.github.horkd.model;

import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.constraint.UnitNormConstraint;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A head over cosines between unit embeddings and unit class weights. Its loss puts a margin on the cosines in training; the logits are {@code scale · cosine}.
 * A new one says its scale and its loss.
 */
public interface CosineHead extends Head {

    /** The vertex that delivers cosines, [N, C]; the margin is put on these. */
    String COSINES = "cosines";

    /**
     * What the cosines are multiplied by.
     *
     * @return s, above 0
     */
    double scale();

    @Override
    default String trainedVertex() {
        return COSINES;
    }

    @Override
    default void addTo(GraphBuilder graph, String embedding, int classes) {
        graph.addVertex("unit", new L2NormalizeVertex(), embedding);
        // Weights are [D, C]: a column a class, kept at length 1 after every step.
        graph.addLayer(
                COSINES,
                new DenseLayer.Builder()
                        .nOut(classes)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .constrainWeights(new UnitNormConstraint(Set.of("W"), 0))
                        .build(),
                "unit");
        graph.addVertex(LOGITS, new ScaleVertex(scale()), COSINES);
    }

    /** Brings the class weights to length 1: their constraint acts after a step, and the first step must see unit columns too. */
    @Override
    default void prepare(ComputationGraph graph) {
        INDArray weights = graph.getLayer(COSINES).getParam("W");
        weights.diviRowVector(weights.norm2(true, 0));
    }
}
