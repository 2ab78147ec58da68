package io.github.horkd.loss;

import io.github.horkd.internal.parallel.ForkJoin;
import java.util.Arrays;

/**
 * The pass over all triplets in single precision, B³/2 of them, which is where the time goes.
 *
 * <p>The outer loops run over pairs i, k &lt; i, the inner ones over all anchors j, so that each pair is visited once, not
 * twice, and every array is read along its rows. With E = −D²/2 and r = 1/d (0 where an edge does not count), lengths in
 * units of the mean distance,
 * <pre>  c_j = (E_ik − E_ij − E_kj) r_ij r_kj,   t = ∂L/∂c_j
 *   ∂L/∂E_ik = Σ_j t r_ij r_kj,   ∂L/∂E_ij = −r_ij Σ_k t (r_kj − c_j r_ij) for an edge at anchor j</pre>
 * so that the sums over k are kept without their factor r_ij, which comes last.
 *
 * <p>How long a loop may be. C2 makes vectors of a loop only if its body has at most 60 nodes before the first unrolling
 * ({@code LoopUnrollLimit}). An array costs three of them (its address two, the load or store one), an operation one; but an array costs six
 * where C2 cannot tell that the index is small and not negative, for then each has an index of its own. Hence loops that begin
 * at 0 and end at {@code Math.min(count, BLOCK)}, which changes nothing else, and two loops where one would be too long. Beyond the limit a
 * loop is five times slower. Anchors come in blocks of {@value #BLOCK}, whose rows stay in the nearest caches; {@value #TILE} rows
 * i are held against each k, and all rows i of a part against {@value #STRIP} rows k, which stay in the next cache that long: the ones after
 * that are slow to answer where two threads share them.
 */
final class SingleTriplets {

    private static final int BLOCK = 512;
    private static final int TILE = 4;
    private static final int STRIP = 64;

    /** So many rows i go through a strip before the sums in single precision are put away. */
    private static final int ROWS_SUMMED = 16;

    /** So many floats are fetched from memory together. */
    private static final int LINE = 16;

    /** A long sum is folded to so many floats; a constant, for C2 makes no vectors of a loop that reads at distances it does not know. */
    private static final int FOLDED = 64;

    private final int capacity;
    private final Block[] blocks;
    private final Part[] parts;
    private int n;

    /** What lies between all rows and up to {@value #BLOCK} anchors: at i, j for row i and anchor {@code first + j}. */
    private static final class Block {
        final int first;
        final float[][] eS;
        final float[][] rS;
        final float[][] eT;
        final float[][] rT;

        Block(int rows, int first) {
            this.first = first;
            int anchors = Math.min(BLOCK, rows - first);
            eS = new float[rows][anchors];
            rS = new float[rows][anchors];
            eT = new float[rows][anchors];
            rT = new float[rows][anchors];
        }

        /** How many of the anchors are there in a batch of {@code n} rows. */
        int anchors(int n) {
            return Math.min(BLOCK, n - first);
        }
    }

    /** The rows on which one pair i, k is worked out. */
    private static final class PairBuffers {
        final float[] cosine;
        final float[] difference;
        final float[] folded = new float[FOLDED];

        PairBuffers(int anchors) {
            cosine = new float[anchors];
            difference = new float[anchors];
        }
    }

    /** What one part of the work needs and adds up; parts are put together in their order, whoever did them. */
    private static final class Part {
        final PairBuffers left;
        final PairBuffers right;
        final float[] total;
        final float[][][] edges; // block, row, anchor
        double sum;
        int endRow; // it writes no row from this one on

        Part(Block[] blocks) {
            int anchors = blocks[0].eS[0].length;
            left = new PairBuffers(anchors);
            right = new PairBuffers(anchors);
            total = new float[anchors];
            edges = new float[blocks.length][][];
            for (int block = 0; block < blocks.length; block++) {
                edges[block] = new float[blocks[block].eS.length][blocks[block].eS[0].length];
            }
        }

        void begin(int end) {
            sum = 0;
            endRow = end;
            Arrays.fill(total, 0);
        }
    }

    SingleTriplets(int capacity) {
        this.capacity = capacity;
        blocks = new Block[(capacity + BLOCK - 1) / BLOCK];
        for (int block = 0; block < blocks.length; block++) {
            blocks[block] = new Block(capacity, block * BLOCK);
        }
        parts = new Part[LargeBatch.parts(capacity)];
        for (int part = 0; part < parts.length; part++) {
            parts[part] = new Part(blocks);
        }
    }

    int capacity() {
        return capacity;
    }

    /** How many blocks of anchors the batch has. */
    private int used() {
        return (n + BLOCK - 1) / BLOCK;
    }

    /** Takes on the batch: squared distances, and inverse distances that are 0 where an edge does not count. */
    void hold(BatchDistances pairs, double[] inversesS, double[] inversesT) {
        n = pairs.rows();
        double[] squaresS = pairs.learner().squares();
        double[] squaresT = pairs.guide().squares();
        double muS = pairs.learner().mean();
        double muT = pairs.guide().mean();
        double unitS = -0.5 / (muS * muS);
        double unitT = -0.5 / (muT * muT);
        int count = LargeBatch.parts(n);
        ForkJoin.share(count, part -> {
            for (int i = n * part / count; i < n * (part + 1) / count; i++) {
                for (int b = 0; b < used(); b++) {
                    Block block = blocks[b];
                    int at = i * n + block.first;
                    int anchors = block.anchors(n);
                    scale(squaresS, at, unitS, block.eS[i], anchors);
                    scale(inversesS, at, muS, block.rS[i], anchors);
                    scale(squaresT, at, unitT, block.eT[i], anchors);
                    scale(inversesT, at, muT, block.rT[i], anchors);
                }
            }
        });
    }

    private static void scale(double[] values, int at, double factor, float[] into, int count) {
        for (int j = 0; j < count; j++) {
            into[j] = (float) (values[at + j] * factor);
        }
    }

    /**
     * The sum of Huber's losses of (c_S − c_T) / σ over ordered triplets; leaves {@code share} times its derivative by the learner's d², in
     * units of the mean distance, in {@code slopes}, in the half k &lt; i. Huber's loss of x/σ is that of x with the bend at δσ, over σ².
     */
    double compare(double delta, double sigma, double share, double[] slopes) {
        int used = LargeBatch.parts(n);
        float bend = (float) (delta * sigma);
        double unit = 1 / (sigma * sigma);
        ForkJoin.share(used, part -> {
            int firstRow = Triangle.from(part, used, n);
            int endRow = Triangle.from(part + 1, used, n);
            parts[part].begin(endRow);
            Arrays.fill(slopes, firstRow * n, endRow * n, 0);
            for (int block = 0; block < used(); block++) {
                for (int i = 0; i < endRow; i++) {
                    Arrays.fill(parts[part].edges[block][i], 0);
                }
                compare(parts[part], blocks[block], parts[part].edges[block], firstRow, endRow, bend, slopes);
            }
        });
        ForkJoin.share(used, part -> {
            int endRow = Triangle.from(part + 1, used, n);
            for (int row = Triangle.from(part, used, n); row < endRow; ) {
                int end = Math.min(Math.min(row + LINE, endRow), (row / BLOCK + 1) * BLOCK);
                putTogether(row, end, used, unit * share / 2, slopes);
                row = end;
            }
        });
        double sum = 0;
        for (int part = 0; part < used; part++) {
            sum += parts[part].sum;
        }
        return sum * unit;
    }

    private void compare(
            Part part, Block block, float[][] edges, int firstRow, int endRow, float bend, double[] slopes) {
        for (int strip = 0; strip < endRow - 1; strip += STRIP) {
            int summed = 0;
            int passed = Math.max(0, (strip + 1 - firstRow) / TILE); // tiles with no row beyond the strip's first
            for (int tile = firstRow + passed * TILE; tile < endRow; tile += TILE) {
                int end = Math.min(tile + TILE, endRow);
                compare(part, block, edges, tile, end, strip, Math.min(strip + STRIP, end - 1), bend, slopes);
                summed += TILE;
                if (summed == ROWS_SUMMED || end == endRow) {
                    part.sum += drain(part.total, block.anchors(n));
                    summed = 0;
                }
            }
        }
    }

    /** Pairs of the rows i of a tile with the rows k &lt; i of a strip. */
    private void compare(
            Part part,
            Block block,
            float[][] edges,
            int tile,
            int end,
            int strip,
            int stripEnd,
            float bend,
            double[] slopes) {
        int anchors = block.anchors(n);
        float[][] r = block.rS;
        PairBuffers a = part.left;
        PairBuffers b = part.right;
        for (int k = strip; k < stripEnd; k += 2) {
            for (int i = Math.max(tile, k + 1); i < end; i++) {
                // pairs i, k and i, k + 1 in turns: what a step reads was not written by the one just before it
                boolean both = k + 1 < i;
                relate(block, i, k, a, anchors);
                if (both) {
                    relate(block, i, k + 1, b, anchors);
                }
                pull(a.cosine, a.difference, bend, r[i], r[k], part.total, edges[i], edges[k], anchors);
                if (both) {
                    pull(b.cosine, b.difference, bend, r[i], r[k + 1], part.total, edges[i], edges[k + 1], anchors);
                    slopes[i * n + k + 1] += sum(b.difference, b.folded, anchors);
                }
                slopes[i * n + k] += sum(a.difference, a.folded, anchors);
            }
        }
    }

    private void relate(Block block, int i, int k, PairBuffers pair, int anchors) {
        Block farSides = blocks[k / BLOCK];
        int at = k % BLOCK;
        relate(
                farSides.eS[i][at],
                block.eS[i],
                block.rS[i],
                block.eS[k],
                block.rS[k],
                farSides.eT[i][at],
                block.eT[i],
                block.rT[i],
                block.eT[k],
                block.rT[k],
                pair.cosine,
                pair.difference,
                anchors);
    }

    /**
     * ∂/∂d²_ik for a few rows i together, whose numbers lie side by side in row k: as the far side of the triangles over all anchors, and as
     * an edge at anchors i and k. What is a column is laid into rows first.
     */
    private void putTogether(int firstRow, int endRow, int used, double unit, double[] slopes) {
        ThreadBuffers scratch = ThreadBuffers.of(SingleTriplets.class);
        double[][] sums = scratch.doubleRows(0, LINE, n);
        float[][] columns = scratch.floatRows(0, LINE, n);
        for (int i = firstRow; i < endRow; i++) {
            Arrays.fill(sums[i - firstRow], 0, i, 0);
        }
        for (int part = 0; part < used; part++) {
            float[][][] edges = parts[part].edges;
            int reached = parts[part].endRow;
            int known = Math.min(reached, endRow - 1);
            for (int k = 0; k < known; k++) {
                float[] row = edges[firstRow / BLOCK][k];
                for (int i = firstRow; i < endRow; i++) {
                    columns[i - firstRow][k] = row[i % BLOCK];
                }
            }
            for (int i = firstRow; i < endRow; i++) {
                Arrays.fill(columns[i - firstRow], Math.min(known, i), i, 0);
                for (int first = 0; first < i; first += BLOCK) {
                    float[] own = edges[first / BLOCK][i];
                    int last = Math.min(first + BLOCK, i);
                    if (i < reached) {
                        add(own, columns[i - firstRow], first, last, sums[i - firstRow]);
                    } else {
                        add(columns[i - firstRow], first, last, sums[i - firstRow]);
                    }
                }
            }
        }
        for (int i = firstRow; i < endRow; i++) {
            for (int first = 0; first < i; first += BLOCK) {
                finish(
                        sums[i - firstRow],
                        blocks[first / BLOCK].rS[i],
                        first,
                        Math.min(first + BLOCK, i),
                        unit,
                        slopes,
                        i * n);
            }
        }
    }

    private static void add(float[] own, float[] column, int first, int last, double[] sums) {
        for (int k = first; k < last; k++) {
            sums[k] += own[k - first] + column[k];
        }
    }

    private static void add(float[] column, int first, int last, double[] sums) {
        for (int k = first; k < last; k++) {
            sums[k] += column[k];
        }
    }

    private static void finish(double[] sums, float[] r, int first, int last, double unit, double[] slopes, int row) {
        for (int k = first; k < last; k++) {
            slopes[row + k] = (sums[k] * r[k - first] - slopes[row + k]) * unit;
        }
    }

    /** The learner's cosines over pair i, k, and how far they are from the guide's. */
    private static void relate(
            float eS,
            float[] eiS,
            float[] riS,
            float[] ekS,
            float[] rkS,
            float eT,
            float[] eiT,
            float[] riT,
            float[] ekT,
            float[] rkT,
            float[] cosine,
            float[] difference,
            int anchors) {
        int end = Math.min(anchors, BLOCK);
        for (int j = 0; j < end; j++) {
            float c = (eS - eiS[j] - ekS[j]) * riS[j] * rkS[j];
            cosine[j] = c;
            difference[j] = c - (eT - eiT[j] - ekT[j]) * riT[j] * rkT[j];
        }
    }

    /**
     * Twice the difference x, held within ±2δ, is twice Huber's slope t/2, and twice the loss is t(x − t/4); absolute values
     * cost one instruction, minimum and maximum several. From t follows what pulls at the three sides.
     */
    private static void pull(
            float[] cosine,
            float[] difference,
            float bend,
            float[] ri,
            float[] rk,
            float[] total,
            float[] edgesOfI,
            float[] edgesOfK,
            int anchors) {
        int end = Math.min(anchors, BLOCK);
        for (int j = 0; j < end; j++) {
            float x = difference[j];
            float t = Math.abs(x + bend) - Math.abs(x - bend);
            float u = t * ri[j];
            float v = t * rk[j];
            total[j] += t * (x - 0.25f * t);
            edgesOfI[j] += v - u * cosine[j];
            edgesOfK[j] += u - v * cosine[j];
            difference[j] = u * rk[j];
        }
    }

    /** A long row is folded by vectors first, the rest is summed one by one. */
    private static float sum(float[] x, float[] folded, int count) {
        int done = 0;
        if (count == 8 * FOLDED) {
            foldEight(x, folded, FOLDED);
            done = count;
        } else if (count >= 4 * FOLDED) {
            foldFour(x, folded, FOLDED);
            done = 4 * FOLDED;
        }
        return (done == 0 ? 0 : sumOneByOne(folded, 0, FOLDED)) + sumOneByOne(x, done, count);
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

    /** The sum in double; the array begins again from 0, before single precision has too much to hold. */
    private static double drain(float[] total, int anchors) {
        double sum = 0;
        for (int j = 0; j < anchors; j++) {
            sum += total[j];
            total[j] = 0;
        }
        return sum;
    }
}
