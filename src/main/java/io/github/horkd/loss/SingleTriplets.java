package io.github.horkd.loss;

import io.github.horkd.internal.parallel.ForkJoin;
import java.util.Arrays;

/**
 * The pass over all triplets in single precision, B³/2 of them, which is where the time goes.
 *
 * <p>The outer loops run over pairs i, k &lt; i, the inner one over all anchors j ({@link TripletKernel}), so that each pair is visited once, not
 * twice, and every array is read along its rows. With E = −D²/2, r = 1/d and t = ∂L/∂c_j,
 * <pre>  ∂L/∂E_ik = Σ_j t r_ij r_kj,   ∂L/∂E_ij = −r_ij Σ_k t (r_kj − c_j r_ij) for an edge at anchor j</pre>
 * so that the sums over k are kept without their factor r_ij, which comes last.
 *
 * <p>{@value #TILE} rows i are held against each k, and all rows i of a part against {@value #STRIP} rows k, which stay in the next cache that long: the ones
 * after that are slow to answer where two threads share them.
 */
final class SingleTriplets {

    private static final int BLOCK = TripletKernel.BLOCK;
    private static final int TILE = 4;
    private static final int STRIP = 64;

    /** So many floats are fetched from memory together. */
    private static final int LINE = 16;

    private final int capacity;
    private final Block[] blocks;
    private final Part[] parts;
    private int n;
    private double[] squaresS;
    private double[] squaresT;
    private double unitS; // d² of the learner in it is d²/2 in units of the mean distance

    private double unitT; // and of the guide −d²/2

    /** What lies between all rows and up to {@value #BLOCK} anchors: for row i, of anchor {@code first + j}. */
    private static final class Block {
        final int first;
        final float[][] known;

        Block(int rows, int first) {
            this.first = first;
            known = new float[rows][TripletKernel.KNOWN];
        }

        /** How many of the anchors are there in a batch of {@code n} rows. */
        int anchors(int n) {
            return Math.min(BLOCK, n - first);
        }
    }

    /** What one part of the work needs and adds up; parts are put together in their order, whoever did them. */
    private static final class Part {
        final float[] folded = new float[TripletKernel.FOLDED];
        final float[][] summed = new float[TILE][TripletKernel.SUMMED];
        final float[][][] edges; // block, row, anchor
        double sum;
        int endRow; // it writes no row from this one on

        Part(Block[] blocks, int rows) {
            edges = new float[blocks.length][][];
            for (int block = 0; block < blocks.length; block++) {
                edges[block] = new float[rows][Math.min(BLOCK, rows - blocks[block].first)];
            }
        }

        void begin(int end) {
            sum = 0;
            endRow = end;
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
            parts[part] = new Part(blocks, capacity);
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
        squaresS = pairs.learner().squares();
        squaresT = pairs.guide().squares();
        double muS = pairs.learner().mean();
        double muT = pairs.guide().mean();
        unitS = 0.5 / (muS * muS);
        unitT = -0.5 / (muT * muT);
        int count = LargeBatch.parts(n);
        ForkJoin.share(count, part -> {
            for (int i = n * part / count; i < n * (part + 1) / count; i++) {
                for (int b = 0; b < used(); b++) {
                    Block block = blocks[b];
                    int at = i * n + block.first;
                    int anchors = block.anchors(n);
                    inverses(inversesS, at, muS, block.known[i], TripletKernel.INVERSE, anchors);
                    inverses(inversesT, at, muT, block.known[i], TripletKernel.GUIDE_INVERSE, anchors);
                    halves(squaresS, inversesS, at, -unitS * muS, block.known[i], TripletKernel.HALF, anchors);
                    halves(squaresT, inversesT, at, -unitT * muT, block.known[i], TripletKernel.GUIDE_HALF, anchors);
                }
            }
        });
    }

    private static void inverses(double[] inverses, int at, double unit, float[] into, int part, int count) {
        for (int j = 0; j < count; j++) {
            into[part + j] = (float) (inverses[at + j] * unit);
        }
    }

    /** d/2 as d²/2 · 1/d, which is 0 where 1/d is. */
    private static void halves(
            double[] squares, double[] inverses, int at, double unit, float[] into, int part, int count) {
        for (int j = 0; j < count; j++) {
            into[part + j] = (float) (squares[at + j] * inverses[at + j] * unit);
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
            int passed = Math.max(0, (strip + 1 - firstRow) / TILE); // tiles with no row beyond the strip's first
            for (int tile = firstRow + passed * TILE; tile < endRow; tile += TILE) {
                int end = Math.min(tile + TILE, endRow);
                compare(part, block, edges, tile, end, strip, Math.min(strip + STRIP, end - 1), bend, slopes);
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
        for (int k = strip; k < stripEnd; k++) {
            for (int i = Math.max(tile, k + 1); i < end; i++) {
                int at = i * n + k;
                float[] summed = part.summed[i - tile];
                TripletKernel.pair(
                        (float) (squaresS[at] * unitS),
                        (float) (squaresT[at] * unitT),
                        block.known[i],
                        block.known[k],
                        bend,
                        summed,
                        edges[k],
                        anchors);
                slopes[at] += TripletKernel.pull(summed, part.folded, anchors);
            }
        }
        for (int i = tile; i < end; i++) {
            part.sum += TripletKernel.drain(part.summed[i - tile], edges[i], anchors);
        }
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
                        blocks[first / BLOCK].known[i],
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

    /** The kernel's pulls are those of the guide's cosines at the learner's, hence the sign. */
    private static void finish(
            double[] sums, float[] known, int first, int last, double unit, double[] slopes, int row) {
        for (int k = first; k < last; k++) {
            slopes[row + k] = (slopes[row + k] - sums[k] * known[TripletKernel.INVERSE + k - first]) * unit;
        }
    }
}
