package io.github.horkd.recognise;

import io.github.horkd.internal.parallel.ForkJoin;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compares probes with all templates, block by block, the blocks shared by threads. Few probes are limited by memory, and go through plain loops along it; many go
 * through gemm, for which a block is copied to native memory once for all of them.
 */
final class TemplateSearch {

    /** From so many probes on, gemm pays for the copy. */
    private static final int MANY = 6;
    /** So many probes at a time: their products with a block are 2 MiB. */
    static final int AT_ONCE = 256;

    private final List<TemplateBlock> blocks;
    private final int width;

    /** What looks at the products of a probe with all rows of a block. */
    private interface Visitor {

        /**
         * Sees a block.
         *
         * @param slot whose memory to use: no two threads are in one slot at the same time
         */
        void see(int slot, int probe, TemplateBlock block, float[] products);
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
        int slots = Math.max(
                1,
                Math.min(Math.min(ForkJoin.threads(), blocks.size()), BestIdentities.setsAtOnce(count, most, numbers)));
        BestIdentities[][] found = new BestIdentities[slots][count];
        for (BestIdentities[] slot : found) {
            for (int p = 0; p < count; p++) {
                slot[p] = BestIdentities.of(most, numbers);
            }
        }
        Visitor visitor = (slot, p, block, products) -> offer(block, products, found[slot][p], correction);
        if (count < MANY) {
            byLoops(probes, count, slots, visitor);
        } else {
            byGemm(probes, count, slots, visitor);
        }
        for (int slot = 1; slot < slots; slot++) {
            for (int p = 0; p < count; p++) {
                found[slot][p].addTo(found[0][p]);
            }
        }
        return found[0];
    }

    private static void offer(TemplateBlock block, float[] products, BestIdentities best, Correction correction) {
        int[] owners = block.owners();
        if (correction != Correction.NONE) {
            for (int r = 0; r < block.count(); r++) {
                if (owners[r] >= 0) {
                    best.offer(owners[r], correction.of(owners[r], products[r]));
                }
            }
            return;
        }
        int count = block.count();
        float least = best.least;
        for (int r = 0; r < count; r++) {
            // Most rows are not alike enough and end here; removed ones have no owner.
            if (products[r] >= least && owners[r] >= 0) {
                best.offer(owners[r], products[r]);
                least = best.least;
            }
        }
    }

    private void byLoops(float[] probes, int count, int slots, Visitor visitor) {
        float[][] rows = rows(probes, count);
        float[][][] products = new float[slots][count][TemplateBlock.MOST];
        float[][][] scratch = new float[slots][BlockValues.TOGETHER][TemplateBlock.MOST];
        ForkJoin.share(
                slots,
                blocks.size(),
                (slot, piece) -> {
                    TemplateBlock block = blocks.get(piece);
                    block.values().products(rows, block.count(), scratch[slot], products[slot]);
                    for (int p = 0; p < count; p++) {
                        visitor.see(slot, p, block, products[slot][p]);
                    }
                },
                Runnable::run);
    }

    private float[][] rows(float[] probes, int count) {
        float[][] rows = new float[count][];
        Arrays.setAll(rows, p -> Arrays.copyOfRange(probes, p * width, (p + 1) * width));
        return rows;
    }

    @SuppressWarnings("try") // The scope is opened for its effect.
    private void byGemm(float[] probes, int count, int slots, Visitor visitor) {
        float[][] rows = rows(probes, count);
        float[][][] products = new float[slots][count][TemplateBlock.MOST];
        float[][][] scratch = new float[slots][BlockValues.TOGETHER][TemplateBlock.MOST];
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
                INDArray these = Nd4j.create(probes, new long[] {count, width}, 'c')) {
            List<GemmMemory> memory =
                    Stream.generate(() -> new GemmMemory(count)).limit(slots).toList();
            try {
                ForkJoin.share(
                        slots,
                        blocks.size(),
                        (slot, piece) -> {
                            TemplateBlock block = blocks.get(piece);
                            // Nearly all blocks have room for so many rows; the others are small.
                            if (block.values().rows == TemplateBlock.MOST) {
                                memory.get(slot).multiply(block.values(), these, scratch[slot][0], products[slot]);
                            } else {
                                block.values().products(rows, block.count(), scratch[slot], products[slot]);
                            }
                            for (int p = 0; p < count; p++) {
                                visitor.see(slot, p, block, products[slot][p]);
                            }
                        },
                        Runnable::run);
            } finally {
                memory.forEach(GemmMemory::close);
            }
        }
    }

    /** Native memory of one thread: a block and its products with all probes. */
    private final class GemmMemory implements AutoCloseable {

        private final INDArray values;
        private final INDArray result;

        GemmMemory(int count) {
            values = Nd4j.createUninitialized(DataType.FLOAT, new long[] {TemplateBlock.MOST, width}, 'f');
            result = Nd4j.createUninitialized(DataType.FLOAT, new long[] {TemplateBlock.MOST, count}, 'f');
        }

        void multiply(BlockValues block, INDArray probes, float[] scratch, float[][] products) {
            FloatPointer to = pointer(values);
            for (int d = 0; d < width; d++) {
                to.position((long) d * TemplateBlock.MOST).put(block.dimension(d, TemplateBlock.MOST, scratch));
            }
            Nd4j.gemm(values, probes, result, false, true, 1, 0);
            FloatPointer from = pointer(result);
            for (int p = 0; p < products.length; p++) {
                from.position((long) p * TemplateBlock.MOST).get(products[p]);
            }
        }

        private FloatPointer pointer(INDArray whole) {
            return new FloatPointer(whole.data().addressPointer());
        }

        @Override
        public void close() {
            values.close();
            result.close();
        }
    }
}
