package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;

/**
 * What our backbones share: the plan of widths and strides for an image size, and the pieces they are built of.
 * A map is halved by stride 2 while it is at least twice {@link #SMALLEST_MAP} wide.
 */
final class SharedLayers {

    static final int SMALLEST_SIDE = 4;
    static final int LARGEST_SIDE = 256;

    private static final int SMALLEST_MAP = 3;
    /** From this side on the stem halves the image: half the work where a pixel says little. */
    private static final int STRIDED_STEM_FROM = 48;

    private static final int[] GROWTH = {2, 3, 5, 8, 8};

    private final GraphBuilder graph;

    SharedLayers(GraphBuilder graph) {
        this.graph = graph;
    }

    static void check(int width, List<Integer> blocks, int embedding, double dropout) {
        if (width < 1 || embedding < 1 || blocks.stream().anyMatch(b -> b < 1)) {
            throw new IllegalArgumentException("backbone: wanted widths of at least 1, got stem " + width + ", blocks "
                    + blocks + ", embedding " + embedding);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException(
                    "dropout: wanted a fraction of 0 up to, not including, 1, got " + dropout);
        }
    }

    /** Refuses images that a network cannot be built for; the message names the network and the way out. */
    static void check(Backbone network, ImageShape shape) {
        int smallest = Math.min(shape.height(), shape.width());
        int largest = Math.max(shape.height(), shape.width());
        if (smallest < SMALLEST_SIDE || largest > LARGEST_SIDE) {
            throw new IllegalArgumentException(network + ": wanted images with sides of " + SMALLEST_SIDE + " to "
                    + LARGEST_SIDE + " pixels, got " + shape
                    + "; open the images at such a size, or bring a Backbone of your own");
        }
    }

    static int stemStride(ImageShape shape) {
        return Math.min(shape.height(), shape.width()) >= STRIDED_STEM_FROM ? 2 : 1;
    }

    /** The widths of the blocks: as given, or grown from the stem's while the map can still be halved. */
    static List<Integer> blockWidths(int width, List<Integer> given, ImageShape shape) {
        if (!given.isEmpty()) {
            return given;
        }
        int map = Math.min(shape.height(), shape.width()) / stemStride(shape);
        int halvings = 1;
        while (halvings < GROWTH.length && map >> (halvings + 1) >= SMALLEST_MAP) {
            halvings++;
        }
        return IntStream.range(0, halvings).mapToObj(i -> width * GROWTH[i]).toList();
    }

    /** Convolution without bias (batch-norm follows) and batch-norm; returns the last vertex. */
    String convolveAndNormalise(String name, String from, int side, int stride, int out) {
        graph.addLayer(
                name + "-conv",
                new ConvolutionLayer.Builder(side, side)
                        .stride(stride, stride)
                        .convolutionMode(ConvolutionMode.Same)
                        .nOut(out)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build(),
                from);
        graph.addLayer(name + "-norm", new BatchNormalization.Builder().build(), name + "-conv");
        return name + "-norm";
    }

    String rectify(String name, String from) {
        graph.addLayer(
                name, new ActivationLayer.Builder().activation(Activation.RELU).build(), from);
        return name;
    }

    /** Average over the whole map. */
    String average(String from) {
        graph.addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), from);
        return "pool";
    }

    /** Averages over grid × grid equal cells of a map, which keeps where something was; cells overlap where the grid does not divide the map. */
    String averageCells(String from, int grid, int rows, int columns) {
        if (grid > rows || grid > columns) {
            throw new IllegalArgumentException("pooled grid: wanted at most as many cells a side as the map has, got "
                    + grid + " x " + grid + " of " + rows + "x" + columns
                    + "; choose another grid, or images of another size");
        }
        int down = rows / grid;
        int right = columns / grid;
        graph.addLayer(
                "pool",
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                        .kernelSize(rows - (grid - 1) * down, columns - (grid - 1) * right)
                        .stride(down, right)
                        .build(),
                from);
        return "pool";
    }

    /** Dropout where asked, a linear layer and batch-norm: the embedding. */
    void embed(String from, double dropout, int width, String name) {
        String last = from;
        if (dropout > 0) {
            // DL4J's argument is the probability to keep.
            graph.addLayer("dropout", new DropoutLayer.Builder(1 - dropout).build(), last);
            last = "dropout";
        }
        graph.addLayer(
                "linear",
                new DenseLayer.Builder()
                        .nOut(width)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build(),
                last);
        graph.addLayer(name + "-norm", new BatchNormalization.Builder().build(), "linear");
        // DL4J cannot deliver a batch-norm of rank 2 as an output (its input's workspace is closed by then); this
        // passes it on.
        graph.addLayer(
                name,
                new ActivationLayer.Builder().activation(Activation.IDENTITY).build(),
                name + "-norm");
    }
}
