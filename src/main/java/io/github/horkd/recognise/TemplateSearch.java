package io.github.horkd.recognise;

import io.github.horkd.internal.parallel.ForkJoin;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
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

    /** What has been found, in each slot and for each probe. No two threads are in one slot at the same time. */
    private record Found(BestIdentities[][] best, Correction correction) {

        void offer(int slot, TemplateBlock block, float[][] products) {
            for (int p = 0; p < best[slot].length; p++) {
                BlockOffers.each(block, products[p], best[slot][p], correction);
            }
        }
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
        float[] scaled = scaled(probes);
        if (count < MANY) {
            byLoops(scaled, count, slots, new Found(found, correction));
        } else {
            byGemm(scaled, count, slots, new Found(found, correction));
        }
        for (int slot = 1; slot < slots; slot++) {
            for (int p = 0; p < count; p++) {
                found[slot][p].addTo(found[0][p]);
            }
        }
        return found[0];
    }

    private float[] scaled(float[] probes) {
        float factor = blocks.isEmpty() ? 1 : blocks.get(0).values().probeFactor();
        if (factor == 1) {
            return probes;
        }
        float[] scaled = new float[probes.length];
        for (int i = 0; i < probes.length; i++) {
            scaled[i] = factor * probes[i];
        }
        return scaled;
    }

    private void byLoops(float[] probes, int count, int slots, Found found) {
        float[][] rows = rows(probes, count);
        float[][][] products = new float[slots][count][TemplateBlock.MOST];
        ForkJoin.share(
                slots,
                blocks.size(),
                (slot, piece) -> {
                    TemplateBlock block = blocks.get(piece);
                    block.values().products(rows, block.count(), products[slot]);
                    found.offer(slot, block, products[slot]);
                },
                Runnable::run);
    }

    private float[][] rows(float[] probes, int count) {
        float[][] rows = new float[count][];
        Arrays.setAll(rows, p -> Arrays.copyOfRange(probes, p * width, (p + 1) * width));
        return rows;
    }

    @SuppressWarnings("try") // The scope is opened for its effect.
    private void byGemm(float[] probes, int count, int slots, Found found) {
        float[][] rows = rows(probes, count);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
                INDArray these = Nd4j.create(probes, new long[] {count, width}, 'c')) {
            List<GemmMemory> memory = Stream.generate(() -> new GemmMemory(width, count))
                    .limit(slots)
                    .toList();
            try {
                ForkJoin.share(
                        slots,
                        blocks.size(),
                        (slot, piece) -> {
                            TemplateBlock block = blocks.get(piece);
                            // Nearly all blocks have room for so many rows; the others are small.
                            if (block.values().rows == TemplateBlock.MOST) {
                                memory.get(slot).multiply(block.values(), these);
                                memory.get(slot).offer(block, found.best[slot], found.correction);
                            } else {
                                float[][] products = new float[count][block.count()];
                                block.values().products(rows, block.count(), products);
                                found.offer(slot, block, products);
                            }
                        },
                        Runnable::run);
            } finally {
                memory.forEach(GemmMemory::close);
            }
        }
    }
}
