package io.github.horkd.internal.training;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.BIAS_KEY;
import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.WEIGHT_KEY;

/**
 * A convolution layer that tells its {@link OneDnnConvolution} whether it trains, which DL4J's own does not.
 * Takes over everything from the layer object it stands in for.
 */
final class TrackedConvolution extends ConvolutionLayer {

    private static final long serialVersionUID = 1L;

    TrackedConvolution(ConvolutionLayer layer) {
        super(layer.conf(), DataType.FLOAT);
        Dl4jInternals.copy(layer, this, ConvolutionLayer.class);
    }

    void setHelper(OneDnnConvolution convolution) {
        helper = convolution;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        if (helper instanceof OneDnnConvolution convolution) {
            convolution.setTraining(training);
            if (convolution.isBlocked()) {
                assertInputSet(false);
                return convolution.preOutput(
                        input,
                        getParam(WEIGHT_KEY),
                        hasBias() ? getParam(BIAS_KEY) : null,
                        layerConf().getKernelSize(),
                        layerConf().getStride(),
                        layerConf().getPadding(),
                        null,
                        null,
                        convolutionMode,
                        layerConf().getDilation(),
                        CNN2DFormat.NCHW,
                        workspaces);
            }
        }
        return super.activate(training, workspaces);
    }

    // Blocked arrays may have more channels than the layer, which DL4J would refuse; and a layer whose arrays are
    // blocked has no activation function.

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        if (helper instanceof OneDnnConvolution convolution && convolution.isBlocked()) {
            assertInputSet(true);
            return convolution.backpropGradient(
                    input,
                    getParam(WEIGHT_KEY),
                    null,
                    epsilon,
                    layerConf().getKernelSize(),
                    layerConf().getStride(),
                    layerConf().getPadding(),
                    gradientViews.get(BIAS_KEY),
                    gradientViews.get(WEIGHT_KEY),
                    null,
                    null,
                    null,
                    null,
                    convolutionMode,
                    layerConf().getDilation(),
                    CNN2DFormat.NCHW,
                    workspaces);
        }
        return super.backpropGradient(epsilon, workspaces);
    }
}
