package io.github.horkd.loss;

/**
 * The average of a map over the cells of a grid, as an adaptive average pooling has it: cell i of g cells over H rows reaches from row ⌊i H / g⌋ up to, not including, ⌈(i + 1) H / g⌉.
 *
 * @param from the shape of the map
 * @param rows    of the grid, at most the map's
 * @param columns of the grid, at most the map's
 */
record GridPool(MapShape from, int rows, int columns) {

    /** The pools of two maps onto the grid that both have room for. */
    static GridPool[] onto(MapShape guide, MapShape learner, int most) {
        int rows = Math.min(most, Math.min(guide.height(), learner.height()));
        int columns = Math.min(most, Math.min(guide.width(), learner.width()));
        return new GridPool[] {new GridPool(guide, rows, columns), new GridPool(learner, rows, columns)};
    }

    /** How many cells there are. */
    int cells() {
        return rows * columns;
    }

    /** The averages of one plane of a map, that begins at {@code at}. */
    void pool(double[] map, int at, double[] into, int intoAt) {
        for (int cell = 0; cell < cells(); cell++) {
            double sum = 0;
            for (int y = top(cell); y < bottom(cell); y++) {
                for (int x = left(cell); x < right(cell); x++) {
                    sum += map[at + y * from.width() + x];
                }
            }
            into[intoAt + cell] = sum / places(cell);
        }
    }

    /** Adds to the gradient by a plane what that by its averages makes of it. */
    void spread(double[] gradient, int gradientAt, double[] into, int at) {
        for (int cell = 0; cell < cells(); cell++) {
            double share = gradient[gradientAt + cell] / places(cell);
            for (int y = top(cell); y < bottom(cell); y++) {
                for (int x = left(cell); x < right(cell); x++) {
                    into[at + y * from.width() + x] += share;
                }
            }
        }
    }

    private int places(int cell) {
        return (bottom(cell) - top(cell)) * (right(cell) - left(cell));
    }

    private int top(int cell) {
        return cell / columns * from.height() / rows;
    }

    private int bottom(int cell) {
        return ((cell / columns + 1) * from.height() + rows - 1) / rows;
    }

    private int left(int cell) {
        return cell % columns * from.width() / columns;
    }

    private int right(int cell) {
        return ((cell % columns + 1) * from.width() + columns - 1) / columns;
    }
}
