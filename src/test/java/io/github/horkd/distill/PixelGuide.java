package io.github.horkd.distill;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A guide that says what it sees: an embedding of pixels, over and over until it is as wide as wanted, and logits of them. Counts what it is asked. */
public final class PixelGuide implements Guide {

    private final String identity;
    private final int width;
    private final int classes;
    private final IntConsumer before;
    private float factor = 1;
    public int asked;

    public PixelGuide(String identity, int width, int classes) {
        this(identity, width, classes, asked -> {});
    }

    /** {@code before} is told before every look how many images were looked at so far. */
    public PixelGuide(String identity, int width, int classes, IntConsumer before) {
        this.identity = identity;
        this.width = width;
        this.classes = classes;
        this.before = before;
    }

    public PixelGuide times(float other) {
        factor = other;
        return this;
    }

    @Override
    public Input input() {
        return new Input(ImageShape.gray(Shapes.SIDE), Scaling.ZERO_ONE);
    }

    @Override
    public int embeddingWidth() {
        return width;
    }

    @Override
    public List<String> classes() {
        return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public Output output(INDArray images) {
        before.accept(asked);
        int count = (int) images.size(0);
        asked += count;
        float[] pixels = images.dup('c').data().asFloat();
        INDArray embeddings = rows(pixels, count, width, factor);
        return classes == 0 ? Output.of(embeddings) : Output.of(embeddings, rows(pixels, count, classes, 10 * factor));
    }

    private static INDArray rows(float[] pixels, int count, int width, float factor) {
        int side = pixels.length / count;
        float[] rows = new float[count * width];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = factor * (pixels[i / width * side + i % width % side] + i % width / side);
        }
        return Nd4j.createFromArray(rows).reshape(count, width);
    }
}
