package io.github.horkd.examples.guides;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.TrainingOptions;
import io.github.horkd.eval.CrossResolution;
import io.github.horkd.eval.Evaluation;
import io.github.horkd.eval.PairWeight;
import io.github.horkd.eval.Verification;
import io.github.horkd.examples.DrawnFaces;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxExport;
import io.github.horkd.onnx.OnnxGuide;
import java.nio.file.Path;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The guide "You have an ONNX teacher": finds the scaling, looks at the embedding space, distils without labels, and measures. The model is made here: it wants 0…255 and 48 pixels,
 * and its embeddings are off centre, as those of public face models are.
 */
public final class OnnxTeacher {

    private OnnxTeacher() {}

    public static void main(String[] args) {
        Path out = Drawn.out("onnx-teacher");
        Path model = exported(out.resolve("face.onnx")); // in its place: your file
        Path folder = Drawn.folder(out.resolve("pictures"), 40, 0, 60, 6); // in its place: your pictures
        Path others = Drawn.folder(out.resolve("others"), 40, 1_000, 20, 6); // people who are not among them
        scaling(model, others);
        CrossResolution measured = distilled(model, folder, others, out);
        System.out.println(measured);
    }

    /** Asks by every scaling about a few labelled pictures: the right one tells people apart best. */
    static String scaling(Path file, Path labelled) {
        PairedImages some = ImageFolder.open(
                labelled,
                ImageShape.gray(48),
                Degradation.none(),
                ImageOptions.defaults().withMinSide(1));
        String best = "";
        double most = 0;
        for (Map.Entry<String, Scaling> each : Scaling.named().entrySet()) {
            try (OnnxGuide guess = OnnxGuide.from(file).scaling(each.getValue()).open()) {
                INDArray embeddings = Embeddings.by(guess).of(some, Resolution.HIGH);
                double auc = Verification.allPairs(embeddings, Evaluation.labels(some), PairWeight.PER_PERSON)
                        .auc();
                System.out.printf("%s: AUC %.1f%n", each.getKey(), 100 * auc);
                if (auc > most) {
                    most = auc;
                    best = each.getKey();
                }
            }
        }
        return best;
    }

    static CrossResolution distilled(Path file, Path folder, Path others, Path out) {
        try (OnnxGuide model = OnnxGuide.from(file).scaling(Scaling.ZERO_255).open()) {
            KnowledgeSource teacher = model.upsampled(Interpolation.BILINEAR);
            PairedImages pictures = ImageFolder.open(
                    folder,
                    ImageShape.gray(40),
                    Degradation.downscaleTo(12),
                    ImageOptions.defaults().unlabelled());

            EmbeddingSpace space = EmbeddingSpace.fit(Embeddings.by(teacher).of(pictures, Resolution.HIGH));
            System.out.println(space.report());

            Network student = Distillation.from(teacher)
                    .assistant(Backbone.residual(12, 32))
                    .student(Backbone.residual(12, 32))
                    .labels(0)
                    .schedule(Drawn.steps(400), Drawn.steps(800))
                    .augmentation(Augmentation.none().flip())
                    .seed(1)
                    .build()
                    .run(pictures)
                    .student();
            student.save(out.resolve("student.zip"));
            OnnxExport.write(student, out.resolve("student.onnx"));

            PairedImages test = ImageFolder.open(others, ImageShape.gray(40), Degradation.downscaleTo(12));
            return Evaluation.crossResolution(teacher, student, test);
        }
    }

    /** Stands for a file from elsewhere. */
    private static Path exported(Path file) {
        Input input = new Input(ImageShape.gray(48), Scaling.ZERO_255);
        PairedImages faces = new DrawnFaces(48, false, 1).pairs(60, 6, Degradation.none());
        Network trained = Classifier.train(
                Stage.onLabels(
                        "teacher",
                        Backbone.residual(12, 32),
                        Resolution.HIGH,
                        TrainingOptions.of(Drawn.steps(300), 7).withScaling(Scaling.ZERO_255)),
                faces,
                Listeners.log());
        ComputationGraph offCentre = new TransferLearning.GraphBuilder(trained.graph())
                .removeVertexAndConnections("classes")
                .removeVertexAndConnections(Head.LOGITS)
                .addVertex("descriptor", new ShiftVertex(2), Network.EMBEDDING)
                .setOutputs("descriptor")
                .build();
        OnnxExport.of(offCentre, input)
                .embedding("descriptor")
                .scalingOutside()
                .withoutMetadata()
                .write(file);
        return file;
    }
}
