package io.github.horkd.examples.vectorindex;

import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Generated people: unit embeddings that vary in some dimensions only, turned into the whole width at random.
 *
 * @param count      how many
 * @param width      values of an embedding
 * @param dimensions in how many they vary, at most the width
 */
record People(int count, int width, int dimensions) {

    private static final double COSINE = 0.6;
    private static final int AT_ONCE = 10_000;

    People {
        if (count < 1 || dimensions < 1 || dimensions > width) {
            throw new IllegalArgumentException("people: wanted at least one and 1 to width dimensions, got " + count
                    + " people, " + dimensions + " dimensions, width " + width);
        }
    }

    Gallery gallery() {
        return gallery((done, all) -> {});
    }

    /** Tells how many of all are enrolled. */
    Gallery gallery(BiConsumer<Integer, Integer> progress) {
        float[][] turn = turn();
        GalleryBuilder builder =
                Gallery.builder(PerIdentity.BEST_TEMPLATE, new VectorIndexExample.Elsewhere("generated", width));
        for (int from = 0; from < count; from += AT_ONCE) {
            int begin = from;
            float[][] rows = new float[Math.min(AT_ONCE, count - from)][];
            Arrays.setAll(rows, i -> turned(direction(begin + i), turn));
            builder.enrol(
                    IntStream.range(begin, begin + rows.length)
                            .mapToObj(i -> "person " + i)
                            .toList(),
                    Nd4j.create(rows));
            progress.accept(begin + rows.length, count);
        }
        return builder.build();
    }

    /** Some people again, moved: their direction plus another one. */
    List<INDArray> probes(int wanted) {
        float[][] turn = turn();
        Random random = new Random(7);
        return IntStream.range(0, wanted)
                .mapToObj(i -> {
                    double[] person = direction(random.nextInt(count));
                    double[] other = direction(-1 - i);
                    Arrays.setAll(person, d -> COSINE * person[d] + Math.sqrt(1 - COSINE * COSINE) * other[d]);
                    return Nd4j.create(new float[][] {turned(person, turn)});
                })
                .toList();
    }

    /** Evenly drawn among the directions; the same number gives the same one. */
    private double[] direction(int number) {
        Random random = new Random(number * 0x9E3779B97F4A7C15L);
        double[] values = IntStream.range(0, dimensions)
                .mapToDouble(d -> random.nextGaussian())
                .toArray();
        double length = Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
        return Arrays.stream(values).map(v -> v / length).toArray();
    }

    /** Random columns: nearly orthogonal, as wide ones are, and the identity where nothing is left out. */
    private float[][] turn() {
        Random random = new Random(11);
        float[][] turn = new float[dimensions][width];
        for (int d = 0; d < dimensions; d++) {
            for (int w = 0; w < width; w++) {
                turn[d][w] =
                        dimensions == width ? (d == w ? 1 : 0) : (float) (random.nextGaussian() / Math.sqrt(width));
            }
        }
        return turn;
    }

    private float[] turned(double[] values, float[][] turn) {
        float[] turned = new float[width];
        for (int d = 0; d < dimensions; d++) {
            for (int w = 0; w < width; w++) {
                turned[w] += (float) values[d] * turn[d][w];
            }
        }
        return turned;
    }
}
