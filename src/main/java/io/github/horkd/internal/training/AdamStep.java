package io.github.horkd.internal.training;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.learning.config.Adam;

/**
 * One step of Adam (Kingma and Ba, 2015) as ND4J computes it, in float and to the same formula, with what DL4J does before and after in
 * the same pass over the memory.
 * <pre>
 *   g ← g / N,  m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  g ← a m / (√v + ε) + w p,   a = rate √(1 − β₂ᵗ) / (1 − β₁ᵗ)
 * </pre>
 */
final class AdamStep {

    /** Floats handled at a time: four arrays of 8 KiB, which fit the first-level cache. */
    private static final int CHUNK = 2048;

    private final float[] g = new float[CHUNK];
    private final float[] m = new float[CHUNK];
    private final float[] v = new float[CHUNK];
    private final float[] p = new float[CHUNK];
    private float rate;
    private float beta1;
    private float beta2;
    private float epsilon;

    /** Sets what is the same for all parameters of one step. */
    void prepare(Adam adam, int iteration, int epoch) {
        beta1 = (float) adam.getBeta1();
        beta2 = (float) adam.getBeta2();
        epsilon = (float) adam.getEpsilon();
        float power1 = (float) Math.pow(beta1, iteration + 1);
        float power2 = (float) Math.pow(beta2, iteration + 1);
        rate = (float) ((float) adam.getLearningRate(iteration, epoch)
                * (float) Math.sqrt((float) (1.0 - power2))
                / (1.0 - power1));
        if (Float.isNaN(rate) || Float.isInfinite(rate) || rate == 0) {
            rate = epsilon; // As ND4J has it.
        }
    }

    /**
     * Turns gradients into what is to be subtracted from the parameters.
     *
     * @param gradients  read and written
     * @param first      the state m, moved on
     * @param second     the state v, moved on
     * @param parameters read where there is weight decay
     * @param length     how many
     * @param divisor    what the gradients are divided by first
     * @param decay      the weight w of the parameters in the result, 0 for none
     */
    void run(
            FloatPointer gradients,
            FloatPointer first,
            FloatPointer second,
            FloatPointer parameters,
            long length,
            float divisor,
            float decay) {
        for (long at = 0; at < length; at += CHUNK) {
            int n = (int) Math.min(CHUNK, length - at);
            gradients.position(at).get(g, 0, n);
            first.position(at).get(m, 0, n);
            second.position(at).get(v, 0, n);
            if (divisor != 1) {
                divide(g, divisor, n);
            }
            moveFirst(m, g, beta1, n);
            moveSecond(v, g, beta2, n);
            combine(g, m, v, rate, epsilon, n);
            if (decay != 0) {
                parameters.position(at).get(p, 0, n);
                add(g, p, decay, n);
            }
            gradients.position(at).put(g, 0, n);
            first.position(at).put(m, 0, n);
            second.position(at).put(v, 0, n);
        }
    }

    // One array expression a method: the compiler turns these into vector instructions.

    private static void divide(float[] g, float divisor, int n) {
        for (int i = 0; i < n; i++) {
            g[i] /= divisor;
        }
    }

    private static void moveFirst(float[] m, float[] g, float beta, int n) {
        float rest = 1 - beta;
        for (int i = 0; i < n; i++) {
            m[i] = beta * m[i] + g[i] * rest;
        }
    }

    private static void moveSecond(float[] v, float[] g, float beta, int n) {
        float rest = 1 - beta;
        for (int i = 0; i < n; i++) {
            v[i] = beta * v[i] + g[i] * g[i] * rest;
        }
    }

    private static void combine(float[] g, float[] m, float[] v, float rate, float epsilon, int n) {
        for (int i = 0; i < n; i++) {
            g[i] = m[i] * rate / ((float) Math.sqrt(v[i]) + epsilon);
        }
    }

    private static void add(float[] g, float[] p, float decay, int n) {
        for (int i = 0; i < n; i++) {
            g[i] += decay * p[i];
        }
    }
}
