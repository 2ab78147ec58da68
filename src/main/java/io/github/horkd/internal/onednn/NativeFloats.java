package io.github.horkd.internal.onednn;

import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/** The memory behind an array, for kernels that read and write it themselves. */
public final class NativeFloats {

    private NativeFloats() {}

    /** A fresh pointer to the array's first value, views included. It does not own the memory. */
    public static FloatPointer of(INDArray array) {
        return (FloatPointer) array.data().addressPointer();
    }

    /** The array itself when its values lie in C order without gaps, else a copy that does, in the workspace named. */
    public static INDArray contiguous(INDArray array, ArrayType type, LayerWorkspaceMgr workspaces) {
        return isContiguous(array) ? array : workspaces.dup(type, array, 'c');
    }

    public static boolean isContiguous(INDArray array) {
        return array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array);
    }

    /** A vector outside every workspace, for what outlives a training step. */
    @SuppressWarnings("try") // The scope is opened for its effect.
    public static INDArray kept(int length) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return Nd4j.createUninitialized(DataType.FLOAT, length);
        }
    }

    /** Copies a vector of any shape out of native memory, into {@code reuse} when that has the right length. */
    public static float[] copy(INDArray vector, float[] reuse) {
        int length = Math.toIntExact(vector.length());
        float[] values = reuse.length == length ? reuse : new float[length];
        of(vector).get(values, 0, length);
        return values;
    }
}
