package io.github.horkd.accelerate;

import io.github.horkd.internal.training.BlockedTraining;
import io.github.horkd.internal.training.ConvolutionSource;
import io.github.horkd.internal.training.FastLayers;
import java.util.concurrent.atomic.AtomicBoolean;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
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

    private Acceleration() {}

    /** Who computes convolutions. */
    public enum Convolver {
        /** oneDNN called directly: {@code org.bytedeco:dnnl} is on the class path. */
        ONEDNN,
        /** oneDNN within the ND4J backend. */
        ND4J,
        /** DL4J as it comes: no oneDNN anywhere. */
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
        return on(network, OneDnnSource.here());
    }

    static Report on(ComputationGraph network, Convolver convolver) {
        return report(FastLayers.fill(network, ConvolutionSource.valueOf(convolver.name())), convolver);
    }

    /**
     * Accelerates a network in place.
     *
     * @param network an initialised network
     * @return what was accelerated
     */
    public static Report on(MultiLayerNetwork network) {
        Convolver convolver = OneDnnSource.here();
        return report(FastLayers.fill(network, ConvolutionSource.valueOf(convolver.name())), convolver);
    }

    /**
     * Accelerates a graph that is about to be trained: as {@link #on(ComputationGraph)}, and more. The updater works
     * on the gradient where it lies. In training passes, arrays travel between accelerated layers in oneDNN's
     * own order of values, which saves reordering them at every layer. There, batch norms and sums that a ReLU alone reads go through that ReLU
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
        if (report.convolutions() + report.batchNorms() > 0) {
            BlockedTraining.updateDirectly(network);
        }
        if (report.convolver() == Convolver.ONEDNN && report.convolutions() > 0) {
            BlockedTraining.letFlow(network);
        }
        return report;
    }

    private static Report report(FastLayers.Count count, Convolver convolver) {
        if (!count.isTouched()) {
            return new Report(0, 0, Convolver.DL4J);
        }
        if (convolver != Convolver.DL4J) {
            return new Report(count.convolutions(), count.batchNorms(), convolver);
        }
        if (count.convolutions() > 0 && WARNED.compareAndSet(false, true)) {
            LOG.warn(
                    "{} convolution layers run 4 to 20 times slower than they could, because there is no oneDNN on the class path. {}",
                    count.convolutions(),
                    OneDnnSource.advice(System.getProperty("os.name"), System.getProperty("os.arch")));
        }
        return new Report(0, count.batchNorms(), convolver);
    }
}
