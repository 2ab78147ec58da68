package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import io.github.horkd.internal.graph.Extent;
import io.github.horkd.internal.inference.InferencePlan;
import io.github.horkd.internal.rows.ArrayCopy;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Outputs past DL4J. Every caller computes with memory of its own; nobody waits. */
record PlannedPass(InferencePlan plan) implements ForwardPass {

    /** Empty where there is no oneDNN, or something in the graph that is not known to it. */
    static Optional<ForwardPass> of(ComputationGraph graph, Description description) {
        ImageShape shape = description.input().shape();
        return InferencePlan.of(
                        graph,
                        Extent.map(shape.channels(), shape.height(), shape.width()),
                        description.input().scaling()::scale,
                        description.outputs())
                .map(PlannedPass::new);
    }

    @Override
    public List<INDArray> run(INDArray images, List<String> vertices) {
        float[][] answers = plan.answer(images, vertices);
        return IntStream.range(0, vertices.size())
                .mapToObj(v -> matrix(answers[v], plan.width(vertices.get(v))))
                .toList();
    }

    @Override
    public INDArray probabilities(INDArray images, String vertex) {
        float[] rows = plan.answer(images, List.of(vertex))[0];
        softmax(rows, plan.width(vertex));
        return matrix(rows, plan.width(vertex));
    }

    private static INDArray matrix(float[] rows, int width) {
        return ArrayCopy.matrix(rows, rows.length / width, width);
    }

    private static void softmax(float[] rows, int width) {
        for (int start = 0; start < rows.length; start += width) {
            float largest = Float.NEGATIVE_INFINITY;
            for (int i = start; i < start + width; i++) {
                largest = Math.max(largest, rows[i]);
            }
            double sum = 0;
            for (int i = start; i < start + width; i++) {
                double power = Math.exp(rows[i] - largest);
                rows[i] = (float) power;
                sum += power;
            }
            for (int i = start; i < start + width; i++) {
                rows[i] = (float) (rows[i] / sum);
            }
        }
    }
}
