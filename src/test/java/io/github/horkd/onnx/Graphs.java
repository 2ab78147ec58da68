package io.github.horkd.onnx;

import io.github.horkd.data.ImageShape;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Graphs and images for the tests of this package. */
final class Graphs {

    private Graphs() {}

    /** A graph with input "in", whose parameters, running statistics included, are all away from their starting values. */
    static ComputationGraph graph(ImageShape shape, Consumer<GraphBuilder> body) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(3)
                .weightInit(WeightInit.RELU)
                .dataType(DataType.FLOAT)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(shape.height(), shape.width(), shape.channels()));
        body.accept(builder);
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        disturb(graph);
        return graph;
    }

    static void disturb(ComputationGraph graph) {
        Random random = new Random(5);
        for (Map.Entry<String, INDArray> entry : graph.paramTable().entrySet()) {
            String name = entry.getKey();
            INDArray values = entry.getValue();
            INDArray noise = Nd4j.createFromArray(floats(random, (int) values.length(), 0.3))
                    .reshape(values.shape());
            if (name.endsWith("_var")) {
                values.addi(noise.mul(noise));
            } else if (!name.endsWith("_W")) {
                values.addi(noise);
            }
        }
    }

    static INDArray images(ImageShape shape, int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count * shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return Nd4j.createFromArray(values).reshape(count, shape.channels(), shape.height(), shape.width());
    }

    static float[] floats(Random random, int count, double spread) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * spread);
        }
        return values;
    }
}
