package io.github.horkd.internal.training;

import io.github.horkd.internal.onednn.NativeFloats;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.ActivationLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's activation layer for a plain ReLU, by oneDNN in training, or by kernels of its own where that is missing: ND4J's derivative of ReLU costs
 * ten times as much as reading and writing the memory. Where the vertex before has done the work, it passes arrays on. Stands in for the layer object of an accelerated network; the configuration knows nothing of it.
 */
final class FastRelu extends ActivationLayer {

    /** Floats handled at a time: 16 KiB. */
    private static final int CHUNK = 4096;

    private static final ThreadLocal<FastRelu.Chunks> CHUNKS = ThreadLocal.withInitial(Chunks::new);

    private static final class Chunks {
        private final float[] values = new float[CHUNK];
        private final int[] x = new int[CHUNK];
        private final int[] dy = new int[CHUNK];
    }

    private Kernels kernels = Kernels.JAVA;
    private Reorder reorder;
    private boolean isReordered;

    FastRelu(ActivationLayer layer) {
        super(layer.conf(), DataType.FLOAT);
        setIndex(layer.getIndex());
        setListeners(layer.getListeners());
        setIterationCount(layer.getIterationCount());
        setEpochCount(layer.getEpochCount());
    }

    /**
     * Who computes.
     *
     * @param oneDnn  oneDNN, or null for the kernels here
     * @param clipped whether its input, in training, has been through a ReLU on the way out of the vertex before
     */
    record Kernels(ElementWise oneDnn, boolean clipped) {
        static final Kernels JAVA = new Kernels(null, false);
    }

    /** Changes the order of values between its input and its output, in training. */
    interface Reorder {
        /**
         * Rewrites an array in the order of the other side.
         *
         * @param from    what to read
         * @param to      what to write
         * @param forward from the input's order to the output's, or back
         */
        void run(INDArray from, INDArray to, boolean forward);

        /** How many channels its output has. */
        long outChannels();
    }

    /** Chooses who computes from the next pass on. */
    void setKernels(Kernels kernels) {
        this.kernels = kernels;
    }

    /** Makes this the place where blocked arrays begin or end; null makes it an ordinary ReLU again. */
    void setReorder(Reorder reorder) {
        this.reorder = reorder;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        isReordered = training && reorder != null;
        if (!training || !isTaken(input)) {
            return super.activate(training, workspaces);
        }
        if (kernels.clipped && !isReordered) {
            return workspaces.leverageTo(
                    ArrayType.ACTIVATIONS, input); // In training proper it is there, and nothing is copied.
        }
        long[] shape = input.shape().clone();
        if (isReordered) {
            shape[1] = reorder.outChannels();
        }
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, shape, 'c');
        if (isReordered) {
            reorder.run(input, y, true);
        }
        if (!kernels.clipped) {
            clip(isReordered ? y : input, y);
        }
        return y;
    }

    private void clip(INDArray x, INDArray y) {
        if (kernels.oneDnn != null) {
            kernels.oneDnn.relu(x, y);
            return;
        }
        FloatPointer in = NativeFloats.of(x);
        FloatPointer out = NativeFloats.of(y);
        float[] values = CHUNKS.get().values;
        long length = x.length();
        for (long at = 0; at < length; at += CHUNK) {
            int n = (int) Math.min(CHUNK, length - at);
            in.position(at).get(values, 0, n);
            clip(values, n);
            out.position(at).put(values, 0, n);
        }
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (!isTaken(input) || epsilon.dataType() != DataType.FLOAT || !isReordered && !epsilon.equalShapes(input)) {
            return super.backpropGradient(epsilon, workspaces);
        }
        INDArray dy = NativeFloats.contiguous(epsilon, ArrayType.BP_WORKING_MEM, workspaces);
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, input.shape(), 'c');
        if (isReordered) {
            reorder.run(dy, dx, false);
        }
        keepWherePositive(isReordered ? dx : dy, dx);
        return new Pair<>(new DefaultGradient(), dx);
    }

    private void keepWherePositive(INDArray dy, INDArray dx) {
        if (kernels.oneDnn != null) {
            kernels.oneDnn.reluBack(input, dy, dx);
            return;
        }
        var in = new IntPointer(NativeFloats.of(input));
        var above = new IntPointer(NativeFloats.of(dy));
        var below = new IntPointer(NativeFloats.of(dx));
        Chunks chunks = CHUNKS.get();
        long length = input.length();
        for (long at = 0; at < length; at += CHUNK) {
            int n = (int) Math.min(CHUNK, length - at);
            in.position(at).get(chunks.x, 0, n);
            above.position(at).get(chunks.dy, 0, n);
            keepWherePositive(chunks.dy, chunks.x, n);
            below.position(at).put(chunks.dy, 0, n);
        }
    }

    private static boolean isTaken(INDArray x) {
        return x.dataType() == DataType.FLOAT && NativeFloats.isContiguous(x);
    }

    private static void clip(float[] x, int length) {
        for (int i = 0; i < length; i++) {
            x[i] = Math.max(x[i], 0f);
        }
    }

    /**
     * Clears dy where x is not above zero, on the bits of the floats: −x has its sign bit set just where x, as an integer, is
     * above 0, and so is the float; x itself where it is below. A choice by comparison would not be vectorised.
     */
    private static void keepWherePositive(int[] dy, int[] x, int length) {
        for (int i = 0; i < length; i++) {
            dy[i] &= ~(x[i] >> 31) & (-x[i] >> 31);
        }
    }
}
