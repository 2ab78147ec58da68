package io.github.horkd.recognise;

import io.github.horkd.internal.parallel.ForkJoin;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compares probes with all templates, block by block. Few probes are limited by memory, and go through plain loops along it, the blocks shared by threads; many
 * go through gemm, with the block copied to native memory once for all of them.
 */
final class TemplateSearch {

    /** From so many probes on, gemm pays for the copy. */
    private static final int MANY = 6;
    /** So many probes at a time: their products with a block are 2 MiB. */
    static final int AT_ONCE = 256;

    private final List<TemplateBlock> blocks;
    private final int width;

    /** What looks at the products of all probes with one block: that of probe p with row r stands at {@code p · stride + r}. */
    private interface Visitor {

        /**
         * Sees a block.
         *
         * @param slot whose memory to use: no two threads are in one slot at the same time
         */
        void see(int slot, TemplateBlock block, float[] products, int stride);
    }

    TemplateSearch(TemplateRows rows) {
        this.blocks = rows.blocks();
        this.width = rows.width();
    }

    /**
     * The identities most alike to each of some probes.
     *
     * @param probes     of unit length, at most {@link #AT_ONCE}
     * @param most       how many identities
     * @param numbers    how many identities there are
     * @param correction of each identity's similarity
     */
    BestIdentities[] best(float[] probes, int count, int most, int numbers, Correction correction) {
        int slots = count < MANY ? Math.max(1, Math.min(ForkJoin.threads(), blocks.size())) : 1;
        BestIdentities[][] found = new BestIdentities[slots][count];
        for (BestIdentities[] slot : found) {
            for (int p = 0; p < count; p++) {
                slot[p] = BestIdentities.of(most, numbers);
            }
        }
        forEach(probes, count, slots, (slot, block, products, stride) -> {
            if (count < MANY) {
                for (int p = 0; p < count; p++) {
                    offer(block, products, p * stride, found[slot][p], correction);
                }
            } else {
                ForkJoin.share(count, p -> offer(block, products, p * stride, found[0][p], correction));
            }
        });
        for (int slot = 1; slot < slots; slot++) {
            for (int p = 0; p < count; p++) {
                found[slot][p].addTo(found[0][p]);
            }
        }
        return found[0];
    }

    private static void offer(
            TemplateBlock block, float[] products, int at, BestIdentities best, Correction correction) {
        int[] owners = block.owners();
        for (int r = 0; r < block.count(); r++) {
            // Most rows end here: removed ones, and those that are not alike enough.
            if (owners[r] >= 0) {
                float similarity = correction.of(owners[r], products[at + r]);
                if (similarity >= best.least) {
                    best.offer(owners[r], similarity);
                }
            }
        }
    }

    private void forEach(float[] probes, int count, int slots, Visitor visitor) {
        if (blocks.isEmpty() || count == 0) {
            return;
        }
        if (count < MANY) {
            float[][] products = new float[slots][count * TemplateBlock.MOST];
            ForkJoin.share(
                    slots,
                    blocks.size(),
                    (slot, piece) -> {
                        TemplateBlock block = blocks.get(piece);
                        for (int p = 0; p < count; p++) {
                            block.values()
                                    .products(probes, p * width, block.count(), products[slot], p * TemplateBlock.MOST);
                        }
                        visitor.see(slot, block, products[slot], TemplateBlock.MOST);
                    },
                    Runnable::run);
        } else {
            byGemm(probes, count, visitor);
        }
    }

    @SuppressWarnings("try") // The scope is opened for its effect.
    private void byGemm(float[] probes, int count, Visitor visitor) {
        float[] products = new float[count * TemplateBlock.MOST];
        float[] scratch = new float[width * TemplateBlock.MOST];
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
                INDArray these = Nd4j.create(probes, new long[] {count, width}, 'c');
                INDArray values =
                        Nd4j.createUninitialized(DataType.FLOAT, new long[] {TemplateBlock.MOST, width}, 'f');
                INDArray result =
                        Nd4j.createUninitialized(DataType.FLOAT, new long[] {TemplateBlock.MOST, count}, 'f')) {
            for (TemplateBlock block : blocks) {
                int rows = block.values().rows;
                if (rows < TemplateBlock.MOST) {
                    for (int p = 0; p < count; p++) {
                        block.values().products(probes, p * width, block.count(), products, p * TemplateBlock.MOST);
                    }
                } else {
                    pointer(values).put(block.values().decoded(scratch), 0, rows * width);
                    Nd4j.gemm(values, these, result, false, true, 1, 0);
                    pointer(result).get(products, 0, rows * count);
                }
                visitor.see(0, block, products, TemplateBlock.MOST);
            }
        }
    }

    private static FloatPointer pointer(INDArray whole) {
        return new FloatPointer(whole.data().addressPointer());
    }
}
