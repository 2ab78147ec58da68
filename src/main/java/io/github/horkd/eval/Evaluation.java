package io.github.horkd.eval;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.internal.file.ComposedName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Evaluates networks on images: embeds each view once and measures top-1, identification and verification. Everything
 * else in this package works on embeddings that anyone made.
 *
 * <p>Matching happens in the space that was learned: where a student says its {@link KnowledgeSource#embeddingSpace}, the teacher's embeddings are brought into
 * it ({@link KnowledgeSource#toMatch}).
 */
public final class Evaluation {

    private Evaluation() {}

    /**
     * Evaluates a teacher, its student, and the student against the teacher's gallery. Every test image is a probe, and
     * all the <em>other</em> test images are its gallery. Where the teacher can be given enlarged low-resolution views, that naive use is measured too,
     * by each {@link io.github.horkd.data.Interpolation}; so the teacher is asked four times about each image.
     *
     * @param teacher sees the high-resolution views
     * @param student sees the low-resolution views; its embeddings share the teacher's space, or it says in which one it was taught
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
        Embeddings matched = high.toMatch(low.source());
        wantSameWidth(matched, low);
        View sharp = View.of(matched, test, Resolution.HIGH, labels(test));
        View small = View.of(low, test, Resolution.LOW, labels(test));
        View own = own(high, matched, sharp, test);
        return new CrossResolution(
                within("HR-HR", sharp),
                within("LR-LR", small),
                leaveOneOut("HR-LR", sharp, small),
                NaiveUse.best(high, test, own)
                        .map(use -> List.of(
                                within("LR-LR, " + use.name(), use.view()),
                                leaveOneOut("HR-LR, " + use.name(), own, use.view())))
                        .orElse(List.of()));
    }

    /** The naive use is measured in the teacher's own space, where it is best. */
    private static View own(Embeddings high, Embeddings matched, View sharp, PairedImages images) {
        return matched.equals(high) ? sharp : View.of(high, images, Resolution.HIGH, sharp.labels());
    }

    /**
     * Evaluates against a gallery of other images, for example those of the training.
     *
     * @param teacher sees the high-resolution views
     * @param student sees the low-resolution views; its embeddings share the teacher's space, or it says in which one it was taught
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
        Embeddings matched = high.toMatch(low.source());
        wantSameWidth(matched, low);
        View sharp = View.of(matched, test, Resolution.HIGH, labels(test));
        View small = View.of(low, test, Resolution.LOW, labels(test));
        int[] known = labels(gallery, test);
        View sharpGallery = View.of(matched, gallery, Resolution.HIGH, known);
        View own = own(high, matched, sharp, test);
        View ownGallery = own(high, matched, sharpGallery, gallery);
        View smallGallery = View.of(low, gallery, Resolution.LOW, known);
        return new CrossResolution(
                against("HR-HR", sharp.topOne(), sharp, sharpGallery, sharp.allPairs()),
                against("LR-LR", small.topOne(), small, smallGallery, small.allPairs()),
                against("HR-LR", Optional.empty(), small, sharpGallery, sharp.across(small)),
                NaiveUse.best(high, test, own)
                        .map(use -> List.of(
                                against(
                                        "LR-LR, " + use.name(),
                                        use.view().topOne(),
                                        use.view(),
                                        View.of(use.way(), gallery, Resolution.LOW, known),
                                        use.view().allPairs()),
                                against(
                                        "HR-LR, " + use.name(),
                                        Optional.empty(),
                                        use.view(),
                                        ownGallery,
                                        own.across(use.view()))))
                        .orElse(List.of()));
    }

    /**
     * Identifies low-resolution views by the student against high-resolution ones by the teacher, where some show nobody of the gallery.
     *
     * @param teacher sees the gallery
     * @param student sees the probes
     * @param gallery labelled images of those who are enrolled
     * @param test    labelled images, the probes; those of classes that the gallery does not have, by name, are strangers
     * @return DIR at FPIR
     */
    public static OpenSetIdentification openSet(
            KnowledgeSource teacher, KnowledgeSource student, PairedImages gallery, PairedImages test) {
        Embeddings high = Embeddings.by(teacher.toMatch(student));
        Embeddings low = Embeddings.by(student);
        wantSameWidth(high, low);
        return OpenSetIdentification.of(
                low.of(test, Resolution.LOW), labels(test), high.of(gallery, Resolution.HIGH), labels(gallery, test));
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
                view.topOne(),
                Identification.leaveOneOut(view.embeddings(), view.embeddings(), view.labels()),
                view.allPairs());
    }

    private static Matching leaveOneOut(String name, View gallery, View probes) {
        return new Matching(
                name,
                Optional.empty(),
                Identification.leaveOneOut(probes.embeddings(), gallery.embeddings(), probes.labels()),
                gallery.across(probes));
    }

    private static Matching against(
            String name, Optional<TopOne> topOne, View probes, View gallery, Verification verification) {
        return new Matching(
                name,
                topOne,
                Identification.of(probes.embeddings(), probes.labels(), gallery.embeddings(), gallery.labels()),
                verification);
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
        test.classes().forEach(name -> numbering.put(ComposedName.of(name), numbering.size()));
        int[] numbers = gallery.classes().stream()
                .map(ComposedName::of)
                .mapToInt(name -> numbering.computeIfAbsent(name, unknown -> numbering.size()))
                .toArray();
        return IntStream.of(labels(gallery))
                .map(label -> label == PairedImages.UNLABELLED ? label : numbers[label])
                .toArray();
    }
}
