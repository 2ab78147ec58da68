package io.github.horkd.model;

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
    },
    /** x as it is, 0…1. */
    ZERO_ONE {
        @Override
        public INDArray apply(INDArray images) {
            return images;
        }
    },
    /**
     * Each image less its own mean, over its own standard deviation: blind to exposure. Images flatter than a standard
     * deviation of 1e-3 are divided by 1e-3, so that an empty picture stays finite.
     */
    STANDARDISED {
        @Override
        public INDArray apply(INDArray images) {
            INDArray rows = images.dup('c');
            int pixels = Math.toIntExact(images.length() / Math.max(1, images.size(0)));
            // Sums in double: those of ND4J are off by 1e-4 of a standard deviation at 64×64 pixels.
            if (images.dataType() == DataType.FLOAT) {
                var values = NativeFloats.of(rows);
                float[] image = new float[pixels];
                for (long at = 0; at < images.length(); at += pixels) {
                    values.position(at).get(image);
                    standardise(image);
                    values.position(at).put(image);
                }
                return rows;
            }
            rows = rows.reshape(images.size(0), pixels);
            rows.subiColumnVector(rows.mean(true, 1));
            INDArray deviation = rows.norm2(true, 1).divi(Math.sqrt(pixels));
            return rows.diviColumnVector(Transforms.max(deviation, FLAT, false)).reshape(images.shape());
        }

        private static void standardise(float[] image) {
            double sum = 0;
            for (float value : image) {
                sum += value;
            }
            double mean = sum / image.length;
            double squares = 0;
            for (float value : image) {
                squares += (value - mean) * (value - mean);
            }
            double deviation = Math.max(Math.sqrt(squares / image.length), FLAT);
            for (int i = 0; i < image.length; i++) {
                image[i] = (float) ((image[i] - mean) / deviation);
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
}
