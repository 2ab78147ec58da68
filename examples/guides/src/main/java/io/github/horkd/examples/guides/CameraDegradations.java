package io.github.horkd.examples.guides;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pixels;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.eval.Evaluation;
import io.github.horkd.examples.DrawnFaces;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The guide "Choosing degradations for your camera": candidates, a degradation of one's own, and the measurement that decides between them. */
public final class CameraDegradations {

    private CameraDegradations() {}

    /** One of several, drawn for each picture: what a camera delivers when distance and light change. */
    record OneOf(List<Degradation> choices) implements Degradation {
        @Override
        public ImageShape shape(ImageShape image) {
            return choices.get(0).shape(image);
        }

        @Override
        public Pixels apply(Pixels image, long seed) {
            return choices.get(new SplittableRandom(seed).nextInt(choices.size()))
                    .apply(image, seed);
        }
    }

    /** The fair measure of a candidate: a student taught by it, asked about pictures that the camera took. */
    private static double rankOne(Network teacher, DrawnFaces faces, Degradation candidate, PairedImages camera) {
        Network student = Distillation.from(teacher)
                .student(Backbone.residual(8, 32))
                .schedule(Drawn.steps(400))
                .augmentation(Augmentation.none().flip())
                .seed(2)
                .build()
                .run(faces.pairs(40, 6, candidate))
                .student();
        return Evaluation.crossResolution(teacher, student, camera)
                .highLow()
                .identification()
                .rank(1);
    }

    public static void main(String[] args) {
        Degradation shrunk = Degradation.downscaleTo(16);
        Degradation blurred = Degradation.blur(1.5).then(shrunk);
        Degradation noisy = blurred.then(Degradation.noise(0.06)).then(Degradation.jpeg(40));
        Degradation mixed = new OneOf(List.of(shrunk, blurred, noisy));

        DrawnFaces faces = new DrawnFaces(40, false, 1);
        // In its place: PairedFolders.open(sharp, camera, highShape, lowShape), a few hundred pictures of people
        // outside of the training.
        PairedImages camera = faces.pairs(60, 6, noisy).where(i -> i >= 40 * 6);
        Network teacher = Classifier.train(
                Backbone.residual(12, 32), faces.pairs(40, 6, shrunk), Resolution.HIGH, Drawn.steps(600), 1);

        Map<String, Degradation> candidates = new LinkedHashMap<>();
        candidates.put("shrunk", shrunk);
        candidates.put("blurred and shrunk", blurred);
        candidates.put("with noise and JPEG", noisy);
        candidates.put("one of the three", mixed);
        candidates.forEach((name, candidate) ->
                System.out.printf("%s: rank-1 %.1f%n", name, 100 * rankOne(teacher, faces, candidate, camera)));
    }
}
