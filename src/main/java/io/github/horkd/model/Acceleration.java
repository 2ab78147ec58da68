package io.github.horkd.model;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes an initialised DL4J network several times faster on the CPU, without a trace in its configuration or its file.
 *
 * <p>DL4J 1.0.0-M2.1 leaves its layers' fast paths empty on every backend. {@code on} fills them: two-dimensional
 * convolution goes to oneDNN when the backend contains it, batch normalisation to a fused kernel in plain Java. Results
 * equal DL4J's own within 1e-5. It works on the network object alone: a copy ({@code clone()}) or a network read from a
 * file starts without and needs the call again. A file written by an accelerated network is an ordinary DL4J file.
 *
 * <p>Only single precision on a CPU backend in NCHW layout is touched, frozen layers included; everything else (double
 * precision and thus gradient checks, NHWC layers, dilated convolution, CUDA) is left as it is. System properties of DL4J about helpers play no part.
 * Calling {@code on} twice does no harm.
 */
public final class Acceleration {

    private static final Logger LOG = LoggerFactory.getLogger(Acceleration.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private static final HelperField CONVOLUTION = HelperField.of(ConvolutionLayer.class);
    private static final HelperField BATCH_NORM = HelperField.of(BatchNormalization.class);

    private Acceleration() {
    }

    /**
     * What {@link #on(ComputationGraph)} did.
     *
     * @param convolutions how many convolution layers now go to oneDNN
     * @param batchNorms   how many batch-normalisation layers now use the fused kernel
     * @param oneDnn       whether the ND4J backend contains oneDNN
     */
    public record Report(int convolutions, int batchNorms, boolean oneDnn) {
    }

    /**
     * Accelerates a graph in place.
     *
     * @param network an initialised graph
     * @return what was accelerated
     */
    public static Report on(ComputationGraph network) {
        return on(network.getLayers(), network.getConfiguration().getDataType(), hasOneDnn());
    }

    /**
     * Accelerates a network in place.
     *
     * @param network an initialised network
     * @return what was accelerated
     */
    public static Report on(MultiLayerNetwork network) {
        return on(network.getLayers(), network.getLayerWiseConfigurations().getDataType(), hasOneDnn());
    }

    static Report on(Layer[] layers, DataType type, boolean oneDnn) {
        if (layers == null) {
            throw new IllegalArgumentException("network: wanted an initialised one, got one without layers; call init() first");
        }
        if (type != DataType.FLOAT || !isCpu()) {
            return new Report(0, 0, oneDnn);
        }
        int convolutions = 0;
        int batchNorms = 0;
        int missed = 0;
        var scratch = new FusedBatchNorm.Scratch();
        for (Layer outer : layers) {
            Layer layer = outer;
            while (layer instanceof BaseWrapperLayer wrapper) {
                layer = wrapper.getUnderlying();
            }
            // Exact classes: subclasses (1-d, transposed, separable) use the field differently or not at all.
            if (layer.getClass() == ConvolutionLayer.class && isTaken((ConvolutionLayer) layer)) {
                if (oneDnn) {
                    CONVOLUTION.set(layer, new MKLDNNConvHelper(type));
                    convolutions++;
                } else {
                    missed++;
                }
            } else if (layer.getClass() == BatchNormalization.class && isTaken((BatchNormalization) layer)) {
                BATCH_NORM.set(layer, new FusedBatchNorm(scratch));
                batchNorms++;
            }
        }
        if (missed > 0 && WARNED.compareAndSet(false, true)) {
            LOG.warn("{} convolution layers run 4 to 8 times slower than they could: the ND4J backend on the class path contains no "
                    + "oneDNN. Add the dependency org.nd4j:nd4j-native with classifier {} (same version as nd4j-native) "
                    + "and start Java with -Dorg.bytedeco.javacpp.platform.extension=-onednn", missed, classifier());
        }
        return new Report(convolutions, batchNorms, oneDnn);
    }

    /** ND4J's oneDNN refuses dilation under padding mode Same, and DL4J would log every refusal; such layers are left alone. */
    private static boolean isTaken(ConvolutionLayer layer) {
        var conf = (org.deeplearning4j.nn.conf.layers.ConvolutionLayer) layer.conf().getLayer();
        return conf.getCnn2dDataFormat() == CNN2DFormat.NCHW && Arrays.stream(conf.getDilation()).allMatch(d -> d == 1);
    }

    private static boolean isTaken(BatchNormalization layer) {
        var conf = (org.deeplearning4j.nn.conf.layers.BatchNormalization) layer.conf().getLayer();
        return conf.getCnn2DFormat() == CNN2DFormat.NCHW && !conf.isLockGammaBeta();
    }

    private static boolean isCpu() {
        return "CPU".equalsIgnoreCase(Nd4j.getExecutioner().getEnvironmentInformation().getProperty("backend"));
    }

    /** The build information is the only honest witness: {@code Environment.isUseONEDNN} is true in builds without oneDNN. */
    private static boolean hasOneDnn() {
        String build = NativeOpsHolder.getInstance().getDeviceNativeOps().buildInfo();
        return build != null && build.contains("HAVE_ONEDNN") && Nd4j.getEnvironment().helpersAllowed();
    }

    private static String classifier() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String name = system.contains("win") ? "windows" : system.contains("mac") ? "macosx" : "linux";
        return name + "-x86_64-onednn";
    }

    /** The field {@code helper} of a DL4J layer, which has a getter but no setter. */
    private record HelperField(Field field) {

        static HelperField of(Class<? extends Layer> layer) {
            try {
                Field field = layer.getDeclaredField("helper");
                field.setAccessible(true);
                return new HelperField(field);
            } catch (NoSuchFieldException e) {
                throw new IllegalStateException(layer.getName() + ": wanted DL4J 1.0.0-M2.1, whose layers have a field 'helper'; "
                        + "this version has none", e);
            }
        }

        void set(Layer layer, Object helper) {
            try {
                field.set(layer, helper);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(field + ": cannot be set", e);
            }
        }
    }
}
