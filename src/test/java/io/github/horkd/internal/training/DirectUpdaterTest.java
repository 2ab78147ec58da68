package io.github.horkd.internal.training;

import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The same gradients make the same updates and the same state as with DL4J's own updater. */
class DirectUpdaterTest {

    enum Training {
        ADAM(c -> c.updater(new Adam(1e-2))),
        ADAM_WITH_DECAY(c -> c.updater(new Adam(new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.9)))
                .weightDecay(0.02, true)),
        ADAM_WITH_DECAY_FREE_OF_RATE(
                c -> c.updater(new Adam(1e-3, 0.5, 0.99, 1e-3)).weightDecay(0.02, false)),
        ADAM_WITH_L2(c -> c.updater(new Adam(1e-2)).l2(0.1)),
        ADAM_WITH_L1_AND_DECAY(c -> c.updater(new Adam(1e-2)).l1(0.1).weightDecay(0.1)),
        ADAM_CLIPPED(c -> c.updater(new Adam(1e-2))
                .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                .gradientNormalizationThreshold(0.5)),
        ADAM_OF_WHOLE_BATCH(c -> c.updater(new Adam(1e-2)).miniBatch(false)),
        ADAM_AND_SGD(c -> c.updater(new Adam(1e-2)).biasUpdater(new Sgd(0.1))),
        SGD_WITH_DECAY(c -> c.updater(new Sgd(0.1)).weightDecay(0.02)),
        NESTEROV(c -> c.updater(new Nesterovs(0.1))),
        AMSGRAD(c -> c.updater(new AMSGrad(0.1)));

        private final Consumer<NeuralNetConfiguration.Builder> settings;

        Training(Consumer<NeuralNetConfiguration.Builder> settings) {
            this.settings = settings;
        }
    }

    @ParameterizedTest
    @EnumSource
    void updatesLikeDl4j(Training training) {
        ComputationGraph plain = network(training);
        ComputationGraph fast = network(training);
        var ours = new DirectUpdater(fast, null);
        var theirs = new ComputationGraphUpdater(plain);
        Nd4j.getRandom().setSeed(3);
        for (int iteration = 0; iteration < 6; iteration++) {
            INDArray gradient = Nd4j.randn(1, plain.numParams());
            INDArray expected = updated(plain, theirs, gradient, iteration);
            INDArray actual = updated(fast, ours, gradient, iteration);
            assertTrue(expected.sub(actual).amaxNumber().doubleValue()
                    <= 1e-6 * Math.max(1, expected.amaxNumber().doubleValue()));
            if (theirs.getStateViewArray() == null) {
                assertEquals(null, ours.getStateViewArray());
            } else {
                assertTrue(theirs.getStateViewArray()
                                .sub(ours.getStateViewArray())
                                .amaxNumber()
                                .doubleValue()
                        <= 1e-6);
            }
        }
    }

    private static INDArray updated(
            ComputationGraph network, ComputationGraphUpdater updater, INDArray values, int iteration) {
        INDArray own = updater.getFlattenedGradientsView();
        own.assign(values.reshape(own.shape()));
        Gradient gradient = new DefaultGradient(own);
        for (var vertex : network.getVertices()) {
            if (vertex.numParams() > 0) {
                long at = 0;
                INDArray view = vertex.getLayer().getGradientsViewArray();
                for (var entry : vertex.getLayer().paramTable().entrySet()) {
                    long end = at + entry.getValue().length();
                    gradient.setGradientFor(
                            vertex.getVertexName() + "_" + entry.getKey(),
                            view.reshape(view.length()).get(org.nd4j.linalg.indexing.NDArrayIndex.interval(at, end)));
                    at = end;
                }
            }
        }
        updater.update(gradient, iteration, 0, 7, LayerWorkspaceMgr.noWorkspaces());
        return own.dup();
    }

    private static ComputationGraph network(Training training) {
        var configuration = new NeuralNetConfiguration.Builder().seed(4);
        training.settings.accept(configuration);
        var network = new ComputationGraph(configuration
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(6, 6, 2))
                .addLayer(
                        "c0",
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(40)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "in")
                .addLayer("n0", new BatchNormalization.Builder().build(), "c0")
                .addLayer(
                        "c1",
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(30)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "n0")
                .addLayer(
                        "n1", new BatchNormalization.Builder().useLogStd(false).build(), "c1")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                                .nOut(3)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "n1")
                .setOutputs("out")
                .build());
        network.init();
        return network;
    }
}
