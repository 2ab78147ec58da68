package io.github.horkd.loss;

import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;

import static io.github.horkd.loss.LossCase.array;
import static io.github.horkd.loss.LossCase.gaussian;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

/** Losses in a user's own graph: DL4J's gradient check, with and without masks, and a few steps of training. */
class LossesInGraphsTest {

    static Stream<BatchLoss> heads() {
        return Stream.of(
                DistanceLoss.guideScaled(), HigherOrderLoss.guideScaled(4, 200, 1), HybridOrderLoss.defaults());
    }

    @ParameterizedTest
    @MethodSource("heads")
    void passesDl4jsGradientCheck(BatchLoss loss) {
        DataType before = Nd4j.dataType();
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        try {
            ComputationGraph graph = graph(loss, new NoOp(), DataType.DOUBLE);
            INDArray labels = Nd4j.zeros(DataType.DOUBLE, 6, 3);
            for (int i = 0; i < 6; i++) {
                labels.putScalar(i, i % 3, 1);
            }
            INDArray[] inputs = {array(gaussian(6, 3, new Random(1)), DataType.DOUBLE)};
            INDArray[] outputs = {labels, array(gaussian(6, 3, new Random(2)), DataType.DOUBLE)};
            INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {1}, {0}, {1}, {1}, {1}});
            for (INDArray[] masks : new INDArray[][] {null, {null, mask}}) {
                assertTrue(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                        .net(graph)
                        .epsilon(1e-6)
                        .maxRelError(1e-4)
                        .minAbsoluteError(1e-9)
                        .inputs(inputs)
                        .labels(outputs)
                        .labelMask(masks)));
            }
        } finally {
            Nd4j.setDefaultDataTypes(before, before);
        }
    }

    @Test
    void trainingLowersTheLoss() {
        ComputationGraph graph = graph(DistanceLoss.guideScaled(), new Sgd(0.5), DataType.FLOAT);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 16, 3);
        for (int i = 0; i < 16; i++) {
            labels.putScalar(i, i % 3, 1);
        }
        INDArray[] inputs = {array(gaussian(16, 3, new Random(1)), DataType.FLOAT)};
        INDArray[] outputs = {labels, array(gaussian(16, 3, new Random(2)), DataType.FLOAT)};
        graph.fit(inputs, outputs);
        double first = graph.score();
        for (int i = 0; i < 60; i++) {
            graph.fit(inputs, outputs);
        }
        assertTrue(graph.score() < 0.8 * first, first + " to " + graph.score());
    }

    /** DL4J asks for the gradient and then for the score: the loss is computed once. */
    @Test
    void theScoreAfterTheGradientCostsNothing() {
        var counting = new Counting();
        INDArray guide = array(gaussian(4, 3, new Random(1)), DataType.FLOAT);
        INDArray learner = array(gaussian(4, 3, new Random(2)), DataType.FLOAT);
        counting.computeGradient(guide, learner, new ActivationIdentity(), null);
        assertEquals(4 * 7.0, counting.computeScore(guide.dup(), learner.dup(), new ActivationIdentity(), null, false));
        assertEquals(1, counting.calls);
        learner.putScalar(0, 9);
        counting.computeScore(guide, learner, new ActivationIdentity(), null, false);
        assertEquals(2, counting.calls, "changed in place: not the same question");
        assertEquals("Counting", counting.name());
    }

    /** The same numbers as other rows, or fewer of them, are another question. */
    @Test
    void theScoreOfOtherRowsIsTheirOwn() {
        BatchLoss loss = DistanceLoss.guideScaled();
        INDArray guide = array(gaussian(8, 6, new Random(1)), DataType.FLOAT);
        INDArray learner = array(gaussian(8, 6, new Random(2)), DataType.FLOAT);
        double first = loss.computeGradientAndScore(guide, learner, new ActivationIdentity(), null, true)
                .getFirst();
        INDArray[] guides = {guide.reshape(6, 8), guide.get(interval(0, 4), all()), guide.castTo(DataType.DOUBLE)};
        INDArray[] learners = {
            learner.reshape(6, 8), learner.get(interval(0, 4), all()), learner.castTo(DataType.DOUBLE)
        };
        for (int i = 0; i < guides.length; i++) {
            double own = loss.computeScore(guides[i], learners[i], new ActivationIdentity(), null, true);
            assertEquals(loss.valueOf(guides[i], learners[i]), own);
            assertNotEquals(first, own);
        }
    }

    private static final class Counting implements BatchLoss {
        private transient int calls;

        @Override
        public LossValue lossAndGradient(INDArray guide, INDArray learner) {
            calls++;
            return new LossValue(7, Nd4j.zerosLike(learner));
        }
    }

    private static ComputationGraph graph(BatchLoss loss, IUpdater updater, DataType type) {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .updater(updater)
                .weightInit(WeightInit.XAVIER)
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "hidden",
                        new DenseLayer.Builder()
                                .nIn(3)
                                .nOut(4)
                                .activation(Activation.TANH)
                                .build(),
                        "in")
                .addLayer(
                        "embedding",
                        new DenseLayer.Builder()
                                .nIn(4)
                                .nOut(3)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "hidden")
                .addVertex("unit", new L2NormalizeVertex(), "embedding")
                .addLayer(
                        "classes",
                        new OutputLayer.Builder(CrossEntropyLoss.plain())
                                .nIn(3)
                                .nOut(3)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "unit")
                .addLayer(
                        "head",
                        new LossLayer.Builder(loss)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "embedding")
                .setOutputs("classes", "head")
                .build());
        graph.init();
        return graph;
    }
}
