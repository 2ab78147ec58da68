package io.github.horkd.examples.guides;

import io.github.horkd.accelerate.Acceleration;
import io.github.horkd.data.Batches;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.examples.DrawnFaces;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.LossValue;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The guide "Your own loop and losses": a loss of one's own, in a sum with the library's, in a graph and a loop of one's own; and the same loss in a distillation. */
public final class OwnLoop {

    private OwnLoop() {}

    /** The mean absolute difference of lengths: L = mean of | |s_i| − |t_i| |. Blind to directions. */
    record LengthLoss() implements BatchLoss {
        @Override
        public LossValue lossAndGradient(INDArray guide, INDArray learner) {
            INDArray lengths = learner.norm2(true, 1);
            INDArray difference = lengths.sub(guide.norm2(true, 1));
            INDArray directions = learner.divColumnVector(Transforms.max(lengths, 1e-12, true));
            return new LossValue(
                    Transforms.abs(difference, true).meanNumber().doubleValue(),
                    directions.muliColumnVector(
                            Transforms.sign(difference, true).divi(learner.size(0))));
        }
    }

    public static void main(String[] args) {
        PairedImages faces = new DrawnFaces(32, false, 1).pairs(20, 8, Degradation.downscaleTo(12));
        Network teacher = Classifier.train(Backbone.residual(8, 32), faces, Resolution.HIGH, Drawn.steps(240), 1);
        HybridOrderLoss loss = HybridOrderLoss.of(
                new HybridOrderLoss.Term("direction", 4, CosineLoss.squaredDistance()),
                new HybridOrderLoss.Term("distances", 0.25, DistanceLoss.guideScaled()),
                new HybridOrderLoss.Term("lengths", 0.1, new LengthLoss()));
        double[] fell = ownLoop(teacher, faces, loss);
        System.out.printf("the loss fell from %.3f to %.3f%n", fell[0], fell[1]);

        Network student = Distillation.from(teacher)
                .student(Backbone.plain(8, 32))
                .loss(loss)
                .schedule(Drawn.steps(120))
                .seed(3)
                .build()
                .run(faces)
                .student();
        System.out.println(student);
    }

    private static double[] ownLoop(Network teacher, PairedImages faces, HybridOrderLoss loss) {
        ComputationGraph student = graph(loss);
        Acceleration.on(student); // the speed of oneDNN for any DL4J network

        INDArray known = Embeddings.by(teacher).of(faces, Resolution.HIGH); // asked once, not in every step
        Batches batches = Batches.shuffled(faces, 32, 2);
        double first = Double.NaN;
        for (int epoch = 0; epoch < Drawn.epochs(40); epoch++) {
            for (int[] batch : batches.epoch(epoch)) {
                INDArray images = faces.batch(Resolution.LOW, batch, Pose.IDENTITY);
                student.fit(new MultiDataSet(new INDArray[] {images}, new INDArray[] {known.getRows(batch)}));
                first = Double.isNaN(first) ? student.score() : first;
            }
        }
        int[] some = batches.epoch(0).get(0);
        INDArray answers = student.outputSingle(faces.batch(Resolution.LOW, some, Pose.IDENTITY));
        loss.breakdown(known.getRows(some), answers).forEach(System.out::println);
        return new double[] {first, student.score()};
    }

    private static ComputationGraph graph(BatchLoss loss) {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(2)
                .updater(new Adam(3e-3))
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(12, 12, 1))
                .addLayer(
                        "conv",
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(16)
                                .activation(Activation.RELU)
                                .build(),
                        "image")
                .addLayer("pool", new GlobalPoolingLayer.Builder().build(), "conv")
                .addLayer(
                        "embedding",
                        new DenseLayer.Builder()
                                .nOut(32)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "pool")
                .addLayer(
                        "distilled",
                        new LossLayer.Builder(loss)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "embedding")
                .setOutputs("distilled")
                .build());
        graph.init();
        return graph;
    }
}
