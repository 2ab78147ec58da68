package io.github.horkd.internal.training;

import java.util.Arrays;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.ElementWiseVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's sum of arrays of one shape, done by oneDNN in training, on request with the ReLU that follows in the same pass. Stands in for
 * the vertex object of a network; the configuration knows nothing of it.
 */
final class BlockedSum extends ElementWiseVertex {

    private static final long serialVersionUID = 1L;

    private transient Kernel kernel;
    private transient boolean isBlocked;

    BlockedSum(ComputationGraph network, GraphVertex vertex) {
        super(
                network,
                vertex.getVertexName(),
                vertex.getVertexIndex(),
                vertex.getInputVertices(),
                vertex.getOutputVertices(),
                Op.Add,
                DataType.FLOAT);
    }

    /**
     * What one sum works with.
     *
     * @param elements does the arithmetic
     * @param relu     whether what it writes goes through a ReLU; its derivative stays with who comes after
     * @param shared   whether all inputs may be handed one and the same array as their derivative
     */
    record Kernel(ElementWise elements, boolean relu, boolean shared) {}

    /** Adds in training by this from now on; null makes it DL4J's vertex again. */
    void setKernel(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        isBlocked = training && kernel != null && canDoForward();
        if (!isBlocked) {
            return super.doForward(training, workspaces);
        }
        INDArray sum = workspaces.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, inputs[0].shape(), 'c');
        for (int i = 1; i < inputs.length; i++) {
            kernel.elements.sum(i == 1 ? inputs[0] : sum, inputs[i], sum, kernel.relu && i == inputs.length - 1);
        }
        return sum;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        if (!isBlocked || !canDoBackward()) {
            return super.doBackward(truncated, workspaces);
        }
        INDArray[] gradients = new INDArray[inputs.length];
        for (int i = 0; i < gradients.length; i++) {
            if (i > 0 && kernel.shared) {
                gradients[i] = gradients[0];
            } else {
                gradients[i] =
                        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, epsilon.shape(), 'c');
                kernel.elements.copy(epsilon, gradients[i]);
            }
        }
        return new Pair<>(null, gradients);
    }

    // DL4J compares vertices by their fields; an object of this kind is equal only to itself.

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "BlockedSum(" + getVertexName() + ", inputs=" + Arrays.toString(getInputVertices()) + ")";
    }
}
