package io.github.horkd.internal.graph;

/** One step of arithmetic: what makes one value of others. It shows itself to a {@link Translator}, which therefore knows every step there is. */
public interface GraphStep {

    /** Calls the translator's method for this step. */
    <R> R show(Translator<R> to, GraphNode place);

    /** Says every step in another language. */
    interface Translator<R> {

        R convolution(GraphNode place, Convolution convolution);

        R dense(GraphNode place, Dense dense);

        R scale(GraphNode place, ChannelScale scale);

        R function(GraphNode place, Function function);

        R softmax(GraphNode place);

        R pool(GraphNode place, Pool pool);

        R poolAll(GraphNode place, Whole whole);

        R combine(GraphNode place, Combination how);

        R merge(GraphNode place);

        R subset(GraphNode place, Subset subset);

        R unitLength(GraphNode place, UnitLength unit);

        R reshape(GraphNode place);

        R pad(GraphNode place, Pad pad);

        R slopes(GraphNode place, Slopes slopes);
    }

    /**
     * A convolution.
     *
     * @param weights [out, in, height, width]
     * @param bias    [out]
     * @param window  kernel, stride, padding
     */
    record Convolution(float[] weights, float[] bias, Window window) implements GraphStep {
        @Override
        public <R> R show(Translator<R> to, GraphNode place) {
            return to.convolution(place, this);
        }
    }

    /**
     * A matrix product.
     *
     * @param weights [out, in]
     * @param bias    [out]
     */
    record Dense(float[] weights, float[] bias) implements GraphStep {
        @Override
        public <R> R show(Translator<R> to, GraphNode place) {
            return to.dense(place, this);
        }
    }

    /**
     * What a window sees.
     *
     * @param isMaximum     the largest, else the average
     * @param countsPadding whether an average counts what lies beyond the map
     * @param window        kernel, stride, padding
     */
    record Pool(boolean isMaximum, boolean countsPadding, Window window) implements GraphStep {
        @Override
        public <R> R show(Translator<R> to, GraphNode place) {
            return to.pool(place, this);
        }
    }

    /** What is made of each channel's whole map: a row, or a map of one pixel. */
    enum Whole implements GraphStep {
        AVERAGE,
        MAXIMUM,
        SUM,
        /** The Euclidean length. */
        LENGTH;

        @Override
        public <R> R show(Translator<R> to, GraphNode place) {
            return to.poolAll(place, this);
        }
    }

    /** How two or more values of one extent are put together one by one; a difference has two. */
    enum Combination implements GraphStep {
        SUM,
        DIFFERENCE,
        PRODUCT,
        MAXIMUM;

        @Override
        public <R> R show(Translator<R> to, GraphNode place) {
            return to.combine(place, this);
        }
    }

    /**
     * Some of the channels.
     *
     * @param first the first that stays
     * @param last  the last that stays
     */
    record Subset(int first, int last) implements GraphStep {
        @Override
        public <R> R show(Translator<R> to, GraphNode place) {
            return to.subset(place, this);
        }
    }

    /**
     * Vectors over their Euclidean length.
     *
     * @param eachPixel whether the channels of each pixel are a vector, else each image is one
     * @param least     a shorter vector is divided by this
     */
    record UnitLength(boolean eachPixel, double least) implements GraphStep {
        @Override
        public <R> R show(Translator<R> to, GraphNode place) {
            return to.unitLength(place, this);
        }
    }

    /** Zeros around a map. */
    record Pad(int top, int bottom, int left, int right) implements GraphStep {
        @Override
        public <R> R show(Translator<R> to, GraphNode place) {
            return to.pad(place, this);
        }
    }

    /**
     * x above 0, its slope times x below.
     *
     * @param values as many as the sides say
     * @param sides  channels, height, width, each in full or 1 for a slope that is shared
     */
    record Slopes(float[] values, Extent sides) implements GraphStep {
        @Override
        public <R> R show(Translator<R> to, GraphNode place) {
            return to.slopes(place, this);
        }
    }
}
