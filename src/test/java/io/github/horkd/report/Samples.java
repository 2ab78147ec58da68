package io.github.horkd.report;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Pictures of nobody and embeddings of them, of a stated likeness. */
record Samples(List<String> classes, int each) implements PairedImages {

    static final int WIDTH = 16;

    @Override
    public int size() {
        return classes.size() * each;
    }

    @Override
    public ImageShape shape(Resolution resolution) {
        return ImageShape.gray(resolution == Resolution.HIGH ? 24 : 6);
    }

    @Override
    public int label(int index) {
        return index % classes.size();
    }

    @Override
    public String name(int index) {
        return classes.get(label(index)) + "/" + index / classes.size();
    }

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        for (Resolution view : Resolution.values()) {
            float[] into = view == Resolution.HIGH ? high : low;
            int side = shape(view).width();
            for (int p = 0; into != null && p < side * side; p++) {
                double x = (p % side + 0.5) / side;
                double y = (p / side + 0.5) / side;
                into[(view == Resolution.HIGH ? highAt : lowAt) + p] =
                        (float) (0.5 + 0.5 * Math.sin(9 * x * (label(index) + 1) + index) * Math.cos(7 * y));
            }
        }
    }

    /** A direction for each person, and noise. */
    INDArray embeddings(double noise, long seed) {
        Random people = new Random(7);
        double[][] centres = IntStream.range(0, classes.size())
                .mapToObj(c -> people.doubles(WIDTH, -1, 1).toArray())
                .toArray(double[][]::new);
        Random random = new Random(seed);
        float[] rows = new float[size() * WIDTH];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (centres[label(i / WIDTH)][i % WIDTH] + noise * random.nextGaussian());
        }
        return Nd4j.create(rows, new long[] {size(), WIDTH}, 'c');
    }

    static ComparedEmbeddings recogniser(String name, boolean rival, Samples gallery, Samples test, double noise) {
        return new ComparedEmbeddings(
                name, rival, test.embeddings(noise, 1), test.embeddings(0.3, 2), gallery.embeddings(0.3, 3));
    }
}
