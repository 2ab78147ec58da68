package io.github.horkd.loss;

import java.util.Arrays;

/**
 * The pass over all triplets in single precision, B³/2 of them, which is where the time goes.
 *
 * <p>The outer loops run over pairs i, k &lt; i, the inner ones over all anchors j, so that each pair is visited once, not
 * twice, and every array is read along its rows. With E = −D²/2 and r = 1/d (0 where an edge does not count), lengths in
 * units of the mean distance,
 * <pre>  cos_j = (E_ik − E_ij − E_kj) r_ij r_kj</pre>
 * C2 vectorises a short loop that holds one array expression, and leaves a long body with everything in it scalar, six
 * times slower. So each step is a loop of its own over rows that stay in the nearest caches: blocks of {@value #BLOCK}
 * anchors, and {@value #TILE} rows i against each k.
 */
final class SingleTriplets {

    private static final int BLOCK = 512;
    private static final int TILE = 4;

    private final int capacity;
    private final float[][] eS;
    private final float[][] rS;
    private final float[][] eT;
    private final float[][] rT;
    private final float[][] squaredR;
    private final Part[] parts;
    private int n;

    /** The rows on which one pair i, k is worked out. */
    private static final class Desk {
        final float[] cosine;
        final float[] difference;
        final float[] slope;
        final float[] turn;
        final float[] product;

        Desk(int n) {
            cosine = new float[n];
            difference = new float[n];
            slope = new float[n];
            turn = new float[n];
            product = new float[n];
        }
    }

    /** What one part of the work needs and adds up; parts are put together in their order, whoever did them. */
    private static final class Part {
        final Desk left;
        final Desk right;
        final float[] total;
        final float[] totalOfSquares;
        final float[][] edges;
        double sum;
        double sumOfSquares;

        Part(int n) {
            left = new Desk(n);
            right = new Desk(n);
            total = new float[n];
            totalOfSquares = new float[n];
            edges = new float[n][n];
        }

        void begin(int n) {
            sum = 0;
            sumOfSquares = 0;
            Arrays.fill(total, 0, n, 0);
            Arrays.fill(totalOfSquares, 0, n, 0);
        }
    }

    SingleTriplets(int capacity) {
        this.capacity = capacity;
        eS = new float[capacity][capacity];
        rS = new float[capacity][capacity];
        eT = new float[capacity][capacity];
        rT = new float[capacity][capacity];
        squaredR = new float[capacity][capacity];
        parts = new Part[LossThreads.partsFor(capacity)];
        for (int part = 0; part < parts.length; part++) {
            parts[part] = new Part(capacity);
        }
    }

    int capacity() {
        return capacity;
    }

    /** Takes on the batch: squared distances, and inverse distances that are 0 where an edge does not count. */
    void hold(Pairs pairs, double[] inversesS, double[] inversesT) {
        n = pairs.rows();
        double[] squaresS = pairs.learner().squares();
        double[] squaresT = pairs.guide().squares();
        double muS = pairs.learner().mean();
        double muT = pairs.guide().mean();
        int count = LossThreads.partsFor(n);
        LossThreads.share(count, part -> {
            for (int i = n * part / count; i < n * (part + 1) / count; i++) {
                for (int j = 0; j < n; j++) {
                    double r = inversesS[i * n + j] * muS;
                    eS[i][j] = (float) (squaresS[i * n + j] / (-2 * muS * muS));
                    rS[i][j] = (float) r;
                    squaredR[i][j] = (float) (r * r);
                    eT[i][j] = (float) (squaresT[i * n + j] / (-2 * muT * muT));
                    rT[i][j] = (float) (inversesT[i * n + j] * muT);
                }
            }
        });
    }

    /** The standard deviation of the guide's cosines over {@code count} ordered triplets. */
    double spread(double count) {
        int used = LossThreads.partsFor(n);
        LossThreads.share(used, part -> {
            parts[part].begin(n);
            for (int from = 0; from < n; from += BLOCK) {
                moments(parts[part], Triangle.from(part, used, n), Triangle.from(part + 1, used, n), from, Math.min(n, from + BLOCK));
            }
        });
        double sum = 0;
        double sumOfSquares = 0;
        for (int part = 0; part < used; part++) {
            sum += parts[part].sum;
            sumOfSquares += parts[part].sumOfSquares;
        }
        double mean = 2 * sum / count;
        return Math.sqrt(Math.max(0, 2 * sumOfSquares / count - mean * mean));
    }

    private void moments(Part part, int firstRow, int endRow, int from, int to) {
        for (int tile = firstRow; tile < endRow; tile += TILE) {
            int end = Math.min(tile + TILE, endRow);
            for (int k = 0; k < end - 1; k += 2) {
                for (int i = Math.max(tile, k + 1); i < end; i++) {
                    cosine(eT[i][k], eT[i], eT[k], rT[i], rT[k], part.left.cosine, from, to);
                    if (k + 1 < i) {
                        cosine(eT[i][k + 1], eT[i], eT[k + 1], rT[i], rT[k + 1], part.right.cosine, from, to);
                        add(part.left.cosine, part.right.cosine, part.total, from, to);
                        addSquares(part.left.cosine, part.right.cosine, part.totalOfSquares, from, to);
                    } else {
                        add(part.left.cosine, part.total, from, to);
                        addSquares(part.left.cosine, part.totalOfSquares, from, to);
                    }
                }
            }
            part.sum += drain(part.total, from, to);
            part.sumOfSquares += drain(part.totalOfSquares, from, to);
        }
    }

    /**
     * The sum of Huber's losses over ordered triplets, in units of σ; leaves ∂/∂d² of it by the learner in {@code slopes}, in
     * the half k &lt; i, in units of the learner's mean distance.
     */
    double compare(double delta, double sigma, double[] slopes) {
        int used = LossThreads.partsFor(n);
        float unit = (float) (1 / Math.sqrt(sigma));
        LossThreads.share(used, part -> {
            for (int i = n * part / used; i < n * (part + 1) / used; i++) {
                scale(rS[i], unit, n);
                scale(rT[i], unit, n);
            }
        });
        LossThreads.share(used, part -> {
            parts[part].begin(n);
            int firstRow = Triangle.from(part, used, n);
            int endRow = Triangle.from(part + 1, used, n);
            for (int i = 0; i < endRow; i++) {
                Arrays.fill(parts[part].edges[i], 0, n, 0);
            }
            Arrays.fill(slopes, firstRow * n, endRow * n, 0);
            for (int from = 0; from < n; from += BLOCK) {
                compare(parts[part], firstRow, endRow, from, Math.min(n, from + BLOCK), (float) delta, slopes);
            }
        });
        LossThreads.share(used, part -> {
            for (int i = Triangle.from(part, used, n); i < Triangle.from(part + 1, used, n); i++) {
                putTogether(i, used, slopes);
            }
        });
        double sum = 0;
        for (int part = 0; part < used; part++) {
            sum += parts[part].sum;
        }
        return sum;
    }

    private void compare(Part part, int firstRow, int endRow, int from, int to, float delta, double[] slopes) {
        for (int tile = firstRow; tile < endRow; tile += TILE) {
            int end = Math.min(tile + TILE, endRow);
            for (int k = 0; k < end - 1; k += 2) {
                for (int i = Math.max(tile, k + 1); i < end; i++) {
                    if (k + 1 < i) {
                        both(part, i, k, from, to, delta, slopes);
                    } else {
                        last(part, i, k, from, to, delta, slopes);
                    }
                }
            }
            part.sum += drain(part.total, from, to);
        }
    }

    /** Pairs i, k and i, k + 1, step by step in turns: what a step reads was not written by the one just before it. */
    private void both(Part part, int i, int k, int from, int to, float delta, double[] slopes) {
        Desk a = part.left;
        Desk b = part.right;
        cosine(eS[i][k], eS[i], eS[k], rS[i], rS[k], a.cosine, from, to);
        cosine(eS[i][k + 1], eS[i], eS[k + 1], rS[i], rS[k + 1], b.cosine, from, to);
        difference(eT[i][k], eT[i], eT[k], rT[i], rT[k], a.cosine, a.difference, from, to);
        difference(eT[i][k + 1], eT[i], eT[k + 1], rT[i], rT[k + 1], b.cosine, b.difference, from, to);
        twiceClamped(a.difference, delta, a.slope, a.cosine, a.turn, from, to);
        twiceClamped(b.difference, delta, b.slope, b.cosine, b.turn, from, to);
        multiply(a.slope, rS[i], rS[k], a.product, from, to);
        multiply(b.slope, rS[i], rS[k + 1], b.product, from, to);
        addHuber(a.slope, a.difference, part.total, from, to);
        addHuber(b.slope, b.difference, part.total, from, to);
        addToEdges(a.product, a.turn, b.product, b.turn, squaredR[i], part.edges[i], from, to);
        addToEdges(a.product, a.turn, squaredR[k], part.edges[k], from, to);
        addToEdges(b.product, b.turn, squaredR[k + 1], part.edges[k + 1], from, to);
        slopes[i * n + k] += sum(a.product, from, to);
        slopes[i * n + k + 1] += sum(b.product, from, to);
    }

    private void last(Part part, int i, int k, int from, int to, float delta, double[] slopes) {
        Desk a = part.left;
        cosine(eS[i][k], eS[i], eS[k], rS[i], rS[k], a.cosine, from, to);
        difference(eT[i][k], eT[i], eT[k], rT[i], rT[k], a.cosine, a.difference, from, to);
        twiceClamped(a.difference, delta, a.slope, a.cosine, a.turn, from, to);
        multiply(a.slope, rS[i], rS[k], a.product, from, to);
        addHuber(a.slope, a.difference, part.total, from, to);
        addToEdges(a.product, a.turn, squaredR[i], part.edges[i], from, to);
        addToEdges(a.product, a.turn, squaredR[k], part.edges[k], from, to);
        slopes[i * n + k] += sum(a.product, from, to);
    }

    /** ∂/∂d²_ik: as the far side of the triangles over all anchors, and as an edge at anchors i and k. */
    private void putTogether(int i, int used, double[] slopes) {
        for (int k = 0; k < i; k++) {
            double edge = 0;
            for (int part = 0; part < used; part++) {
                float[][] edges = parts[part].edges;
                int reached = Triangle.from(part + 1, used, n);   // a part writes no row beyond its last
                edge += (i < reached ? edges[i][k] : 0) + (k < reached ? edges[k][i] : 0);
            }
            slopes[i * n + k] = (edge - slopes[i * n + k]) / 2;
        }
    }

    private static void cosine(float e, float[] ei, float[] ek, float[] ri, float[] rk, float[] cosine, int from, int to) {
        for (int j = from; j < to; j++) {
            cosine[j] = (e - ei[j] - ek[j]) * ri[j] * rk[j];
        }
    }

    private static void difference(float e, float[] ei, float[] ek, float[] ri, float[] rk, float[] cosine, float[] difference,
                                   int from, int to) {
        for (int j = from; j < to; j++) {
            difference[j] = cosine[j] - (e - ei[j] - ek[j]) * ri[j] * rk[j];
        }
    }

    /**
     * Twice the difference, held within ±2δ, and the same times the cosine: two results are the most that C2 still vectorises.
     * Absolute values cost one instruction, minimum and maximum several.
     */
    private static void twiceClamped(float[] difference, float delta, float[] slope, float[] cosine, float[] turn, int from, int to) {
        for (int j = from; j < to; j++) {
            float clamped = Math.abs(difference[j] + delta) - Math.abs(difference[j] - delta);
            slope[j] = clamped;
            turn[j] = clamped * cosine[j];
        }
    }

    /** Twice Huber's loss: with c the clamped difference d, it is c(d − c/2). */
    private static void addHuber(float[] slope, float[] difference, float[] total, int from, int to) {
        for (int j = from; j < to; j++) {
            total[j] += slope[j] * (difference[j] - 0.25f * slope[j]);
        }
    }

    private static void multiply(float[] a, float[] b, float[] c, float[] product, int from, int to) {
        for (int j = from; j < to; j++) {
            product[j] = a[j] * b[j] * c[j];
        }
    }

    private static void addToEdges(float[] product, float[] turn, float[] squaredR, float[] edge, int from, int to) {
        for (int j = from; j < to; j++) {
            edge[j] += product[j] - turn[j] * squaredR[j];
        }
    }

    private static void addToEdges(float[] product, float[] turn, float[] otherProduct, float[] otherTurn, float[] squaredR,
                                   float[] edge, int from, int to) {
        for (int j = from; j < to; j++) {
            edge[j] += product[j] + otherProduct[j] - (turn[j] + otherTurn[j]) * squaredR[j];
        }
    }

    private static void add(float[] values, float[] total, int from, int to) {
        for (int j = from; j < to; j++) {
            total[j] += values[j];
        }
    }

    private static void addSquares(float[] values, float[] total, int from, int to) {
        for (int j = from; j < to; j++) {
            total[j] += values[j] * values[j];
        }
    }

    private static void add(float[] values, float[] others, float[] total, int from, int to) {
        for (int j = from; j < to; j++) {
            total[j] += values[j] + others[j];
        }
    }

    private static void addSquares(float[] values, float[] others, float[] total, int from, int to) {
        for (int j = from; j < to; j++) {
            total[j] += values[j] * values[j] + others[j] * others[j];
        }
    }

    private static void scale(float[] values, float factor, int count) {
        for (int j = 0; j < count; j++) {
            values[j] *= factor;
        }
    }

    /** Folds blocks of 512 and 256 in halves, by vectors, before the rest is summed; the array is used up. */
    private static float sum(float[] x, int from, int to) {
        int end = to;
        if (end - from == 512) {
            end = from + 256;
            for (int j = from; j < end; j++) {
                x[j] += x[j + 256];
            }
        }
        if (end - from == 256) {
            end = from + 128;
            for (int j = from; j < end; j++) {
                x[j] += x[j + 128];
            }
            end = from + 64;
            for (int j = from; j < end; j++) {
                x[j] += x[j + 64];
            }
        }
        return sumOneByOne(x, from, end);
    }

    /** Eight sums side by side: one would wait for every single addition. */
    private static float sumOneByOne(float[] x, int from, int to) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        float e = 0;
        float f = 0;
        float g = 0;
        float h = 0;
        int j = from;
        for (; j + 7 < to; j += 8) {
            a += x[j];
            b += x[j + 1];
            c += x[j + 2];
            d += x[j + 3];
            e += x[j + 4];
            f += x[j + 5];
            g += x[j + 6];
            h += x[j + 7];
        }
        for (; j < to; j++) {
            a += x[j];
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    /** The sum in double; the array begins again from 0, before single precision has too much to hold. */
    private static double drain(float[] total, int from, int to) {
        double sum = 0;
        for (int j = from; j < to; j++) {
            sum += total[j];
            total[j] = 0;
        }
        return sum;
    }
}
