package io.github.horkd.internal.onednn;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Memory that the primitives of one network share: they run one after the other. It grows and is never handed back. */
public final class WorkingMemory {

    private static final int MOST_ARGUMENTS = 9;
    /** The slot that is no argument's. */
    static final int OWN = MOST_ARGUMENTS;

    private final FloatPointer[] blocks = new FloatPointer[MOST_ARGUMENTS + 1];

    /** At least so many bytes, at a cache line's boundary; valid until the same slot is asked for more. */
    public Pointer slot(int slot, long bytes) {
        FloatPointer block = blocks[slot];
        if (block == null || block.capacity() * Float.BYTES < bytes + MemoryOrder.ALIGNMENT) {
            if (block != null) {
                block.deallocate();
            }
            block = new FloatPointer((bytes + MemoryOrder.ALIGNMENT) / Float.BYTES + 1);
            blocks[slot] = block;
        }
        return block.getPointer(Math.floorMod(-block.address(), MemoryOrder.ALIGNMENT) / Float.BYTES);
    }
}
