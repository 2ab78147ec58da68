package io.github.horkd.internal.onednn;

import org.bytedeco.dnnl.dnnl_convolution_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;

/**
 * In which order values lie in memory. Beside NCHW there is oneDNN's own order, "blocked": groups of 8 or 16 channels innermost.
 * An array whose channels do not fill whole blocks has more of them there, of zeros.
 */
public final class MemoryOrder {

    /** A cache line. */
    static final int ALIGNMENT = 64;

    private MemoryOrder() {}

    /** Describes floats in a given order of dimensions, or {@code dnnl_format_tag_any} to let the primitive choose. */
    public static dnnl_memory_desc_t floats(int tag, long... sides) {
        var description = new dnnl_memory_desc_t();
        OneDnn.check(
                dnnl.dnnl_memory_desc_init_by_tag(description, sides.length, sides, dnnl.dnnl_f32, tag),
                "describing memory");
        return description;
    }

    /** Whether two descriptions mean the same memory. */
    public static boolean equal(dnnl_memory_desc_t one, dnnl_memory_desc_t other) {
        return dnnl.dnnl_memory_desc_equal(one, other) != 0;
    }

    /** How many channels oneDNN keeps together on this machine; Integer.MAX_VALUE when it has no blocks. */
    public static int blockSize() {
        return Blocked.SIZE;
    }

    /** oneDNN's name for an order of images. */
    public static int tag(boolean blocked) {
        return blocked ? Blocked.TAG : dnnl.dnnl_nchw;
    }

    /** How many channels an array of so many has in memory. */
    public static long channels(long channels, boolean blocked) {
        long block = blockSize();
        return blocked ? (channels + block - 1) / block * block : channels;
    }

    /** Memory of its own for so many bytes, at a cache line's boundary. */
    public static FloatPointer allocate(long bytes) {
        var block = new FloatPointer((bytes + ALIGNMENT) / Float.BYTES + 1);
        return block.getPointer(Math.floorMod(-block.address(), ALIGNMENT) / Float.BYTES);
    }

    /** What oneDNN chooses for a 3×3 convolution from 32 channels to 32, which is what it chooses for them all. */
    private static final class Blocked {
        static final int TAG;
        static final int SIZE;

        static {
            var natives = new NativeObjects();
            long[] sides = {2, 32, 8, 8};
            var operation = new dnnl_convolution_desc_t();
            dnnl_memory_desc_t any = floats(dnnl.dnnl_format_tag_any, sides);
            OneDnn.check(
                    dnnl.dnnl_convolution_forward_desc_init(
                            operation,
                            dnnl.dnnl_forward_training,
                            dnnl.dnnl_convolution_direct,
                            any,
                            floats(dnnl.dnnl_format_tag_any, 32, 32, 3, 3),
                            null,
                            any,
                            new long[] {1, 1},
                            new long[] {1, 1},
                            new long[] {1, 1}),
                    "describing a convolution");
            dnnl_memory_desc_t chosen =
                    dnnl.dnnl_primitive_desc_query_md(natives.description(operation, null), dnnl.dnnl_query_src_md, 0);
            boolean sixteen = equal(chosen, floats(dnnl.dnnl_nChw16c, sides));
            boolean eight = equal(chosen, floats(dnnl.dnnl_nChw8c, sides));
            TAG = sixteen ? dnnl.dnnl_nChw16c : dnnl.dnnl_nChw8c;
            SIZE = sixteen ? 16 : eight ? 8 : Integer.MAX_VALUE;
            natives.run();
        }
    }
}
