package io.github.horkd.guide;

import java.util.Arrays;

/**
 * The affine map of a space, y = P (x − μ), and its pseudo-inverse, in double precision. P is 1, or axes with a weight each.
 *
 * <p>Not a record: it holds its axes twice, row after row and the other way round, since a loop over the rows of the latter is one that the compiler
 * vectorises.
 */
final class SpaceAxes {

    private final double[] mean;
    /** Row after row, orthonormal, [K, D]; empty where axes stay. */
    private final double[] axes;

    private final double[] axesByInput;
    private final double[] scales;

    private SpaceAxes(double[] mean, double[] axes, double[] scales) {
        this.mean = mean;
        this.axes = axes;
        this.scales = scales;
        this.axesByInput = new double[axes.length];
        for (int k = 0; k < scales.length; k++) {
            for (int d = 0; d < mean.length; d++) {
                axesByInput[d * scales.length + k] = axes[k * mean.length + d];
            }
        }
    }

    /** The mean is taken away, axes stay. */
    static SpaceAxes centred(double[] mean) {
        return new SpaceAxes(mean, new double[0], new double[0]);
    }

    /** The mean is taken away, and axes are turned and weighed: [K, D] orthonormal rows, K weights. */
    static SpaceAxes projected(double[] mean, double[] axes, double[] scales) {
        return new SpaceAxes(mean, axes, scales);
    }

    int rawWidth() {
        return mean.length;
    }

    int width() {
        return axesStay() ? mean.length : scales.length;
    }

    boolean axesStay() {
        return scales.length == 0;
    }

    double[] mean() {
        return mean;
    }

    double[] axes() {
        return axes;
    }

    double[] scales() {
        return scales;
    }

    /** y of one row; returns |y|. */
    double coordinates(float[] rows, int at, double[] y) {
        if (axesStay()) {
            for (int d = 0; d < y.length; d++) {
                y[d] = rows[at + d] - mean[d];
            }
        } else {
            Arrays.fill(y, 0);
            for (int d = 0; d < mean.length; d++) {
                double moved = rows[at + d] - mean[d];
                for (int k = 0; k < y.length; k++) {
                    y[k] += moved * axesByInput[d * y.length + k];
                }
            }
            for (int k = 0; k < y.length; k++) {
                y[k] *= scales[k];
            }
        }
        double squares = 0;
        for (double value : y) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    /** |P⁺y|². */
    double squaredRawLength(double[] y) {
        double squares = 0;
        for (int k = 0; k < y.length; k++) {
            double value = axesStay() ? y[k] : y[k] / scales[k];
            squares += value * value;
        }
        return squares;
    }

    /** Adds the raw image of some of axis k. */
    void addRaw(int k, double amount, double[] sum) {
        if (axesStay()) {
            sum[k] += amount;
            return;
        }
        double weighed = amount / scales[k];
        for (int d = 0; d < sum.length; d++) {
            sum[d] += weighed * axes[k * sum.length + d];
        }
    }
}
