package io.github.horkd.loss;

import java.util.Arrays;

/**
 * One pair of rows i, k of a batch held against up to {@value #BLOCK} anchors j, in single precision. With h = d/2 and r = 1/d (both 0 where an
 * edge does not count), lengths in units of the mean distance,
 * <pre>  c_j = (h_ij − r_ij d²_ik/2) r_kj + h_kj r_ij,   x = guide's c − learner's c,   t = 2 · Huber's slope of x
 *   pull          t r_ij r_kj
 *   edge at i     t (r_kj − c_j r_ij),   edge at k   t (r_ij − c_j r_kj)
 *   twice the loss   t (x − t/4)</pre>
 *
 * <p>How long the loop may be. C2 makes vectors of a loop only if its body has at most 60 nodes before the first unrolling ({@code LoopUnrollLimit}); beyond it
 * is three times slower. An operation is a node, a fused one too; an array costs three (its address two, the load or store one), but one that another part
 * of the same array is read beside costs two: hence all that is known of a row stands in one array, its parts {@value #STRIDE} apart, and so does all
 * that is summed up for row i. An index that is not known to be small costs three more: hence the loop begins at 0 and ends at {@code Math.min(count,
 * BLOCK)}. The body has 60; the absolute values cost one instruction each, where minimum and maximum cost several.
 */
final class TripletKernel {

    /** So many anchors at a time, whose rows stay in the nearest caches. */
    static final int BLOCK = 512;

    /** From one part of an array to the next: a little more than a block, since parts a power of 2 apart would drive each other out of the cache. */
    static final int STRIDE = BLOCK + 16;

    /** What is known of a row, in parts: −d/2 to each anchor and 1/d of the learner, d/2 and 1/d of the guide. */
    static final int HALF = 0;

    static final int INVERSE = STRIDE;
    static final int GUIDE_HALF = 2 * STRIDE;

    static final int GUIDE_INVERSE = 3 * STRIDE;
    static final int KNOWN = 4 * STRIDE;

    /** What is summed up for row i, in parts; the first is of one pair alone. */
    private static final int PULL = 0;

    private static final int LOSS = STRIDE;
    private static final int EDGES = 2 * STRIDE;
    static final int SUMMED = 3 * STRIDE;

    /** A long sum is folded to so many floats; a constant, for C2 makes no vectors of a loop that reads at distances it does not know. */
    static final int FOLDED = 64;

    private TripletKernel() {}

    /**
     * Adds what one pair brings.
     *
     * @param e      d²/2 of the learner's rows i and k
     * @param eGuide −d²/2 of the guide's
     * @param x      what is known of row i
     * @param y      what is known of row k
     * @param bend   where Huber's loss becomes straight
     * @param own    what is summed up for row i
     * @param edges  what is summed up for edges at row k
     * @param count  how many anchors
     */
    static void pair(float e, float eGuide, float[] x, float[] y, float bend, float[] own, float[] edges, int count) {
        if (FusedArithmetic.HERE) {
            fused(e, eGuide, x, y, bend, own, edges, count);
        } else {
            plain(e, eGuide, x, y, bend, own, edges, count);
        }
    }

    /** The learner's cosine is negated throughout, so that nothing else needs to be. */
    static void fused(float e, float eGuide, float[] x, float[] y, float bend, float[] own, float[] edges, int count) {
        int end = Math.min(count, BLOCK);
        for (int j = 0; j < end; j++) {
            float ri = x[j + INVERSE];
            float rk = y[j + INVERSE];
            float cosine = Math.fma(rk, Math.fma(e, ri, x[j + HALF]), ri * y[j + HALF]);
            float r = x[j + GUIDE_INVERSE];
            float guide = Math.fma(y[j + GUIDE_INVERSE], Math.fma(eGuide, r, x[j + GUIDE_HALF]), cosine);
            float difference = Math.fma(r, y[j + GUIDE_HALF], guide);
            float t = Math.abs(difference + bend) - Math.abs(difference - bend);
            own[j + LOSS] = Math.fma(t, Math.fma(-0.25f, t, difference), own[j + LOSS]);
            own[j + EDGES] = Math.fma(t, Math.fma(ri, cosine, rk), own[j + EDGES]);
            edges[j] = Math.fma(t, Math.fma(rk, cosine, ri), edges[j]);
            own[j + PULL] = t * ri * rk;
        }
    }

    /** The same where a fused operation is none. */
    static void plain(float e, float eGuide, float[] x, float[] y, float bend, float[] own, float[] edges, int count) {
        int end = Math.min(count, BLOCK);
        for (int j = 0; j < end; j++) {
            float ri = x[j + INVERSE];
            float rk = y[j + INVERSE];
            float cosine = rk * (e * ri + x[j + HALF]) + ri * y[j + HALF];
            float r = x[j + GUIDE_INVERSE];
            float guide = y[j + GUIDE_INVERSE] * (eGuide * r + x[j + GUIDE_HALF]) + r * y[j + GUIDE_HALF];
            float difference = guide + cosine;
            float t = Math.abs(difference + bend) - Math.abs(difference - bend);
            own[j + LOSS] += t * (difference - 0.25f * t);
            own[j + EDGES] += t * (ri * cosine + rk);
            edges[j] += t * (rk * cosine + ri);
            own[j + PULL] = t * ri * rk;
        }
    }

    /** The pull at the pair itself, over all anchors; a long row is folded by vectors first, the rest is summed one by one. */
    static float pull(float[] own, float[] folded, int count) {
        int done = 0;
        if (count == 8 * FOLDED) {
            foldEight(own, folded, FOLDED);
            done = count;
        } else if (count >= 4 * FOLDED) {
            foldFour(own, folded, FOLDED);
            done = 4 * FOLDED;
        }
        return (done == 0 ? 0 : sumOneByOne(folded, 0, FOLDED)) + sumOneByOne(own, done, count);
    }

    private static void foldFour(float[] x, float[] folded, int count) {
        int end = Math.min(count, FOLDED);
        for (int j = 0; j < end; j++) {
            folded[j] = (x[j] + x[j + FOLDED]) + (x[j + 2 * FOLDED] + x[j + 3 * FOLDED]);
        }
    }

    private static void foldEight(float[] x, float[] folded, int count) {
        int end = Math.min(count, FOLDED);
        for (int j = 0; j < end; j++) {
            folded[j] = ((x[j] + x[j + FOLDED]) + (x[j + 2 * FOLDED] + x[j + 3 * FOLDED]))
                    + ((x[j + 4 * FOLDED] + x[j + 5 * FOLDED]) + (x[j + 6 * FOLDED] + x[j + 7 * FOLDED]));
        }
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

    /** Puts away what was summed up for row i before single precision has too much to hold: its edges into {@code edges}, twice its loss as the answer. */
    static double drain(float[] own, float[] edges, int count) {
        double sum = 0;
        for (int j = 0; j < count; j++) {
            sum += own[j + LOSS];
        }
        for (int j = 0; j < count; j++) {
            edges[j] += own[j + EDGES];
        }
        Arrays.fill(own, LOSS, LOSS + count, 0);
        Arrays.fill(own, EDGES, EDGES + count, 0);
        return sum;
    }
}
