package io.github.horkd.recognise;

/** Values as they are. */
final class FloatValues extends BlockValues {

    private final float[][] values;

    FloatValues(int width, int rows) {
        super(width, rows);
        this.values = new float[width][rows];
    }

    @Override
    void write(int row, float[] from, int at) {
        for (int d = 0; d < width; d++) {
            values[d][row] = from[at + d];
        }
    }

    @Override
    void read(int row, float[] to, int at) {
        for (int d = 0; d < width; d++) {
            to[at + d] = values[d][row];
        }
    }

    @Override
    float[] dimension(int d, int count) {
        return values[d];
    }
}
