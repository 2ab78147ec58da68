package io.github.horkd.model;

import io.github.horkd.guide.Scaling;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Outputs by DL4J itself. A graph keeps what it computes in its own vertices, so callers wait for each other. */
record GraphPass(ComputationGraph graph, Scaling scaling) implements ForwardPass {

    /** Images that go through at once; larger batches are cut, so that memory stays bounded. */
    private static final int AT_ONCE = 256;

    @Override
    public List<INDArray> run(INDArray images, List<String> vertices) {
        long count = images.size(0);
        List<List<INDArray>> parts = new ArrayList<>();
        vertices.forEach(v -> parts.add(new ArrayList<>()));
        for (long from = 0; from < count; from += AT_ONCE) {
            INDArray part = count <= AT_ONCE
                    ? images
                    : images.get(
                            NDArrayIndex.interval(from, Math.min(count, from + AT_ONCE)),
                            NDArrayIndex.all(),
                            NDArrayIndex.all(),
                            NDArrayIndex.all());
            INDArray[] input = {scaling.apply(part)};
            INDArray[] out;
            synchronized (graph) {
                out = graph.output(vertices, false, input, null);
            }
            for (int v = 0; v < out.length; v++) {
                parts.get(v).add(out[v]);
            }
        }
        return parts.stream()
                .map(p -> p.size() == 1 ? p.get(0) : Nd4j.concat(0, p.toArray(INDArray[]::new)))
                .toList();
    }

    @Override
    public INDArray probabilities(INDArray images, String vertex) {
        return Nd4j.nn().softmax(run(images, List.of(vertex)).get(0), 1);
    }
}
