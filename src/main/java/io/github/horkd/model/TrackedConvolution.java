package io.github.horkd.model;

import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution layer that tells its {@link OneDnnConvolution} whether it trains, which DL4J's own does not.
 * Takes over everything from the layer object it stands in for.
 */
final class TrackedConvolution extends ConvolutionLayer {

    private static final long serialVersionUID = 1L;

    TrackedConvolution(ConvolutionLayer layer) {
        super(layer.conf(), DataType.FLOAT);
        LayerState.copy(layer, this, ConvolutionLayer.class);
    }

    void setHelper(OneDnnConvolution convolution) {
        helper = convolution;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        if (helper instanceof OneDnnConvolution convolution) {
            convolution.setTraining(training);
        }
        return super.activate(training, workspaces);
    }
}
