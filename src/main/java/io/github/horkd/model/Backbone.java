package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;

/**
 * The body of a network: from an image to an embedding. A new kind of network implements this interface and nothing else.
 */
public interface Backbone {

    /**
     * The width of the embedding.
     *
     * @return D, at least 1
     */
    int embeddingWidth();

    /**
     * Adds the layers to a graph. The last one gives the embedding, [N, D].
     *
     * @param graph the graph under construction; its global configuration (seed, initialisation) is set
     * @param input the vertex that delivers images, [N, channels, height, width]
     * @param shape the shape of those images
     * @param name  the name that the last vertex must have
     * @throws IllegalArgumentException when the images are too small or too large for this backbone
     */
    void addTo(GraphBuilder graph, String input, ImageShape shape, String name);

    /**
     * A residual network (He et al., CVPR 2016) whose depth follows the image: a stem of {@code width} channels, of stride 2 from 48
     * pixels on, then blocks of 2, 3, 5, 8 and 8 times the width, each halving the map, until it is about 4 pixels wide.
     *
     * @param width     channels of the stem
     * @param embedding D, the width of the embedding
     * @return the backbone
     */
    static Residual residual(int width, int embedding) {
        return new Residual(width, List.of(), embedding, 0, 1);
    }

    /**
     * A plain convolutional network of the same plan without shortcuts, one convolution where the residual block has two: the smaller and faster of the two.
     *
     * @param width     channels of the stem
     * @param embedding D, the width of the embedding
     * @return the backbone
     */
    static Plain plain(int width, int embedding) {
        return new Plain(width, List.of(), embedding, 0);
    }
}
