package io.github.horkd.loss;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a loss says about one batch.
 *
 * @param value    L, the batch mean
 * @param gradient ∂L/∂learner in the learner's shape and data type; the optimiser subtracts it
 */
public record LossValue(double value, INDArray gradient) {}
