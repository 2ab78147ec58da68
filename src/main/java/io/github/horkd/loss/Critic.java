package io.github.horkd.loss;

/**
 * The critic of noise-contrastive losses, h = e^z / (e^z + κ), as the logistic function of x = z − log κ:
 * <pre>  −log h = log(1 + e^−x),   −log(1 − h) = log(1 + e^x),   their derivatives by x are −σ(−x) and σ(x)</pre>
 * Logarithms of sums over many negatives are taken of products, as far as these hold.
 */
final class Critic {

    /** From here on log(1 + e^x) is x to 13 digits. */
    private static final double LINEAR_FROM = 30;

    private static final double FULL = 1e250;

    private double sum;
    private double product = 1;

    /** log(1 + e^x). */
    static double softplus(double x) {
        return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
    }

    /** 1 / (1 + e^−x). */
    static double logistic(double x) {
        if (x < 0) {
            double e = Math.exp(x);
            return e / (1 + e);
        }
        return 1 / (1 + Math.exp(-x));
    }

    /** Nothing added yet. */
    void begin() {
        sum = 0;
        product = 1;
    }

    /** Adds log(1 + e^x) and returns σ(x). */
    double add(double x) {
        if (x > LINEAR_FROM) {
            sum += x;
            return 1;
        }
        double e = Math.exp(x);
        product *= 1 + e;
        if (product > FULL) {
            sum += Math.log(product);
            product = 1;
        }
        return e / (1 + e);
    }

    /** What was added. */
    double sum() {
        return sum + Math.log(product);
    }
}
