package io.github.horkd.model;

import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's updater of a graph, spared a detour. DL4J tells its own gradient from one brought from outside by
 * comparing array objects, but hands out a fresh view each time it is asked: its own gradient is then always taken for foreign, and cut
 * into new views parameter by parameter in every step. Same state, same arithmetic.
 */
final class DirectUpdater extends ComputationGraphUpdater {

    private static final long serialVersionUID = 1L;

    DirectUpdater(ComputationGraph network, INDArray state) {
        super(network, state);
    }

    @Override
    public synchronized void update(Gradient gradient, int iteration, int epoch, int batchSize, LayerWorkspaceMgr workspaces) {
        INDArray own = getFlattenedGradientsView();
        INDArray given = gradient.gradient();
        boolean same = given.length() == own.length() && given.data().address() == own.data().address() && given.offset() == own.offset();
        super.update(same ? new Own(gradient, own) : gradient, iteration, epoch, batchSize, workspaces);
    }

    /** The network's gradient, which answers with the network's array itself. */
    private static final class Own extends DefaultGradient {
        private static final long serialVersionUID = 1L;
        private final transient INDArray flattened;

        Own(Gradient gradient, INDArray flattened) {
            super(flattened);
            this.flattened = flattened;
            gradient.gradientForVariable().forEach((name, value) -> setGradientFor(name, value, gradient.flatteningOrderForVariable(name)));
        }

        @Override
        public INDArray gradient() {
            return flattened;
        }
    }
}
