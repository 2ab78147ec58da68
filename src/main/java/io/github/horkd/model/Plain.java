package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;

/**
 * A plain convolutional network: a 3×3 stem, then 3×3 convolutions of stride 2, each with batch-norm and ReLU, global average, a linear
 * layer and batch-norm as the embedding. For images of 4 to 256 pixels a side.
 *
 * @param width          channels of the stem; its stride is 2 from 48 pixels on
 * @param blocks         channels of each further convolution; empty: 2, 3, 5, 8, 8 times the width, as many as the image allows
 * @param embeddingWidth D
 * @param dropout        the fraction of pooled features that is dropped in training, 0 for none
 */
public record Plain(int width, List<Integer> blocks, int embeddingWidth, double dropout) implements Backbone {

    public Plain {
        blocks = List.copyOf(blocks);
        SharedLayers.check(width, blocks, embeddingWidth, dropout);
    }

    @Override
    public void addTo(GraphBuilder graph, String input, ImageShape shape, String name) {
        SharedLayers.check(this, shape);
        SharedLayers layers = new SharedLayers(graph);
        String last = layers.rectify(
                "stem", layers.convolveAndNormalise("stem", input, 3, SharedLayers.stemStride(shape), width));
        int number = 0;
        for (int out : SharedLayers.blockWidths(width, blocks, shape)) {
            String block = "block" + ++number;
            last = layers.rectify(block, layers.convolveAndNormalise(block, last, 3, 2, out));
        }
        layers.embed(layers.average(last), dropout, embeddingWidth, name);
    }
}
