package io.github.horkd.internal.inference;

import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** DL4J's activations in oneDNN's terms. */
final class PlanActivation {

    private PlanActivation() {}

    /** The step that computes an activation; empty for one that oneDNN has not, or not surely the same. */
    static Optional<PlanStep.Pointwise> of(IActivation function) {
        Class<?> type = function.getClass();
        if (function.equals(new ActivationReLU())) {
            return step(dnnl.dnnl_eltwise_relu, 0);
        }
        if (type == ActivationLReLU.class) {
            return step(dnnl.dnnl_eltwise_relu, ((ActivationLReLU) function).getAlpha());
        }
        if (type == ActivationELU.class && ((ActivationELU) function).getAlpha() == 1) {
            return step(dnnl.dnnl_eltwise_elu, 1);
        }
        if (type == ActivationTanH.class) {
            return step(dnnl.dnnl_eltwise_tanh, 0);
        }
        if (type == ActivationSigmoid.class) {
            return step(dnnl.dnnl_eltwise_logistic, 0);
        }
        return type == ActivationSwish.class ? step(dnnl.dnnl_eltwise_swish, 1) : Optional.empty();
    }

    private static Optional<PlanStep.Pointwise> step(int algorithm, double alpha) {
        return Optional.of(new PlanStep.Pointwise(algorithm, (float) alpha, 0));
    }
}
