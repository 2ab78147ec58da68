package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;

/**
 * A residual network of basic blocks (He et al., "Deep Residual Learning for Image Recognition", CVPR 2016): a 3×3 stem, blocks
 * of two 3×3 convolutions with a 1×1 shortcut, each of stride 2, global average, a linear layer and batch-norm as the embedding.
 * For images of 4 to 128 pixels a side.
 *
 * @param width          channels of the stem; its stride is 2 from 48 pixels on
 * @param blocks         channels of each block; empty: 2, 3, 5, 8 times the width, as many as the image allows
 * @param embeddingWidth D
 * @param dropout        the fraction of pooled features that is dropped in training, 0 for none
 */
public record Residual(int width, List<Integer> blocks, int embeddingWidth, double dropout) implements Backbone {

    /**
     * Checks widths and dropout and copies the list.
     *
     * @param width as the record says
     * @param blocks as the record says
     * @param embeddingWidth as the record says
     * @param dropout as the record says
     */
    public Residual {
        blocks = List.copyOf(blocks);
        Trunk.check(width, blocks, embeddingWidth, dropout);
    }

    /**
     * The same network with blocks of given widths.
     *
     * @param widths channels of each block
     * @return a new backbone
     */
    public Residual withBlocks(Integer... widths) {
        return new Residual(width, List.of(widths), embeddingWidth, dropout);
    }

    /**
     * The same network with dropout in front of the embedding.
     *
     * @param fraction 0 up to, not including, 1
     * @return a new backbone
     */
    public Residual withDropout(double fraction) {
        return new Residual(width, blocks, embeddingWidth, fraction);
    }

    @Override
    public void addTo(GraphBuilder graph, String input, ImageShape shape, String name) {
        Trunk trunk = new Trunk(graph);
        String last =
                trunk.rectify("stem", trunk.convolveAndNormalise("stem", input, 3, Trunk.stemStride(shape), width));
        int number = 0;
        for (int out : Trunk.blockWidths(width, blocks, shape)) {
            last = block(graph, trunk, "block" + ++number, last, out);
        }
        trunk.embed(last, dropout, embeddingWidth, name);
    }

    private static String block(GraphBuilder graph, Trunk trunk, String name, String from, int out) {
        String first = trunk.rectify(name + "-relu", trunk.convolveAndNormalise(name + "-a", from, 3, 2, out));
        String second = trunk.convolveAndNormalise(name + "-b", first, 3, 1, out);
        String shortcut = trunk.convolveAndNormalise(name + "-short", from, 1, 2, out);
        graph.addVertex(name + "-add", new ElementWiseVertex(ElementWiseVertex.Op.Add), second, shortcut);
        return trunk.rectify(name, name + "-add");
    }
}
