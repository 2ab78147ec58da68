package io.github.horkd.recognise;

import java.nio.FloatBuffer;

/** Offers the identities of a block, by the products of their rows with a probe. */
final class BlockOffers {

    /** Rows of a whole block lie in so many parts, and row i of each is compared at once. */
    private static final int PARTS = 4;

    private static final int PART = TemplateBlock.MOST / PARTS;

    private final float[][] parts = new float[PARTS][PART];
    /** For each probe: the largest product of rows i of all parts. */
    private final float[][] largest;

    BlockOffers(int probes) {
        largest = new float[probes][PART];
    }

    /**
     * Offers rows one after the other.
     *
     * @param products of the first {@code block.count()} rows
     */
    static void each(TemplateBlock block, float[] products, BestIdentities best, Correction correction) {
        int[] owners = block.owners();
        int count = block.count();
        float least = best.least;
        if (correction != Correction.NONE) {
            for (int r = 0; r < count; r++) {
                if (owners[r] >= 0) {
                    float corrected = correction.of(owners[r], products[r]);
                    if (!(corrected < least)) {
                        best.offer(owners[r], corrected);
                        least = best.least;
                    }
                }
            }
            return;
        }
        for (int r = 0; r < count; r++) {
            // Most rows are not alike enough and end here; removed ones have no owner.
            if (products[r] >= least && owners[r] >= 0) {
                best.offer(owners[r], products[r]);
                least = best.least;
            }
        }
    }

    /**
     * Offers the rows of a whole block: four at a time are not alike enough, nearly always.
     *
     * @param products of all rows with the first probe, with the second, and so on
     */
    void each(TemplateBlock block, FloatBuffer products, BestIdentities[] best) {
        for (int p = 0; p < best.length; p++) {
            for (int part = 0; part < PARTS; part++) {
                products.get(p * TemplateBlock.MOST + part * PART, parts[part], 0, PART);
            }
            largest(parts[0], parts[1], parts[2], parts[3], largest[p]);
        }
        for (int p = 0; p < best.length; p++) {
            offer(block, products, p * TemplateBlock.MOST, largest[p], best[p]);
        }
    }

    private static void largest(float[] a, float[] b, float[] c, float[] d, float[] largest) {
        for (int r = 0; r < largest.length; r++) {
            largest[r] = Math.max(Math.max(a[r], b[r]), Math.max(c[r], d[r]));
        }
    }

    private static void offer(
            TemplateBlock block, FloatBuffer products, int first, float[] largest, BestIdentities best) {
        float least = best.least;
        for (int r = 0; r < PART; r++) {
            // What is no number is looked at, too: it hides the others.
            if (!(largest[r] < least)) {
                for (int row = r; row < block.count(); row += PART) {
                    float product = products.get(first + row);
                    if (product >= least && block.has(row)) {
                        best.offer(block.owners()[row], product);
                        least = best.least;
                    }
                }
            }
        }
    }
}
