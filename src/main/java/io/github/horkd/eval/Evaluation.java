package io.github.horkd.eval;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.KnowledgeSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Evaluates networks on images: embeds each view once and measures top-1, identification and verification. Everything
 * else in this package works on embeddings that anyone made.
 */
public final class Evaluation {

    private Evaluation() {}

    /**
     * Evaluates a teacher, its student, and the student against the teacher's gallery. Every test image is a probe, and
     * all the <em>other</em> test images are its gallery.
     *
     * @param teacher sees the high-resolution views
     * @param student sees the low-resolution views; its embeddings share the teacher's space
     * @param test    labelled images that neither was trained on
     * @return HR-HR, LR-LR and HR-LR results
     */
    public static CrossResolution crossResolution(KnowledgeSource teacher, KnowledgeSource student, PairedImages test) {
        return crossResolution(Embeddings.by(teacher), Embeddings.by(student), test);
    }

    /**
     * Evaluates as {@link #crossResolution(KnowledgeSource, KnowledgeSource, PairedImages)} does, with embeddings made as told: with mirror
     * images, or by a teacher that is given enlarged low-resolution views.
     *
     * @param high makes the embeddings of the high-resolution views
     * @param low  makes the embeddings of the low-resolution views
     * @param test labelled images
     * @return HR-HR, LR-LR and HR-LR results
     */
    public static CrossResolution crossResolution(Embeddings high, Embeddings low, PairedImages test) {
        wantSameWidth(high, low);
        View sharp = View.of(high, test, Resolution.HIGH, labels(test));
        View small = View.of(low, test, Resolution.LOW, labels(test));
        return new CrossResolution(
                within("HR-HR", sharp),
                within("LR-LR", small),
                new Matching(
                        "HR-LR",
                        Optional.empty(),
                        Identification.leaveOneOut(small.embeddings, sharp.embeddings, small.labels),
                        across(sharp, small)));
    }

    /**
     * Evaluates against a gallery of other images, for example those of the training.
     *
     * @param teacher sees the high-resolution views
     * @param student sees the low-resolution views; its embeddings share the teacher's space
     * @param gallery labelled images to be found; classes are matched with those of the test by name
     * @param test    labelled images, the probes
     * @return HR-HR, LR-LR and HR-LR results; verification is on pairs of test images
     */
    public static CrossResolution crossResolution(
            KnowledgeSource teacher, KnowledgeSource student, PairedImages gallery, PairedImages test) {
        return crossResolution(Embeddings.by(teacher), Embeddings.by(student), gallery, test);
    }

    /**
     * Evaluates as {@link #crossResolution(KnowledgeSource, KnowledgeSource, PairedImages, PairedImages)} does, with embeddings made as
     * told.
     *
     * @param high    makes the embeddings of the high-resolution views
     * @param low     makes the embeddings of the low-resolution views
     * @param gallery labelled images to be found; classes are matched with those of the test by name
     * @param test    labelled images, the probes
     * @return HR-HR, LR-LR and HR-LR results; verification is on pairs of test images
     */
    public static CrossResolution crossResolution(
            Embeddings high, Embeddings low, PairedImages gallery, PairedImages test) {
        wantSameWidth(high, low);
        View sharp = View.of(high, test, Resolution.HIGH, labels(test));
        View small = View.of(low, test, Resolution.LOW, labels(test));
        int[] known = labels(gallery, test);
        View sharpGallery = View.of(high, gallery, Resolution.HIGH, known);
        View smallGallery = View.of(low, gallery, Resolution.LOW, known);
        return new CrossResolution(
                new Matching("HR-HR", sharp.topOne, sharp.against(sharpGallery), sharp.allPairs()),
                new Matching("LR-LR", small.topOne, small.against(smallGallery), small.allPairs()),
                new Matching("HR-LR", Optional.empty(), small.against(sharpGallery), across(sharp, small)));
    }

    /**
     * Evaluates one network on one view. Every test image is a probe, and all the other test images are its gallery.
     *
     * @param embeddings makes the embeddings
     * @param test       labelled images
     * @param resolution which view of them
     * @return HR-HR or LR-LR results
     */
    public static Matching within(Embeddings embeddings, PairedImages test, Resolution resolution) {
        return within(
                resolution == Resolution.HIGH ? "HR-HR" : "LR-LR", View.of(embeddings, test, resolution, labels(test)));
    }

    private static Matching within(String name, View view) {
        return new Matching(
                name,
                view.topOne,
                Identification.leaveOneOut(view.embeddings, view.embeddings, view.labels),
                view.allPairs());
    }

    private static Verification across(View sharp, View small) {
        return Verification.allPairs(sharp.embeddings, small.embeddings, small.labels, PairWeight.PER_PERSON);
    }

    /** Checked before everything is embedded, not after. */
    private static void wantSameWidth(Embeddings high, Embeddings low) {
        int wanted = high.source().embeddingWidth();
        int got = low.source().embeddingWidth();
        if (wanted != got) {
            throw new IllegalArgumentException(
                    "network for low resolution: wanted embeddings as wide as the other's, " + wanted + ", got " + got
                            + "; networks of different widths share no space: evaluate each with within(...)");
        }
    }

    /**
     * The labels of all images.
     *
     * @param images the images
     * @return label i belongs to image i
     */
    public static int[] labels(PairedImages images) {
        return IntStream.range(0, images.size()).map(images::label).toArray();
    }

    /** The labels of a gallery in the numbers of the test; a class the test does not know gets a number of its own. */
    private static int[] labels(PairedImages gallery, PairedImages test) {
        Map<String, Integer> numbering = new HashMap<>();
        test.classes().forEach(name -> numbering.put(name, numbering.size()));
        int[] numbers = gallery.classes().stream()
                .mapToInt(name -> numbering.computeIfAbsent(name, unknown -> numbering.size()))
                .toArray();
        return IntStream.of(labels(gallery))
                .map(label -> label == PairedImages.UNLABELLED ? label : numbers[label])
                .toArray();
    }

    /** One set of images through one network. */
    private record View(INDArray embeddings, Optional<TopOne> topOne, int[] labels) {

        static View of(Embeddings way, PairedImages images, Resolution resolution, int[] labels) {
            KnowledgeSource.Output output = way.outputs(images, resolution);
            // Logits of other classes than those of the images say nothing about them.
            boolean comparable =
                    way.source().classes().size() == images.classes().size();
            return new View(
                    output.embeddings(),
                    output.logits()
                            .filter(logits -> comparable)
                            .map(logits -> TopOne.of(logits, Evaluation.labels(images))),
                    labels);
        }

        Identification against(View gallery) {
            return Identification.of(embeddings, labels, gallery.embeddings, gallery.labels);
        }

        Verification allPairs() {
            return Verification.allPairs(embeddings, labels, PairWeight.PER_PERSON);
        }
    }
}
