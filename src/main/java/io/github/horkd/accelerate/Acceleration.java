package io.github.horkd.accelerate;

import io.github.horkd.internal.onednn.OneDnn;
import io.github.horkd.internal.onednn.OneDnnConvolution;
import io.github.horkd.internal.training.BlockedBatchNorm;
import io.github.horkd.internal.training.BlockedFlow;
import io.github.horkd.internal.training.BlockedSum;
import io.github.horkd.internal.training.DirectUpdater;
import io.github.horkd.internal.training.ElementWise;
import io.github.horkd.internal.training.FastRelu;
import io.github.horkd.internal.training.FusedBatchNorm;
import io.github.horkd.internal.training.ReluReorder;
import io.github.horkd.internal.training.TrackedConvolution;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.layers.ActivationLayer;
import org.deeplearning4j.nn.layers.convolution.ConvolutionHelper;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an initialised DL4J network many times faster on the CPU, without a trace in its configuration or its file.
 *
 * <p>DL4J 1.0.0-M2.1 leaves its layers' fast paths empty on every backend. {@code on} fills them: two-dimensional
 * convolution and ReLU go to oneDNN, batch normalisation to a fused kernel in plain Java. Results
 * equal DL4J's own within 1e-5. It works on the network object alone: a copy ({@code clone()}) or a network read from a
 * file starts without and needs the call again. A file written by an accelerated network is an ordinary DL4J file.
 *
 * <p>oneDNN comes from the optional dependency {@code org.bytedeco:dnnl} (with {@code org.bytedeco:opencl}, both with the
 * platform's classifier), which works with any CPU backend and is the fastest; without it from the ND4J backend itself
 * when that is a {@code -onednn} build. When there is neither, one warning says what to add.
 *
 * <p>Only single precision on a CPU backend in NCHW layout is touched, frozen layers included; everything else (double
 * precision and thus gradient checks, NHWC layers, weight noise, CUDA) is left as it is. System properties of DL4J about
 * helpers play no part. Calling {@code on} twice does no harm.
 *
 * <p>How many threads all this may use is said by {@link CpuThreads}; the first call applies its default.
 *
 * <p>In a graph, the derivative by the network's own input is not computed where the first layer is a convolution: nobody
 * asks for it in training, and it costs as much as all the rest of that layer.
 */
public final class Acceleration {

    private static final Logger LOG = LoggerFactory.getLogger(Acceleration.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();
    private static final LayerField CONVOLUTION = LayerField.of(ConvolutionLayer.class, "helper");
    private static final VertexNames NAMED = VertexNames.find();
    private static final LayerField BATCH_NORM = LayerField.of(BatchNormalization.class, "helper");

    private Acceleration() {}

    /** Who computes convolutions. */
    public enum Convolver {
        /** oneDNN called directly: {@code org.bytedeco:dnnl} is on the class path. */
        ONEDNN,
        /** oneDNN within the ND4J backend. */
        ND4J,
        /** DL4J as it comes: no oneDNN in sight. */
        DL4J
    }

    /**
     * What {@link #on(ComputationGraph)} did.
     *
     * @param convolutions how many convolution layers are accelerated
     * @param batchNorms   how many batch-normalisation layers are accelerated
     * @param convolver    who computes the convolutions
     */
    public record Report(int convolutions, int batchNorms, Convolver convolver) {}

    /**
     * Accelerates a graph in place.
     *
     * @param network an initialised graph
     * @return what was accelerated
     */
    public static Report on(ComputationGraph network) {
        return on(network, convolver());
    }

    static Report on(ComputationGraph network, Convolver convolver) {
        replaceRelus(network, convolver);
        return on(network.getLayers(), network.getConfiguration().getDataType(), convolver, firstLayers(network));
    }

    /**
     * Accelerates a network in place.
     *
     * @param network an initialised network
     * @return what was accelerated
     */
    public static Report on(MultiLayerNetwork network) {
        // Here every layer computes the derivative by its input: backpropGradient() of such a network hands it to its
        // caller.
        return on(network.getLayers(), network.getLayerWiseConfigurations().getDataType(), convolver(), Set.of());
    }

    private static Report on(Layer[] layers, DataType type, Convolver convolver, Set<Layer> first) {
        if (layers == null) {
            throw new IllegalArgumentException(
                    "network: wanted an initialised one, got one without layers; call init() first");
        }
        if (type != DataType.FLOAT || !isCpu()) {
            return new Report(0, 0, Convolver.DL4J);
        }
        CpuThreads.settle();
        int convolutions = 0;
        int batchNorms = 0;
        var norms = new FusedBatchNorm.Scratch();
        ConvolutionMaker maker = switch (convolver) {
            case ONEDNN -> direct(first);
            case ND4J -> layer -> new MKLDNNConvHelper(type);
            case DL4J -> layer -> null;
        };
        for (Layer outer : layers) {
            Layer layer = outer;
            while (layer instanceof BaseWrapperLayer wrapper) {
                layer = wrapper.getUnderlying();
            }
            if (isTakenConvolution(layer, convolver)) {
                CONVOLUTION.set(layer, maker.make((ConvolutionLayer) layer));
                convolutions++;
            } else if (isTakenNorm(layer)) {
                BATCH_NORM.set(layer, new FusedBatchNorm(norms));
                if (layer instanceof BlockedBatchNorm blocked) {
                    blocked.setKernel(null);
                }
                batchNorms++;
            }
        }
        if (convolver == Convolver.DL4J && convolutions > 0) {
            if (WARNED.compareAndSet(false, true)) {
                LOG.warn(
                        "{} convolution layers run 4 to 20 times slower than they could, because there is no oneDNN on the class path. {}",
                        convolutions,
                        advice(System.getProperty("os.name"), System.getProperty("os.arch")));
            }
            convolutions = 0;
        }
        return new Report(convolutions, batchNorms, convolver);
    }

    /**
     * Accelerates a graph that is about to be trained: as {@link #on(ComputationGraph)}, and more. The updater works
     * on the gradient where it lies, and in training passes arrays travel between accelerated layers in oneDNN's
     * own order of values, which saves reordering them at every layer; there batch norms and sums that a ReLU alone reads go through that ReLU
     * at once, and arrays may have more channels, of zeros, than the layer. Whoever looks at <em>intermediate</em> activations of a
     * <em>training</em> pass (a listener of forward passes) sees them so; outputs, score, gradients by parameters, and everything in
     * inference are as ever.
     *
     * <p>Makes the memory that training needs anyway (gradient and updater state); state that is there, as after loading, is kept.
     *
     * @param network an initialised graph
     * @return what was accelerated
     */
    public static Report forTraining(ComputationGraph network) {
        Report report = on(network);
        if (report.convolutions() + report.batchNorms() > 0 && !(network.getUpdater(false) instanceof DirectUpdater)) {
            ComputationGraphUpdater old = network.getUpdater(false);
            network.setUpdater(new DirectUpdater(network, old == null ? null : old.getStateViewArray()));
        }
        if (report.convolver() == Convolver.ONEDNN && report.convolutions() > 0) {
            letFlow(network);
        }
        return report;
    }

    private static void letFlow(ComputationGraph network) {
        var scratch = new OneDnn.Scratch();
        Set<Layer> first = firstLayers(network);
        BlockedFlow flow = BlockedFlow.of(
                network,
                layer ->
                        isTakenConvolution(layer, Convolver.ONEDNN) || isTakenNorm(layer) || layer instanceof FastRelu);
        GraphVertex[] vertices = network.getVertices();
        for (int v = 0; v < vertices.length; v++) {
            boolean clipped = flow.isClippedBehind(v);
            if (flow.isSum(v)) {
                var sum = vertices[v] instanceof BlockedSum already ? already : new BlockedSum(network, vertices[v]);
                sum.setKernel(new BlockedSum.Kernel(
                        new ElementWise(scratch), clipped, flow.mayShareDerivative(v, network.topologicalSortOrder())));
                vertices[v] = sum;
                NAMED.of(network).put(sum.getVertexName(), sum);
            }
            if (!(vertices[v] instanceof LayerVertex place)) {
                continue;
            }
            Layer layer = place.getLayer();
            boolean in = flow.isReading(layer);
            boolean out = flow.isWriting(layer);
            if (layer instanceof FastRelu relu) {
                relu.setReorder(in == out ? null : new ReluReorder(flow.channels(v), in, out, scratch));
                relu.setKernels(new FastRelu.Kernels(
                        new ElementWise(scratch), flow.isClippedBehind(place.getInputVertices()[0].getVertexIndex())));
            } else if (isTakenConvolution(layer, Convolver.ONEDNN) && (in || out)) {
                var tracked = layer instanceof TrackedConvolution already
                        ? already
                        : new TrackedConvolution((ConvolutionLayer) layer);
                tracked.setHelper(
                        convolution(tracked, scratch, !first.contains(layer), new OneDnnConvolution.Flow(in, out)));
                replace(network, place, tracked);
            } else if (isTakenNorm(layer) && in) {
                var blocked = layer instanceof BlockedBatchNorm already
                        ? already
                        : new BlockedBatchNorm((BatchNormalization) layer);
                int channels = Math.toIntExact(blocked.layerConf().getNOut());
                blocked.setKernel(new BlockedBatchNorm.Kernel(scratch, channels, clipped));
                replace(network, place, blocked);
            }
        }
    }

    private static void replace(ComputationGraph network, LayerVertex place, Layer by) {
        Layer[] layers = network.getLayers();
        for (int i = 0; i < layers.length; i++) {
            if (layers[i] == place.getLayer()) {
                layers[i] = by;
            }
        }
        place.setLayer(by);
    }

    /** Puts our own ReLUs where DL4J's are, and makes all that {@link #letFlow} may have changed ordinary again. */
    private static void replaceRelus(ComputationGraph network, Convolver convolver) {
        if (network.getLayers() == null || network.getConfiguration().getDataType() != DataType.FLOAT || !isCpu()) {
            return;
        }
        OneDnn.Scratch scratch = convolver == Convolver.ONEDNN ? new OneDnn.Scratch() : null;
        for (GraphVertex vertex : network.getVertices()) {
            if (vertex instanceof BlockedSum sum) {
                sum.setKernel(null);
            }
            if (vertex instanceof LayerVertex place && isPlainRelu(place.getLayer())) {
                replace(network, place, new FastRelu((ActivationLayer) place.getLayer()));
            }
            if (vertex instanceof LayerVertex place && place.getLayer() instanceof FastRelu relu) {
                relu.setReorder(null);
                relu.setKernels(
                        scratch == null
                                ? FastRelu.Kernels.JAVA
                                : new FastRelu.Kernels(new ElementWise(scratch), false));
            }
        }
    }

    private static boolean isPlainRelu(Layer layer) {
        return layer.getClass() == ActivationLayer.class
                && ((ActivationLayer) layer).layerConf().getActivationFn().equals(new ActivationReLU());
    }

    private interface ConvolutionMaker {
        ConvolutionHelper make(ConvolutionLayer layer);
    }

    private static ConvolutionMaker direct(Set<Layer> first) {
        var scratch = new OneDnn.Scratch();
        return layer -> convolution(layer, scratch, !first.contains(layer), OneDnnConvolution.Flow.NONE);
    }

    private static OneDnnConvolution convolution(
            ConvolutionLayer layer, OneDnn.Scratch scratch, boolean inputGradient, OneDnnConvolution.Flow flow) {
        boolean linear = layer.layerConf().getActivationFn() instanceof ActivationIdentity;
        // DL4J wants the output again in the backward pass, to see the slope of the activation there, and would run the
        // whole
        // convolution for it. An identity has slope 1 whatever the output, so the one that is there will do.
        return new OneDnnConvolution(
                scratch, layer.hasBias(), inputGradient, flow, linear ? layer::setPreOutput : y -> {});
    }

    /** The layers that alone read an input of the graph. */
    private static Set<Layer> firstLayers(ComputationGraph network) {
        Set<Layer> first = Collections.newSetFromMap(new IdentityHashMap<>());
        GraphVertex[] vertices = network.getVertices() == null ? new GraphVertex[0] : network.getVertices();
        for (GraphVertex vertex : vertices) {
            VertexIndices[] inputs = vertex.getInputVertices();
            if (vertex instanceof LayerVertex layer
                    && layer.getLayerPreProcessor() == null
                    && inputs != null
                    && inputs.length == 1) {
                GraphVertex input = vertices[inputs[0].getVertexIndex()];
                if (input.isInputVertex()
                        && input.getOutputVertices().length == 1
                        && dropout(layer.getLayer()) == null) {
                    first.add(layer.getLayer());
                }
            }
        }
        return first;
    }

    private static Object dropout(Layer layer) {
        return layer.conf().getLayer().getIDropout();
    }

    // Exact classes: other subclasses (1-d, transposed, separable) use the field differently or not at all.

    private static boolean isTakenConvolution(Layer layer, Convolver convolver) {
        if (layer.getClass() != ConvolutionLayer.class && layer.getClass() != TrackedConvolution.class) {
            return false;
        }
        var conf = (org.deeplearning4j.nn.conf.layers.ConvolutionLayer)
                layer.conf().getLayer();
        // With a fast path set, DL4J forgets to draw new weight noise. ND4J's oneDNN refuses dilation under padding
        // mode Same.
        return conf.getCnn2dDataFormat() == CNN2DFormat.NCHW
                && conf.getWeightNoise() == null
                && (convolver != Convolver.ND4J
                        || Arrays.stream(conf.getDilation()).allMatch(d -> d == 1));
    }

    private static boolean isTakenNorm(Layer layer) {
        if (layer.getClass() != BatchNormalization.class && layer.getClass() != BlockedBatchNorm.class) {
            return false;
        }
        var conf = (org.deeplearning4j.nn.conf.layers.BatchNormalization)
                layer.conf().getLayer();
        return conf.getCnn2DFormat() == CNN2DFormat.NCHW && !conf.isLockGammaBeta();
    }

    static boolean isCpu() {
        return "CPU"
                .equalsIgnoreCase(
                        Nd4j.getExecutioner().getEnvironmentInformation().getProperty("backend"));
    }

    private static Convolver convolver() {
        if (OneDnn.isAvailable()) {
            return Convolver.ONEDNN;
        }
        // The build information is the only honest witness: Environment.isUseONEDNN is true in builds without oneDNN.
        String build =
                isCpu() ? NativeOpsHolder.getInstance().getDeviceNativeOps().buildInfo() : null;
        return build != null
                        && build.contains("HAVE_ONEDNN")
                        && Nd4j.getEnvironment().helpersAllowed()
                ? Convolver.ND4J
                : Convolver.DL4J;
    }

    /** What to change on a system that lacks oneDNN. */
    static String advice(String system, String architecture) {
        String name = system.toLowerCase(Locale.ROOT);
        boolean arm = architecture.equals("aarch64");
        String platform = (name.contains("win") ? "windows" : name.contains("mac") ? "macosx" : "linux")
                + (arm ? "-arm64" : "-x86_64");
        if (arm && !platform.startsWith("linux")) {
            return "There is none for " + platform
                    + " in the versions that DL4J 1.0.0-M2.1 works with; nothing can be added";
        }
        String direct =
                "Add org.bytedeco:dnnl:2.5.2-1.5.7 and org.bytedeco:opencl:3.0-1.5.7, each also with classifier "
                        + platform + ".";
        return arm
                ? direct
                : direct + " (Second best: org.nd4j:nd4j-native with classifier " + platform
                        + "-onednn, and -Dorg.bytedeco.javacpp.platform.extension=-onednn when Java starts.)";
    }

    /** A field of a DL4J layer that has no setter. */
    private record LayerField(Field field) {

        static LayerField of(Class<? extends Layer> layer, String name) {
            try {
                Field field = layer.getDeclaredField(name);
                field.setAccessible(true);
                return new LayerField(field);
            } catch (NoSuchFieldException e) {
                throw new IllegalStateException(
                        layer.getName() + ": wanted DL4J 1.0.0-M2.1, whose layers have a field '" + name
                                + "'; this version has none",
                        e);
            }
        }

        void set(Layer layer, Object value) {
            try {
                field.set(layer, value);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(field + ": cannot be set", e);
            }
        }
    }

    /** A graph's own map of its vertices by name, which has no setter either. */
    private record VertexNames(Field field) {

        static VertexNames find() {
            try {
                Field field = ComputationGraph.class.getDeclaredField("verticesMap");
                field.setAccessible(true);
                return new VertexNames(field);
            } catch (NoSuchFieldException e) {
                throw new IllegalStateException(
                        "wanted DL4J 1.0.0-M2.1, whose graphs have a field 'verticesMap'; this version has none", e);
            }
        }

        @SuppressWarnings("unchecked")
        Map<String, GraphVertex> of(ComputationGraph network) {
            try {
                return (Map<String, GraphVertex>) field.get(network);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(field + ": cannot be read", e);
            }
        }
    }
}
