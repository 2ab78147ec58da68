package io.github.horkd.onnx;

/** How an exported file keeps the weights of convolutions and dense layers. Biases and the rest stay float32; so does the arithmetic. */
public enum WeightPrecision {
    /** As they are. */
    FLOAT32,
    /** Half the size; a relative error of at most 2⁻¹¹ a weight. Magnitudes above 65504 are refused. */
    FLOAT16,
    /**
     * A quarter of the size: a whole number −127…127 a weight and one scale for each output channel, the largest magnitude of the
     * channel over 127. No calibration images are needed, since activations stay float32.
     */
    INT8
}
