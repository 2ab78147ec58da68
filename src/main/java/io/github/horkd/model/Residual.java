package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;

/**
 * A residual network of basic blocks (He et al., "Deep Residual Learning for Image Recognition", CVPR 2016): a 3×3 stem, blocks
 * of two 3×3 convolutions with a 1×1 shortcut, each of stride 2, an average over the map, a linear layer and batch-norm as the embedding.
 * For images of 4 to 256 pixels a side.
 *
 * <p>Where pictures are aligned, as faces are, an average over a {@linkplain #withPooledGrid grid of cells} instead of the whole map tells the linear layer
 * where something was. The linear layer grows with the number of cells, the time hardly does.
 *
 * @param width          channels of the stem; its stride is 2 from 48 pixels on
 * @param blocks         channels of each block; empty: 2, 3, 5, 8, 8 times the width, as many as the image allows
 * @param embeddingWidth D
 * @param dropout        the fraction of pooled features that is dropped in training, 0 for none
 * @param pooledGrid     the map is averaged over so many cells a side; 1: over the whole map
 */
public record Residual(int width, List<Integer> blocks, int embeddingWidth, double dropout, int pooledGrid)
        implements Backbone {

    public Residual {
        blocks = List.copyOf(blocks);
        SharedLayers.check(width, blocks, embeddingWidth, dropout);
        if (pooledGrid < 1) {
            throw new IllegalArgumentException("pooled grid: wanted at least 1 cell a side, got " + pooledGrid);
        }
    }

    /**
     * The same network with blocks of given widths.
     *
     * @param widths channels of each block
     * @return a new backbone
     */
    public Residual withBlocks(Integer... widths) {
        return new Residual(width, List.of(widths), embeddingWidth, dropout, pooledGrid);
    }

    /**
     * The same network with dropout in front of the embedding.
     *
     * @param fraction 0 up to, not including, 1
     * @return a new backbone
     */
    public Residual withDropout(double fraction) {
        return new Residual(width, blocks, embeddingWidth, fraction, pooledGrid);
    }

    /**
     * The same network with an average over a grid of cells instead of the whole map.
     *
     * @param cells cells a side, at most as many as the last map has; they overlap where they do not divide it
     * @return a new backbone
     */
    public Residual withPooledGrid(int cells) {
        return new Residual(width, blocks, embeddingWidth, dropout, cells);
    }

    @Override
    public void addTo(GraphBuilder graph, String input, ImageShape shape, String name) {
        SharedLayers.check(this, shape);
        SharedLayers layers = new SharedLayers(graph);
        String last = layers.rectify(
                "stem", layers.convolveAndNormalise("stem", input, 3, SharedLayers.stemStride(shape), width));
        int rows = halved(shape.height(), SharedLayers.stemStride(shape));
        int columns = halved(shape.width(), SharedLayers.stemStride(shape));
        int number = 0;
        for (int out : SharedLayers.blockWidths(width, blocks, shape)) {
            last = block(graph, layers, "block" + ++number, last, out);
            rows = halved(rows, 2);
            columns = halved(columns, 2);
        }
        String pooled = pooledGrid == 1 ? layers.average(last) : layers.averageCells(last, pooledGrid, rows, columns);
        layers.embed(pooled, dropout, embeddingWidth, name);
    }

    private static int halved(int side, int stride) {
        return (side + stride - 1) / stride;
    }

    private static String block(GraphBuilder graph, SharedLayers layers, String name, String from, int out) {
        String first = layers.rectify(name + "-relu", layers.convolveAndNormalise(name + "-a", from, 3, 2, out));
        String second = layers.convolveAndNormalise(name + "-b", first, 3, 1, out);
        String shortcut = layers.convolveAndNormalise(name + "-short", from, 1, 2, out);
        graph.addVertex(name + "-add", new ElementWiseVertex(ElementWiseVertex.Op.Add), second, shortcut);
        return layers.rectify(name, name + "-add");
    }
}
