package io.github.horkd.onnx;

import java.util.Map;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.tribuo.util.onnx.ONNXOperators;

/** Activation functions, by their exact class: a subclass may compute something else. */
final class Activations {

    private Activations() {}

    static boolean isIdentity(IActivation activation) {
        return activation.getClass() == ActivationIdentity.class;
    }

    /** Adds the function over a tensor of some rank; the identity adds nothing. */
    static String add(OnnxGraph onnx, IActivation activation, String name, String x, int rank) {
        Class<?> kind = activation.getClass();
        if (isIdentity(activation)) {
            return x;
        } else if (kind == ActivationReLU.class) {
            return rectify(onnx, (ActivationReLU) activation, name, x);
        } else if (kind == ActivationLReLU.class) {
            return onnx.add(
                    Operator.LEAKY_RELU, name, Map.of("alpha", (float) ((ActivationLReLU) activation).getAlpha()), x);
        } else if (kind == ActivationELU.class) {
            return onnx.add(Operator.ELU, name, Map.of("alpha", (float) ((ActivationELU) activation).getAlpha()), x);
        } else if (kind == ActivationReLU6.class) {
            return clip(onnx, name, x, 0, 6);
        } else if (kind == ActivationHardTanH.class) {
            return clip(onnx, name, x, -1, 1);
        } else if (kind == ActivationTanH.class) {
            return onnx.add(Operator.TANH, name, x);
        } else if (kind == ActivationSigmoid.class) {
            return onnx.add(ONNXOperators.SIGMOID, name, x);
        } else if (kind == ActivationSwish.class) {
            return onnx.add(ONNXOperators.MUL, name, x, onnx.add(ONNXOperators.SIGMOID, name, x));
        } else if (kind == ActivationSoftPlus.class) {
            return onnx.add(Operator.SOFTPLUS, name, x);
        } else if (kind == ActivationSoftSign.class) {
            return onnx.add(Operator.SOFTSIGN, name, x);
        } else if (kind == ActivationSoftmax.class && rank == 2) {
            return onnx.add(ONNXOperators.SOFTMAX, name, Map.of("axis", 1), x);
        }
        throw Unsupported.vertex(name, "activation " + kind.getSimpleName() + (rank == 2 ? "" : " over rank " + rank));
    }

    private static String rectify(OnnxGraph onnx, ActivationReLU relu, String name, String x) {
        if (relu.getThreshold() != null && relu.getThreshold() != 0) {
            throw Unsupported.vertex(name, "activation ReLU with a threshold of " + relu.getThreshold());
        }
        boolean leaky = relu.getNegativeSlope() != null && relu.getNegativeSlope() != 0;
        String y = leaky
                ? onnx.add(
                        Operator.LEAKY_RELU,
                        name,
                        Map.of("alpha", relu.getNegativeSlope().floatValue()),
                        x)
                : onnx.add(Operator.RELU, name, x);
        // No lower bound: an empty name leaves an optional input out.
        return relu.getMax() == null
                ? y
                : onnx.add(Operator.CLIP, name, y, "", onnx.scalar(name + "/max", relu.getMax()));
    }

    private static String clip(OnnxGraph onnx, String name, String x, double low, double high) {
        return onnx.add(Operator.CLIP, name, x, onnx.scalar(name + "/min", low), onnx.scalar(name + "/max", high));
    }
}
