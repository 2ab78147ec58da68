package io.github.horkd.internal.training;

import io.github.horkd.internal.graph.Window;
import io.github.horkd.internal.onednn.MemoryOrder;
import io.github.horkd.internal.onednn.NativeFloats;
import io.github.horkd.internal.onednn.OneDnn;
import io.github.horkd.internal.onednn.PrimitiveCache;
import io.github.horkd.internal.onednn.WorkingMemory;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.AlgoMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BwdDataAlgo;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BwdFilterAlgo;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.FwdAlgo;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionHelper;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.exception.ND4JOpProfilerException;

/**
 * Two-dimensional convolution by oneDNN, called directly. ND4J's own way into oneDNN makes its primitives anew in every call and
 * DL4J runs the forward pass again in every backward pass; here primitives are made once per size of input and
 * kept. oneDNN works in a blocked order of its own; where a neighbour speaks NCHW, values are reordered on the way.
 */
final class OneDnnConvolution implements ConvolutionHelper {

    private final boolean biased;
    private final boolean inputGradient;
    private final Flow flow;
    private final Consumer<INDArray> output;
    private final PrimitiveCache<ConvolutionPrimitives.Size, ConvolutionPrimitives> bySize;
    private boolean training = true;

    /**
     * What is blocked in training.
     *
     * @param in  the layer's input and the derivative by it
     * @param out the layer's output and the derivative by it
     */
    record Flow(boolean in, boolean out) {
        static final Flow NONE = new Flow(false, false);
    }

    /**
     * For one layer.
     *
     * @param working       shared with the other layers of the network
     * @param biased        whether the layer has a bias
     * @param inputGradient whether anybody wants the derivative by the input; without, it is not computed and null
     * @param flow          which of its arrays are blocked in training
     * @param output        receives what a forward pass made, and null when that is over
     */
    OneDnnConvolution(
            WorkingMemory working, boolean biased, boolean inputGradient, Flow flow, Consumer<INDArray> output) {
        this.biased = biased;
        this.inputGradient = inputGradient;
        this.flow = flow;
        this.output = output;
        this.bySize =
                new PrimitiveCache<>((size, natives) -> new ConvolutionPrimitives(size, biased, natives, working));
    }

    /** Says whether the passes that follow are those of training. */
    void setTraining(boolean training) {
        this.training = training;
    }

    @Override
    public INDArray preOutput(
            INDArray input,
            INDArray weights,
            INDArray bias,
            int[] kernel,
            int[] strides,
            int[] pad,
            AlgoMode mode,
            FwdAlgo algorithm,
            ConvolutionMode padding,
            int[] dilation,
            CNN2DFormat format,
            LayerWorkspaceMgr workspaces) {
        if (!isTaken(input, weights, format)) {
            return null;
        }
        Window window = Window.of(kernel, strides, pad, dilation, padding);
        INDArray x = NativeFloats.contiguous(input, ArrayType.FF_WORKING_MEM, workspaces);
        INDArray y = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS,
                DataType.FLOAT,
                new long[] {
                    x.size(0),
                    MemoryOrder.channels(weights.size(0), flow().out),
                    window.outHeight(x.size(2)),
                    window.outWidth(x.size(3))
                },
                'c');
        run(() -> bySize.of(ConvolutionPrimitives.Size.of(x, weights, window, flow()))
                .forward(
                        NativeFloats.of(x),
                        NativeFloats.of(weights),
                        biased ? NativeFloats.of(bias) : null,
                        NativeFloats.of(y)));
        if (training) {
            output.accept(y);
        }
        return y;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            INDArray input,
            INDArray weights,
            INDArray bias,
            INDArray delta,
            int[] kernel,
            int[] strides,
            int[] pad,
            INDArray biasGradient,
            INDArray weightGradient,
            IActivation activation,
            AlgoMode mode,
            BwdFilterAlgo byFilter,
            BwdDataAlgo byData,
            ConvolutionMode padding,
            int[] dilation,
            CNN2DFormat format,
            LayerWorkspaceMgr workspaces) {
        if (!isTaken(input, weights, format)) {
            return null;
        }
        INDArray x = NativeFloats.contiguous(input, ArrayType.BP_WORKING_MEM, workspaces);
        INDArray dy = NativeFloats.contiguous(delta, ArrayType.BP_WORKING_MEM, workspaces);
        ConvolutionPrimitives.Size size =
                ConvolutionPrimitives.Size.of(x, weights, Window.of(kernel, strides, pad, dilation, padding), flow());
        Gradient gradient = new DefaultGradient();
        if (biased) {
            gradient.setGradientFor(ConvolutionParamInitializer.BIAS_KEY, biasGradient);
        }
        run(() -> bySize.of(size)
                .backwardByWeights(
                        NativeFloats.of(dy),
                        NativeFloats.of(x),
                        NativeFloats.of(weightGradient),
                        biased ? NativeFloats.of(biasGradient) : null));
        gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, weightGradient, 'c');
        output.accept(null); // Nobody may hold on to an array of a workspace that is about to close.
        if (!inputGradient) {
            return new Pair<>(gradient, null);
        }
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, x.shape(), 'c');
        run(() -> bySize.of(size).backwardByInput(NativeFloats.of(dy), NativeFloats.of(weights), NativeFloats.of(dx)));
        return new Pair<>(gradient, dx);
    }

    /** Whether arrays are blocked in the pass that goes on. */
    boolean isBlocked() {
        return !flow().equals(Flow.NONE);
    }

    private void run(Runnable work) {
        if (flow().equals(Flow.NONE)) {
            work.run();
        } else {
            orFail(work);
        }
    }

    /**
     * Runs what must not fail quietly. DL4J answers an exception from a layer's fast path by a warning and its own slow path, which
     * would take blocked arrays for NCHW; this one type of exception it passes on.
     */
    private static void orFail(Runnable work) {
        try {
            work.run();
        } catch (IllegalStateException e) {
            throw new ND4JOpProfilerException(e.getMessage(), e);
        }
    }

    private Flow flow() {
        return training ? flow : Flow.NONE;
    }

    private static boolean isTaken(INDArray input, INDArray weights, CNN2DFormat format) {
        return input.dataType() == DataType.FLOAT && weights.dataType() == DataType.FLOAT && format == CNN2DFormat.NCHW;
    }

    @Override
    public INDArray activate(INDArray z, IActivation activation, boolean training) {
        return activation.getActivation(z, training);
    }

    @Override
    public boolean checkSupported() {
        return OneDnn.isAvailable();
    }

    @Override
    public Map<String, Long> helperMemoryUse() {
        return Map.of();
    }
}
