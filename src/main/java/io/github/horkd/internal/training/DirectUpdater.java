package io.github.horkd.internal.training;

import io.github.horkd.internal.onednn.NativeFloats;
import java.util.List;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.NoOpUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * DL4J's updater of a graph, spared two detours. DL4J tells its own gradient from one brought from outside by
 * comparing array objects, but hands out a fresh view each time it is asked: its own gradient is then always taken for foreign, and cut
 * into new views parameter by parameter in every step. And Adam, which DL4J asks of ND4J once for every layer with a batch norm, with weight decay once more
 * for every parameter, is done by {@link AdamStep}. Same state, same arithmetic; whatever else a configuration asks for is DL4J's.
 */
final class DirectUpdater extends ComputationGraphUpdater {

    private static final long serialVersionUID = 1L;

    private transient AdamStep adam;

    DirectUpdater(ComputationGraph network, INDArray state) {
        super(network, state);
    }

    @Override
    public synchronized void update(
            Gradient gradient, int iteration, int epoch, int batchSize, LayerWorkspaceMgr workspaces) {
        INDArray own = getFlattenedGradientsView();
        INDArray given = gradient.gradient();
        boolean same = given.length() == own.length()
                && given.data().address() == own.data().address()
                && given.offset() == own.offset();
        if (!same || isNormalising()) {
            super.update(same ? new Own(gradient, own) : gradient, iteration, epoch, batchSize, workspaces);
            return;
        }
        if (adam == null) {
            adam = new AdamStep();
        }
        for (UpdaterBlock block : updaterBlocks) {
            if (block.skipDueToPretrainConfig(false)) {
                continue;
            }
            List<ParamState> states = block.getLayersAndVariablesInBlock();
            if (block.getGradientUpdater() instanceof AdamUpdater updater
                    && states.stream().allMatch(DirectUpdater::hasAtMostWeightDecay)) {
                adam.prepare(updater.getConfig(), iteration, epoch);
                double rate = updater.getConfig().getLearningRate(iteration, epoch);
                for (int from = 0, to; from < states.size(); from = to) {
                    to = from + 1;
                    while (to < states.size()
                            && divisor(states.get(to), batchSize) == divisor(states.get(from), batchSize)
                            && decay(states.get(to), rate, iteration, epoch)
                                    == decay(states.get(from), rate, iteration, epoch)) {
                        to++;
                    }
                    step(
                            block,
                            updater,
                            states.get(from),
                            states.get(to - 1),
                            divisor(states.get(from), batchSize),
                            decay(states.get(from), rate, iteration, epoch));
                }
            } else {
                updateByDl4j(block, iteration, epoch, batchSize, workspaces);
            }
        }
    }

    private boolean isNormalising() {
        for (Trainable layer : getOrderedLayers()) {
            GradientNormalization kind =
                    layer.getConfig() == null ? null : layer.getConfig().getGradientNormalization();
            if (kind != null && kind != GradientNormalization.None) {
                return true;
            }
        }
        return false;
    }

    /** One pass over parameters that lie side by side, from the first to the last. */
    private void step(
            UpdaterBlock block, AdamUpdater updater, ParamState first, ParamState last, float divisor, float decay) {
        int skipped = first.getParamOffsetStart() - block.getParamOffsetStart();
        adam.run(
                NativeFloats.of(first.getGradView()),
                NativeFloats.of(updater.getM()).getPointer(skipped),
                NativeFloats.of(updater.getV()).getPointer(skipped),
                NativeFloats.of(first.getParamView()),
                last.getParamOffsetEnd() - first.getParamOffsetStart(),
                divisor,
                decay);
    }

    private void updateByDl4j(
            UpdaterBlock block, int iteration, int epoch, int batchSize, LayerWorkspaceMgr workspaces) {
        for (ParamState state : block.getLayersAndVariablesInBlock()) {
            if (divisor(state, batchSize) != 1) {
                state.getGradView().divi(batchSize);
            }
        }
        boolean idle = block.getGradientUpdater() instanceof NoOpUpdater
                && block.getLayersAndVariablesInBlock().stream()
                        .allMatch(state -> regularizations(state).isEmpty());
        if (!idle) {
            try (MemoryWorkspace ignored = workspaces.notifyScopeEntered(ArrayType.UPDATER_WORKING_MEM)) {
                block.update(iteration, epoch);
            }
        }
    }

    /** Running statistics are no gradients and are not divided by the size of the batch. */
    private float divisor(ParamState state, int batchSize) {
        return isMiniBatch() && state.getLayer().updaterDivideByMinibatch(state.getParamName()) ? batchSize : 1;
    }

    private static List<Regularization> regularizations(ParamState state) {
        List<Regularization> found = state.getLayer().getConfig().getRegularizationByParam(state.getParamName());
        return found == null ? List.of() : found;
    }

    private static boolean hasAtMostWeightDecay(ParamState state) {
        return regularizations(state).stream()
                .allMatch(regularization -> regularization.getClass() == WeightDecay.class);
    }

    private static float decay(ParamState state, double rate, int iteration, int epoch) {
        double sum = 0;
        for (Regularization regularization : regularizations(state)) {
            var decay = (WeightDecay) regularization;
            sum += decay.getCoeff().valueAt(iteration, epoch) * (decay.isApplyLR() ? rate : 1);
        }
        return (float) sum;
    }

    /** The network's gradient, which answers with the network's array itself. */
    private static final class Own extends DefaultGradient {
        private static final long serialVersionUID = 1L;
        private final transient INDArray flattened;

        Own(Gradient gradient, INDArray flattened) {
            super(flattened);
            this.flattened = flattened;
            gradient.gradientForVariable()
                    .forEach((name, value) -> setGradientFor(name, value, gradient.flatteningOrderForVariable(name)));
        }

        @Override
        public INDArray gradient() {
            return flattened;
        }
    }
}
