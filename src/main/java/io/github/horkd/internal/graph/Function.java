package io.github.horkd.internal.graph;

import java.util.List;
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
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * A function of each value by itself.
 *
 * @param kind which
 * @param a    its first parameter, 0 where it has none
 * @param b    its second parameter, 0 where it has none
 */
public record Function(Kind kind, double a, double b) implements GraphStep {

    @Override
    public <R> R show(Translator<R> to, GraphNode place) {
        return to.function(place, this);
    }

    /** The functions there are. */
    public enum Kind {
        /** a x + b. */
        LINEAR,
        /** x above 0, a x below: ReLU where a is 0. */
        LEAKY,
        /** x, at least a and at most b. */
        CLIP,
        /** x above 0, eˣ − 1 below. */
        ELU,
        TANH,
        /** 1 / (1 + e⁻ˣ). */
        SIGMOID,
        /** x / (1 + e⁻ˣ). */
        SWISH,
        /** log(1 + eˣ). */
        SOFTPLUS,
        /** x / (1 + |x|). */
        SOFTSIGN
    }

    static Function of(Kind kind) {
        return new Function(kind, 0, 0);
    }

    static Function linear(double factor, double offset) {
        return new Function(Kind.LINEAR, factor, offset);
    }

    /** Whether an activation changes nothing. */
    static boolean isIdentity(IActivation activation) {
        return activation.getClass() == ActivationIdentity.class;
    }

    /**
     * A DL4J activation as functions one after the other, none for the identity. By exact class: a subclass may compute something else.
     *
     * @throws UnknownPart when it is none of them
     */
    static List<Function> of(String vertex, IActivation activation) throws UnknownPart {
        Class<?> kind = activation.getClass();
        if (isIdentity(activation)) {
            return List.of();
        } else if (kind == ActivationReLU.class) {
            return rectifier(vertex, (ActivationReLU) activation);
        } else if (kind == ActivationLReLU.class) {
            return List.of(new Function(Kind.LEAKY, ((ActivationLReLU) activation).getAlpha(), 0));
        } else if (kind == ActivationELU.class && ((ActivationELU) activation).getAlpha() == 1) {
            return List.of(of(Kind.ELU));
        } else if (kind == ActivationReLU6.class) {
            return List.of(new Function(Kind.CLIP, 0, 6));
        } else if (kind == ActivationHardTanH.class) {
            return List.of(new Function(Kind.CLIP, -1, 1));
        } else if (kind == ActivationTanH.class) {
            return List.of(of(Kind.TANH));
        } else if (kind == ActivationSigmoid.class) {
            return List.of(of(Kind.SIGMOID));
        } else if (kind == ActivationSwish.class) {
            return List.of(of(Kind.SWISH));
        } else if (kind == ActivationSoftPlus.class) {
            return List.of(of(Kind.SOFTPLUS));
        } else if (kind == ActivationSoftSign.class) {
            return List.of(of(Kind.SOFTSIGN));
        }
        throw new UnknownPart(vertex, "activation " + kind.getSimpleName());
    }

    private static List<Function> rectifier(String vertex, ActivationReLU relu) throws UnknownPart {
        if (relu.getThreshold() != null && relu.getThreshold() != 0) {
            throw new UnknownPart(vertex, "activation ReLU with a threshold of " + relu.getThreshold());
        }
        double slope = relu.getNegativeSlope() == null ? 0 : relu.getNegativeSlope();
        Function rectified = new Function(Kind.LEAKY, slope, 0);
        return relu.getMax() == null
                ? List.of(rectified)
                : List.of(rectified, new Function(Kind.CLIP, Double.NEGATIVE_INFINITY, relu.getMax()));
    }
}
