package io.github.horkd.internal.graph;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A graph of one configuration with the parameters of another graph. */
public final class GraphCopy {

    private GraphCopy() {}

    /**
     * Makes a graph without drawing a number: parameters are copied by the names of vertices and parameters, those that have no counterpart are 0.
     *
     * @param conf   the new graph's; it belongs to it from now on
     * @param values has the parameters
     */
    public static ComputationGraph of(ComputationGraphConfiguration conf, ComputationGraph values) {
        ComputationGraph copy = new ComputationGraph(conf);
        long count = parameters(conf);
        if (count == 0) {
            copy.init();
        } else {
            copy.init(Nd4j.create(conf.getDataType(), 1, count), false);
        }
        for (String name : conf.getVertices().keySet()) {
            Map<String, INDArray> target = copy.getVertex(name).paramTable(false);
            Map<String, INDArray> source = values.getVertex(name) == null
                    ? null
                    : values.getVertex(name).paramTable(false);
            if (target != null && source != null) {
                source.forEach((key, value) -> copy(name + "_" + key, value, target.get(key)));
            }
        }
        return copy;
    }

    private static void copy(String name, INDArray from, INDArray to) {
        if (to == null || !Arrays.equals(from.shape(), to.shape())) {
            throw new IllegalArgumentException("parameter " + name + ": wanted "
                    + (to == null ? "none" : Arrays.toString(to.shape())) + ", got " + Arrays.toString(from.shape()));
        }
        to.assign(from);
    }

    /** How many parameters a configuration asks for. */
    public static long parameters(ComputationGraphConfiguration conf) {
        return conf.getVertices().values().stream()
                .mapToLong(vertex -> vertex.numParams(true))
                .reduce(0, Math::addExact);
    }
}
