package io.github.horkd.recognise;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.LocalScaling;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Enrolled identities, searched exactly: the similarity of a probe with an identity is the cosine with its best or its
 * mean template ({@link PerIdentity}).
 *
 * <p>A gallery belongs to the networks that share its space: as a rule the teacher, by which high-resolution images are
 * enrolled, and the student, by which low-resolution probes are identified. It keeps their {@link Guide#identity()} and
 * refuses the images of any other, whose similarities would be noise. Where students were taught in a space of their own, the gallery keeps that too, and brings
 * the teacher's embeddings into it ({@link GalleryBuilder#acceptInto}).
 *
 * <p>Immutable and safe to use from several threads; {@link #toBuilder()} makes another with more or fewer identities, which shares with this one whatever did
 * not change. An embedding of zeros has similarity 0 with everything. Templates are kept in the heap: 4 · D bytes each, or less ({@link TemplatePrecision}).
 */
public final class Gallery {

    private final PerIdentity perIdentity;
    private final Members members;
    private final IdentityTable identities;
    private final TemplateRows templates;
    private final TemplateRows means;
    /** Null where cosines stay as they are. */
    private final LocalScaling scaling;

    private final ProbeSearch probes;

    Gallery(
            PerIdentity perIdentity,
            Members members,
            IdentityTable identities,
            TemplateRows templates,
            TemplateRows means,
            LocalScaling scaling) {
        this.perIdentity = perIdentity;
        this.members = members;
        this.identities = identities;
        this.templates = templates;
        this.means = means;
        this.scaling = scaling;
        this.probes = new ProbeSearch(perIdentity, identities, templates, searched(), scaling);
    }

    private TemplateRows searched() {
        return perIdentity == PerIdentity.MEAN_TEMPLATE ? means : templates;
    }

    /**
     * An empty gallery to enrol in.
     *
     * @param perIdentity how an identity with several templates compares
     * @param guides   the networks whose embeddings share one space, at least one. Where one of them was taught in a space of its teacher's, those that
     *                 were not are taken for that teacher and brought into it
     * @return a builder
     */
    public static GalleryBuilder builder(PerIdentity perIdentity, Guide... guides) {
        if (guides.length == 0) {
            throw new IllegalArgumentException(
                    "guides: wanted at least one network whose embeddings are enrolled, got none");
        }
        Optional<EmbeddingSpace> space = Stream.of(guides)
                .flatMap(guide -> guide.embeddingSpace().stream())
                .findFirst();
        GalleryBuilder builder =
                new GalleryBuilder(perIdentity, space.map(EmbeddingSpace::width).orElse(guides[0].embeddingWidth()));
        for (Guide guide : guides) {
            if (space.isPresent() && guide.embeddingSpace().isEmpty()) {
                builder.acceptInto(space.get(), guide);
            } else {
                builder.accept(guide);
            }
        }
        return builder;
    }

    /**
     * Reads a gallery.
     *
     * @param file what {@link #save} wrote
     * @return the gallery
     * @throws java.io.UncheckedIOException when the file cannot be read, is not a gallery, is of another version, is
     *                                      cut off, is longer than it says, does not agree with its checksum, or holds templates that are no unit rows
     */
    public static Gallery load(Path file) {
        return GalleryFile.read(file);
    }

    /**
     * Writes this gallery: beside the place first, then moved there in one step, so that a reader finds the old file or
     * the whole new one. The file is readable by its owner alone where the file system knows permissions; other permissions, once set on it, are kept.
     *
     * @param file where to; an existing file is replaced, missing directories are made
     * @throws java.io.UncheckedIOException when it cannot be written; nothing is left behind
     */
    public void save(Path file) {
        GalleryFile.write(this, file);
    }

    /**
     * Everything enrolled here, to enrol or remove more. Templates are not copied.
     *
     * @return a builder of its own
     */
    public GalleryBuilder toBuilder() {
        return new GalleryBuilder(perIdentity, members, identities.fork(), templates.more(), means.more(), scaling);
    }

    /**
     * The same gallery with templates kept as exactly as told. What a smaller precision lost does not come back.
     *
     * @param precision of each value
     * @return a copy
     */
    public Gallery withPrecision(TemplatePrecision precision) {
        return new Gallery(perIdentity, members, identities, templates.in(precision), means.in(precision), scaling);
    }

    /**
     * Identifies probes, however dissimilar their nearest identity is.
     *
     * @param probes embeddings [N, D] or one [D], in this gallery's space: {@link #embed} makes them
     * @param top    how many identities to answer with at most, at least 1
     * @return the answers about each probe
     */
    public List<Answers> identify(INDArray probes, int top) {
        return this.probes.identify(probes, top, Double.NEGATIVE_INFINITY);
    }

    /**
     * Identifies probes, and leaves identities out that are less similar than a threshold: a probe of which all are is
     * nobody.
     *
     * @param probes    embeddings [N, D] or one [D], in this gallery's space
     * @param top       how many identities to answer with at most, at least 1
     * @param threshold what an answer needs
     * @return the answers about each probe
     */
    public List<Answers> identify(INDArray probes, int top, Threshold threshold) {
        return this.probes.identify(probes, top, threshold.similarity());
    }

    List<Answers> identify(INDArray probes, int top, double least) {
        return this.probes.identify(probes, top, least);
    }

    /**
     * Embeds images as probes in this gallery's space, and makes sure that the network is one of this gallery's.
     *
     * @param guide  the network, as a rule the student
     * @param images intensities 0…1, [N, channels, height, width]
     * @return embeddings [N, D] to identify or to calibrate with
     * @throws IllegalArgumentException when the network's embeddings are of another space
     */
    public INDArray embed(Guide guide, INDArray images) {
        return members.embed(guide, images);
    }

    /**
     * Embeds all images of a set as probes in this gallery's space, in batches.
     *
     * @param guide  the network, as a rule the student
     * @param images of the size that it takes
     * @param view   which view of them
     * @return embeddings [N, D], row i belongs to image i
     * @throws IllegalArgumentException when the network's embeddings are of another space, or the view is of another size
     */
    public INDArray embed(Guide guide, PairedImages images, Resolution view) {
        return members.embed(guide, images, view);
    }

    /**
     * Finds the similarity at which strangers are taken for somebody of this gallery no more often than wished, from two sets of images.
     *
     * @param guide           the network, as a rule the student
     * @param known           labelled images of people who are enrolled under the names of their classes
     * @param strangers       images of people who are not; at least 1 / falseAcceptRate of them
     * @param view            which view of both, as a rule the low-resolution one
     * @param falseAcceptRate the share of strangers to be accepted at most, above 0, below 1
     * @return the threshold, for this gallery
     * @throws IllegalArgumentException when a class is not enrolled, a known image has no label, or there are too few strangers for that rate
     */
    public Threshold calibrate(
            Guide guide, PairedImages known, PairedImages strangers, Resolution view, double falseAcceptRate) {
        return calibrate(
                embed(guide, known, view), LabelledImages.names(known), embed(guide, strangers, view), falseAcceptRate);
    }

    /**
     * Finds the similarity at which strangers are taken for somebody of this gallery no more often than wished: each
     * stranger's score is that of the most similar identity, so the rate is per probe.
     *
     * @param known           probes [N, D] of people who are enrolled; each one's score is the similarity with its own
     *                        identity
     * @param names           the N names they are enrolled by
     * @param strangers       probes [M, D] of people who are not; at least 1 / falseAcceptRate of them
     * @param falseAcceptRate the share of strangers to be accepted at most, above 0, below 1
     * @return the threshold, for this gallery
     * @throws IllegalArgumentException when a name is not enrolled, or there are too few strangers for that rate
     */
    public Threshold calibrate(INDArray known, List<String> names, INDArray strangers, double falseAcceptRate) {
        return probes.calibrate(known, names, strangers, falseAcceptRate);
    }

    /**
     * The enrolled names, in the order of their first enrolment.
     *
     * @return an immutable list
     */
    public List<String> identities() {
        return identities.names();
    }

    /**
     * How many templates an identity has.
     *
     * @param identity a name
     * @return a count, 0 for somebody not enrolled
     */
    public int templates(String identity) {
        int number = identities.number(identity);
        return number < 0 ? 0 : identities.templates(number);
    }

    /**
     * How many templates there are in all.
     *
     * @return a count, at least that of the identities
     */
    public int templates() {
        return identities.templates();
    }

    /**
     * The width of the embeddings.
     *
     * @return D
     */
    public int width() {
        return templates.width();
    }

    /**
     * How an identity with several templates compares.
     *
     * @return the way
     */
    public PerIdentity perIdentity() {
        return perIdentity;
    }

    /**
     * What is taken from similarities, see {@link GalleryBuilder#localScaling}.
     *
     * @return empty where they are plain cosines or corrected ones
     */
    public Optional<LocalScaling> localScaling() {
        return Optional.ofNullable(scaling);
    }

    /**
     * How exactly templates are kept.
     *
     * @return the precision of each value
     */
    public TemplatePrecision precision() {
        return templates.precision();
    }

    /**
     * The networks whose embeddings this gallery takes.
     *
     * @return their {@link Guide#identity()}
     */
    public List<String> guides() {
        return members.guides();
    }

    /**
     * Shows what a search goes through, for an index of another kind: every template, or under
     * {@link PerIdentity#MEAN_TEMPLATE} one mean for each identity; in the order of first enrolment, the rows of one
     * identity one after the other. The similarity of a probe of unit length with a row is their inner product, and that
     * with an identity the largest of its rows; less what {@linkplain #localScaling local scaling} takes.
     *
     * @param visitor is given an identity and a row of unit length, {@link #width()} values that it may keep
     */
    public void forEachRow(BiConsumer<String, float[]> visitor) {
        forEach(searched(), visitor);
    }

    /** Shows all templates, as {@link #forEachRow} shows what is searched. */
    void forEachTemplate(BiConsumer<String, float[]> visitor) {
        forEach(templates, visitor);
    }

    private void forEach(TemplateRows rows, BiConsumer<String, float[]> visitor) {
        rows.forEachByOwner(identities.numbers(), (owner, block, row) -> {
            float[] values = new float[width()];
            block.values().read(row, values, 0);
            visitor.accept(identities.name(owner), values);
        });
    }

    Members members() {
        return members;
    }

    @Override
    public String toString() {
        return "gallery of " + identities.live() + " identities with " + templates() + " templates, " + width()
                + " wide, " + perIdentity;
    }
}
