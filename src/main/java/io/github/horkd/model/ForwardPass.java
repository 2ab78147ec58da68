package io.github.horkd.model;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Who computes a network's outputs. Any number of threads may ask at once. */
interface ForwardPass {

    /** What some vertices give for intensities 0…1, [N, width] each, outside every workspace. */
    List<INDArray> run(INDArray images, List<String> vertices);

    /** The softmax of what a vertex gives. */
    INDArray probabilities(INDArray images, String vertex);
}
