package io.github.horkd.examples;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Split;
import io.github.horkd.eval.Evaluation;
import io.github.horkd.eval.Identification;
import io.github.horkd.eval.TopOne;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.Guide;
import io.github.horkd.model.Network;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One way to recognise the test images: a network, and what it is shown.
 *
 * @param name       what tables call it
 * @param network    the network
 * @param embeddings how it is asked
 * @param sees       the view it is shown
 */
public record Contender(String name, Network network, Embeddings embeddings, Resolution sees) {

    /**
     * What came of it.
     *
     * @param topOne  share of test images classified rightly
     * @param rankOne share whose nearest neighbour in the gallery is of the same person
     */
    public record Score(double topOne, double rankOne) {}

    /**
     * A student on the test pictures' low-resolution view, against the teacher's gallery of the training pictures.
     *
     * @param student the student
     * @param teacher who makes the gallery
     * @param split   training and test pictures
     * @return its score
     */
    public static Score acrossResolutions(Network student, Network teacher, Split split) {
        return new Contender("student", student, Embeddings.by(student), Resolution.LOW)
                .score(
                        split.test(),
                        Embeddings.by(teacher).toMatch(student).of(split.train(), Resolution.HIGH),
                        Evaluation.labels(split.train()));
    }

    Score score(PairedImages test, INDArray gallery, int[] galleryLabels) {
        int[] labels = Evaluation.labels(test);
        Guide.Output output = embeddings.outputs(test, sees);
        INDArray logits = output.logits().orElseThrow();
        return new Score(
                TopOne.of(logits, labels).rate(),
                Identification.of(output.embeddings(), labels, gallery, galleryLabels)
                        .rank(1));
    }

    /** The classes that it names. */
    int[] answers(PairedImages test) {
        return embeddings.outputs(test, sees).logits().orElseThrow().argMax(1).toIntVector();
    }
}
