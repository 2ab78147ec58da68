package io.github.horkd.loss;

/**
 * The distance that is usual between rows: the median of those above 0. A single row far away, which moves a mean as far as it likes, does not move it. Of
 * large batches {@value #PAIRS} pairs are looked at, spread evenly over all.
 */
final class TypicalDistance {

    private static final int PAIRS = 512;

    /** d² of a pair of rows. */
    interface Square {
        double of(int row, int other);
    }

    private TypicalDistance() {}

    /** 0 when all rows coincide. */
    static double among(int rows, Square square) {
        long pairs = (long) rows * (rows - 1) / 2;
        int looked = (int) Math.min(pairs, PAIRS);
        double[] squares = ThreadBuffers.of(TypicalDistance.class).doubles(0, PAIRS);
        int apart = 0;
        for (int at = 0; at < looked; at++) {
            long pair = pairs * at / looked;
            int row = (int) ((1 + Math.sqrt(1 + 8.0 * pair)) / 2);
            double between = square.of(row, (int) (pair - (long) row * (row - 1) / 2));
            if (between > 0) {
                squares[apart++] = between;
            }
        }
        return apart == 0 ? 0 : Math.sqrt(select(squares, apart, apart / 2));
    }

    /** The value that would be at this place of the sorted array. */
    static double select(double[] values, int count, int place) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            double pivot = values[low + high >>> 1];
            int left = low;
            int right = high;
            while (left <= right) {
                while (values[left] < pivot) {
                    left++;
                }
                while (values[right] > pivot) {
                    right--;
                }
                if (left <= right) {
                    double value = values[left];
                    values[left++] = values[right];
                    values[right--] = value;
                }
            }
            if (place <= right) {
                high = right;
            } else if (place >= left) {
                low = left;
            } else {
                return values[place];
            }
        }
        return values[place];
    }
}
