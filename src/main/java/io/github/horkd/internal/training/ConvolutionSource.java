package io.github.horkd.internal.training;

/** Who computes convolutions. */
public enum ConvolutionSource {
    /** oneDNN called directly. */
    ONEDNN,
    /** oneDNN within the ND4J backend. */
    ND4J,
    /** DL4J as it comes. */
    DL4J
}
