package io.github.horkd.examples;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A guide that costs nothing: 128 means over cells of a colour picture of 112×112, without their common mean. It lets a speed be that of everything else. */
record CellMeans() implements Guide {

    static final int WIDTH = 128;
    private static final int SIDE = 112;

    @Override
    public Input input() {
        return new Input(ImageShape.colour(SIDE), Scaling.ZERO_ONE);
    }

    @Override
    public int embeddingWidth() {
        return WIDTH;
    }

    @Override
    public List<String> classes() {
        return List.of();
    }

    @Override
    public String identity() {
        return "means of cells";
    }

    @Override
    public Output output(INDArray images) {
        int count = (int) images.size(0);
        float[] pixels = images.dup('c').data().asFloat();
        int cell = pixels.length / count / WIDTH;
        float[][] rows = new float[count][WIDTH];
        for (int i = 0; i < pixels.length / cell; i++) {
            float sum = 0;
            for (int k = 0; k < cell; k++) {
                sum += pixels[i * cell + k] - 0.5f;
            }
            rows[i / WIDTH][i % WIDTH] = sum / cell;
        }
        return Output.of(Nd4j.createFromArray(rows));
    }
}
