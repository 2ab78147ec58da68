package io.github.horkd.recognise;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Native memory of one thread: a whole block and its products with all probes, and arrays that one probe's are copied to. */
final class GemmMemory implements AutoCloseable {

    private final int width;
    private final INDArray values;
    private final INDArray result;
    private final FloatBuffer floats;
    private final IntBuffer bits;
    private final FloatBuffer products;
    private final float[] row = new float[TemplateBlock.MOST];
    private final BlockOffers offers;

    GemmMemory(int width, int probes) {
        this.width = width;
        values = Nd4j.createUninitialized(DataType.FLOAT, new long[] {TemplateBlock.MOST, width}, 'f');
        result = Nd4j.createUninitialized(DataType.FLOAT, new long[] {TemplateBlock.MOST, probes}, 'f');
        floats = bytes(values).asFloatBuffer();
        bits = bytes(values).asIntBuffer();
        products = bytes(result).asFloatBuffer();
        offers = new BlockOffers(probes);
    }

    private static ByteBuffer bytes(INDArray whole) {
        return new FloatPointer(whole.data().addressPointer())
                .capacity(whole.length())
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }

    void multiply(BlockValues block, INDArray probes) {
        for (int d = 0; d < width; d++) {
            block.copy(d, floats, bits, d * TemplateBlock.MOST);
        }
        Nd4j.gemm(values, probes, result, false, true, 1, 0);
    }

    /** Offers the rows of the block that was multiplied last. */
    void offer(TemplateBlock block, BestIdentities[] best, Correction correction) {
        if (correction == Correction.NONE) {
            offers.each(block, products, best);
            return;
        }
        for (int p = 0; p < best.length; p++) {
            products.get(p * TemplateBlock.MOST, row, 0, TemplateBlock.MOST);
            BlockOffers.each(block, row, best[p], correction);
        }
    }

    @Override
    public void close() {
        values.close();
        result.close();
    }
}
