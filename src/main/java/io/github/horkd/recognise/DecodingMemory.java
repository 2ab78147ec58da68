package io.github.horkd.recognise;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * What a thread decodes values in. Whole numbers that are the bits of floats become floats by a copy through native memory: one by one, by
 * {@link Float#intBitsToFloat}, the compiler makes no vectors of it.
 */
final class DecodingMemory {

    private static final ThreadLocal<DecodingMemory> HERE = ThreadLocal.withInitial(DecodingMemory::new);

    /** For the parts that the rows of a block lie in. */
    final int[][] wholes = new int[4][TemplateBlock.MOST / 2];

    final IntBuffer bits;

    private final FloatBuffer floats;
    private final float[][] dimensions = new float[BlockValues.TOGETHER][TemplateBlock.MOST];

    private DecodingMemory() {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(Float.BYTES * TemplateBlock.MOST).order(ByteOrder.nativeOrder());
        bits = bytes.asIntBuffer();
        floats = bytes.asFloatBuffer();
    }

    /** That of the calling thread. */
    static DecodingMemory here() {
        return HERE.get();
    }

    /** An array for a dimension. It is used again for the one {@value BlockValues#TOGETHER} places on. */
    float[] dimension(int d) {
        return dimensions[d % BlockValues.TOGETHER];
    }

    /** The first {@link #bits} as floats, in the array for that dimension. */
    float[] floats(int d, int count) {
        float[] into = dimension(d);
        floats.get(0, into, 0, count);
        return into;
    }
}
