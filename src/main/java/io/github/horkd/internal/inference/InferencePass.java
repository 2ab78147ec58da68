package io.github.horkd.internal.inference;

import io.github.horkd.internal.onednn.MemoryOrder;
import java.lang.ref.Reference;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.javacpp.FloatPointer;

/**
 * An {@link InferencePlan} made ready for one number of images: primitives with their arguments, on memory of its own. Maps lie in oneDNN's
 * blocked order from the first convolution on, so nothing is reordered on the way.
 */
final class InferencePass {

    private final List<Runnable> work;
    private final Value input;
    private final List<Value> outputs;
    /** What the primitives work on; they themselves do not keep it. */
    private final List<Block> blocks;

    InferencePass(List<Runnable> work, Value input, List<Value> outputs, List<Block> blocks) {
        this.blocks = blocks;
        this.work = work;
        this.input = input;
        this.outputs = outputs;
    }

    /** Runs the pass on scaled images; afterwards {@link #read} has the answers. */
    void run(float[] images) {
        input.write(images);
        for (Runnable step : work) {
            step.run();
        }
        // Native memory must not go while native code works on it.
        Reference.reachabilityFence(blocks);
    }

    /** Copies the values of an output, in the order in which these were asked for. */
    void read(int output, float[] to, int at) {
        outputs.get(output).block.memory.get(to, at, outputs.get(output).length());
    }

    /** Memory that values take turns in. */
    static final class Block {
        final FloatPointer memory;
        final long bytes;
        int uses;

        Block(long bytes) {
            this.memory = MemoryOrder.allocate(bytes);
            this.bytes = bytes;
        }
    }

    /** A value between two steps: what it is, in which order, and where. */
    record Value(PlanSides sides, int images, dnnl_memory_desc_t order, dnnl_memory memory, Block block) {

        int length() {
            return Math.multiplyExact(images, sides.size());
        }

        void read(float[] to) {
            block.memory.get(to, 0, length());
        }

        void write(float[] from) {
            block.memory.put(from, 0, length());
        }
    }
}
