package io.github.horkd.guide;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** How intensities 0…1 become what a network computes with. */
public enum Scaling {
    /** 2x − 1: from 0…1 to −1…1. */
    PLUS_MINUS_ONE {
        @Override
        public INDArray apply(INDArray images) {
            return images.mul(2).subi(1);
        }

        @Override
        public void scale(float[] values, int from, int count) {
            for (int i = from; i < from + count; i++) {
                values[i] = values[i] * 2 - 1;
            }
        }
    },
    /** x as it is, 0…1. */
    ZERO_ONE {
        @Override
        public INDArray apply(INDArray images) {
            return images;
        }

        @Override
        public void scale(float[] values, int from, int count) {
            // They are as they should be.
        }
    },
    /**
     * Each image less its own mean, over its own standard deviation: blind to exposure. Images flatter than a standard
     * deviation of 1e-3 are divided by 1e-3, so that an empty picture stays finite.
     */
    STANDARDISED {
        @Override
        public INDArray apply(INDArray images) {
            long n = images.size(0);
            long pixels = images.length() / Math.max(1, n);
            // In double: ND4J's sums over 64×64 floats are so far off that a network's answers differ by 1e-4.
            INDArray rows = images.castTo(DataType.DOUBLE).dup('c').reshape(n, pixels);
            rows.subiColumnVector(rows.mean(true, 1));
            INDArray deviation = rows.norm2(true, 1).divi(Math.sqrt((double) pixels));
            rows.diviColumnVector(Transforms.max(deviation, FLAT, false));
            return rows.castTo(images.dataType()).reshape(images.shape());
        }

        @Override
        public void scale(float[] values, int from, int count) {
            double mean = 0;
            for (int i = from; i < from + count; i++) {
                mean += values[i];
            }
            mean /= count;
            double squares = 0;
            for (int i = from; i < from + count; i++) {
                squares += (values[i] - mean) * (values[i] - mean);
            }
            double deviation = Math.max(Math.sqrt(squares / count), FLAT);
            for (int i = from; i < from + count; i++) {
                values[i] = (float) ((values[i] - mean) / deviation);
            }
        }
    };

    private static final double FLAT = 1e-3;

    /**
     * Scales a batch.
     *
     * @param images intensities 0…1, [N, channels, height, width]; left as it is
     * @return an array of the same shape; {@link #ZERO_ONE} returns its argument
     */
    public abstract INDArray apply(INDArray images);

    /** Scales one image in place: what {@link #apply} does, for where a call into ND4J would cost more than the work. */
    public abstract void scale(float[] values, int from, int count);
}
