package io.github.horkd.model;

import io.github.horkd.loss.AdditiveMarginLoss;
import io.github.horkd.loss.AngularMarginLoss;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.CrossEntropyLoss;
import io.github.horkd.loss.MagnitudeMarginLoss;
import io.github.horkd.loss.QualityMarginLoss;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;

/**
 * How a network tells classes apart, from its embedding on. Whatever the head, the finished network ends in a vertex of plain logits,
 * so it runs in DL4J without this library; a margin exists in training only.
 *
 * <p>A new head is a record that implements this interface, and one line in its contract test. Its components are numbers, booleans and texts, so that a model
 * file can say it; {@link Network#load} is told of such a class. One with a margin on cosines implements {@link CosineHead}.
 */
public interface Head {

    /** The vertex of every network of ours that delivers logits, [N, C]. */
    String LOGITS = "logits";

    /**
     * The loss over labels that trains this head, attached to {@link #trainedVertex()}.
     *
     * @return a loss whose guide side is one-hot labels; an all-zero row is an image without label
     */
    BatchLoss labelLoss();

    /**
     * The vertex that the label loss looks at.
     *
     * @return a vertex name
     */
    String trainedVertex();

    /**
     * Whether the label loss is given the embedding too, behind the columns of the trained vertex, as margins that depend on the embedding's length need it. In training alone.
     *
     * @return false, as for most heads
     */
    default boolean looksAtEmbedding() {
        return false;
    }

    /**
     * Adds the layers from the embedding to the vertex {@value #LOGITS}.
     *
     * @param graph     the graph under construction
     * @param embedding the vertex of the embedding
     * @param classes   how many classes to tell apart
     */
    void addTo(GraphBuilder graph, String embedding, int classes);

    /**
     * Brings freshly drawn parameters into the form that this head wants. Does nothing by default.
     *
     * @param graph the initialised graph; parameters may be changed
     */
    default void prepare(ComputationGraph graph) {}

    /** A linear layer and softmax cross-entropy. */
    record Softmax() implements Head {

        @Override
        public BatchLoss labelLoss() {
            return new CrossEntropyLoss(0);
        }

        @Override
        public String trainedVertex() {
            return LOGITS;
        }

        @Override
        public void addTo(GraphBuilder graph, String embedding, int classes) {
            graph.addLayer(
                    LOGITS,
                    new DenseLayer.Builder()
                            .nOut(classes)
                            .activation(Activation.IDENTITY)
                            .build(),
                    embedding);
        }
    }

    /**
     * Cosines between unit embeddings and unit class weights, with an additive margin in training:
     * {@code softmax(s·(cos θ_y − m), s·cos θ_j)}. After Wang et al., "CosFace", CVPR 2018.
     *
     * @param scale  s, above 0
     * @param margin m, 0 up to, not including, 1
     */
    record CosFace(double scale, double margin) implements CosineHead {

        public CosFace {
            // Refuses here what the loss would refuse at the first batch.
            new AdditiveMarginLoss(scale, margin);
        }

        @Override
        public BatchLoss labelLoss() {
            return new AdditiveMarginLoss(scale, margin);
        }
    }

    /**
     * Cosines between unit embeddings and unit class weights, with a margin on the angle in training:
     * {@code softmax(s·cos(θ_y + m), s·cos θ_j)}. After Deng et al., "ArcFace", CVPR 2019.
     *
     * @param scale  s, above 0
     * @param margin m, in radians
     */
    record ArcFace(double scale, double margin) implements CosineHead {

        public ArcFace {
            // Refuses here what the loss would refuse at the first batch.
            new AngularMarginLoss(scale, margin);
        }

        @Override
        public BatchLoss labelLoss() {
            return new AngularMarginLoss(scale, margin);
        }
    }

    /**
     * Cosines between unit embeddings and unit class weights, with a margin that depends in training on the length of the embedding, as a measure of the picture's quality.
     * After Kim et al., "AdaFace", CVPR 2022; see {@link QualityMarginLoss}.
     *
     * @param scale         s, above 0; 64 in the paper
     * @param margin        m, 0 to 1; 0.4 in the paper
     * @param concentration h, at least 0; 0.333 in the paper
     */
    record AdaFace(double scale, double margin, double concentration) implements CosineHead {

        public AdaFace {
            // Refuses here what the loss would refuse at the first batch.
            new QualityMarginLoss(scale, margin, concentration);
        }

        @Override
        public BatchLoss labelLoss() {
            return new QualityMarginLoss(scale, margin, concentration);
        }

        @Override
        public boolean looksAtEmbedding() {
            return true;
        }
    }

    /**
     * Cosines between unit embeddings and unit class weights, with an angular margin in training that grows with the length of the embedding, which becomes a measure of quality. After
     * Meng et al., "MagFace", CVPR 2021; see {@link MagnitudeMarginLoss}.
     *
     * @param scale       s, above 0
     * @param leastMargin the margin of the shortest embedding, in radians
     * @param mostMargin  that of the longest
     * @param shortest    length from which on the margin grows; embeddings of our backbones are about √D long
     * @param longest     length up to which it does
     * @param price       the weight λ of the price on short embeddings
     */
    record MagFace(double scale, double leastMargin, double mostMargin, double shortest, double longest, double price)
            implements CosineHead {

        public MagFace {
            // Refuses here what the loss would refuse at the first batch.
            new MagnitudeMarginLoss(scale, leastMargin, mostMargin, shortest, longest, price);
        }

        @Override
        public BatchLoss labelLoss() {
            return new MagnitudeMarginLoss(scale, leastMargin, mostMargin, shortest, longest, price);
        }

        @Override
        public boolean looksAtEmbedding() {
            return true;
        }
    }
}
