package io.github.horkd.eval;

import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Embeddings for the tests. */
final class Numbers {

    private Numbers() {}

    static INDArray rows(float[]... rows) {
        return Nd4j.create(rows);
    }

    /** Unit vectors in the plane at these angles, in degrees: the cosine of two is that of their difference. */
    static INDArray angles(double... degrees) {
        float[][] rows = new float[degrees.length][];
        for (int i = 0; i < degrees.length; i++) {
            double angle = Math.toRadians(degrees[i]);
            rows[i] = new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
        }
        return rows(rows);
    }

    /** People scattered around centres of their own. */
    static INDArray people(int[] labels, int width, double scatter, long seed) {
        Random random = new Random(seed);
        int people = IntStream.of(labels).max().orElse(0) + 1;
        float[][] centres = new float[people][width];
        for (float[] centre : centres) {
            for (int d = 0; d < width; d++) {
                centre[d] = (float) random.nextGaussian();
            }
        }
        float[][] rows = new float[labels.length][width];
        for (int i = 0; i < labels.length; i++) {
            for (int d = 0; d < width; d++) {
                rows[i][d] = (float) (centres[Math.max(0, labels[i])][d] + scatter * random.nextGaussian());
            }
        }
        return rows(rows);
    }

    static int[] labels(int count, int people, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, count).map(i -> random.nextInt(people)).toArray();
    }

    /** The cosine, slowly. */
    static double cosine(INDArray a, int i, INDArray b, int j) {
        double dot = 0;
        double x = 0;
        double y = 0;
        for (int d = 0; d < a.columns(); d++) {
            dot += a.getDouble(i, d) * b.getDouble(j, d);
            x += a.getDouble(i, d) * a.getDouble(i, d);
            y += b.getDouble(j, d) * b.getDouble(j, d);
        }
        return x == 0 || y == 0 ? 0 : dot / Math.sqrt(x * y);
    }
}
