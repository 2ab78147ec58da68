package io.github.horkd.loss;

import java.util.Arrays;

/** What a tuple needs to know of its rows, and where its gradient goes. */
interface Geometry {

    /** d² between an anchor and the far end of an edge. */
    double toEnd(int anchor, int end);

    /** d² between two far ends. */
    double between(int end, int otherEnd);

    /** Adds ∂L/∂d² of an edge. */
    void pullEnd(int anchor, int end, double slope);

    /** Adds ∂L/∂d² between two far ends. */
    void pullBetween(int end, int otherEnd, double slope);

    /** By tables of all pairs, which many tuples over few rows pay for. */
    record OfTable(double[] squares, int rows, double[] slopes) implements Geometry {

        @Override
        public double toEnd(int anchor, int end) {
            return squares[anchor * rows + end];
        }

        @Override
        public double between(int end, int otherEnd) {
            return squares[end * rows + otherEnd];
        }

        @Override
        public void pullEnd(int anchor, int end, double slope) {
            slopes[Math.max(anchor, end) * rows + Math.min(anchor, end)] += slope;
        }

        @Override
        public void pullBetween(int end, int otherEnd, double slope) {
            pullEnd(end, otherEnd, slope);
        }
    }

    /** By the rows themselves: anchors from one matrix, far ends from another or the same; far ends of another stay where they are. */
    record OfRows(double[] anchors, double[] ends, int width, double[] gradient) implements Geometry {

        @Override
        public double toEnd(int anchor, int end) {
            return square(anchors, anchor, ends, end);
        }

        @Override
        public double between(int end, int otherEnd) {
            return square(ends, end, ends, otherEnd);
        }

        @Override
        public void pullEnd(int anchor, int end, double slope) {
            boolean endMoves = anchors == ends;
            for (int d = 0; d < width; d++) {
                double pull = 2 * slope * (anchors[anchor * width + d] - ends[end * width + d]);
                gradient[anchor * width + d] += pull;
                if (endMoves) {
                    gradient[end * width + d] -= pull;
                }
            }
        }

        @Override
        public void pullBetween(int end, int otherEnd, double slope) {
            if (anchors == ends) {
                pullEnd(end, otherEnd, slope);
            }
        }

        private double square(double[] a, int i, double[] b, int j) {
            double sum = 0;
            for (int d = 0; d < width; d++) {
                double difference = a[i * width + d] - b[j * width + d];
                sum += difference * difference;
            }
            return sum;
        }
    }

    /** See {@link TypicalDistance}. */
    static double typicalDistance(double[] x, int rows, int width) {
        var geometry = new OfRows(x, x, width, null);
        return TypicalDistance.among(rows, geometry::between);
    }

    /** The root of the mean squared distance between two rows; NaN or infinite when a row is. */
    static double rootMeanSquareDistance(double[] x, int rows, int width) {
        double[] middle = ThreadBuffers.of(Geometry.class).doubles(0, width);
        Arrays.fill(middle, 0, width, 0);
        for (int i = 0; i < rows; i++) {
            for (int d = 0; d < width; d++) {
                middle[d] += x[i * width + d] / rows;
            }
        }
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            for (int d = 0; d < width; d++) {
                double off = x[i * width + d] - middle[d];
                sum += off * off;
            }
        }
        return Math.sqrt(sum / Math.max(1, rows - 1) * 2);
    }
}
