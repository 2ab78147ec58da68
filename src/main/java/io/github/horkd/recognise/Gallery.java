package io.github.horkd.recognise;

import io.github.horkd.guide.Guide;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Enrolled identities, searched exactly: the similarity of a probe with an identity is the cosine with its best or its
 * mean template ({@link PerIdentity}), all of them by one matrix product.
 *
 * <p>A gallery belongs to the networks that share its space: as a rule the teacher, by which high-resolution images are
 * enrolled, and the student, by which low-resolution probes are identified. It keeps their {@link Guide#identity()} and
 * refuses the images of any other, whose similarities would be noise. Immutable and safe to use from several threads;
 * {@link #toBuilder()} makes another with more or fewer identities. An embedding of zeros has similarity 0 with
 * everything.
 */
public final class Gallery {

    private final List<String> guides;
    private final PerIdentity perIdentity;
    private final List<String> identities;
    private final TemplateMatrix templates;

    /** Takes over the arrays: identity i has the unit rows {@code starts[i]} to {@code starts[i + 1]} − 1. */
    Gallery(
            List<String> guides,
            int width,
            PerIdentity perIdentity,
            List<String> identities,
            int[] starts,
            float[] unitRows) {
        this.guides = List.copyOf(guides);
        this.perIdentity = perIdentity;
        this.identities = List.copyOf(identities);
        this.templates = new TemplateMatrix(width, perIdentity, this.identities, starts, unitRows);
    }

    /**
     * An empty gallery to enrol in.
     *
     * @param perIdentity how an identity with several templates compares
     * @param guides   the networks whose embeddings share one space, at least one, all of one width
     * @return a builder
     */
    public static Builder builder(PerIdentity perIdentity, Guide... guides) {
        if (guides.length == 0) {
            throw new IllegalArgumentException(
                    "guides: wanted at least one network whose embeddings are enrolled, got none");
        }
        Builder builder = new Builder(perIdentity, guides[0].embeddingWidth());
        for (Guide guide : guides) {
            builder.accept(guide);
        }
        return builder;
    }

    /**
     * Reads a gallery.
     *
     * @param file what {@link #save} wrote
     * @return the gallery
     * @throws java.io.UncheckedIOException when the file cannot be read, is not a gallery, is of another version, is
     *                                      cut off, is longer than it says, or does not agree with its checksum
     */
    public static Gallery load(Path file) {
        return GalleryFile.read(file);
    }

    /**
     * Writes this gallery: beside the place first, then moved there in one step, so that a reader finds the old file or
     * the whole new one.
     *
     * @param file where to; an existing file is replaced
     * @throws java.io.UncheckedIOException when it cannot be written; nothing is left behind
     */
    public void save(Path file) {
        GalleryFile.write(this, file);
    }

    /**
     * Everything enrolled here, to enrol or remove more.
     *
     * @return a builder of its own
     */
    public Builder toBuilder() {
        Builder builder = new Builder(perIdentity, width());
        builder.guides.addAll(guides);
        builder.enrolment.addAll(identities, starts(), unitRows());
        return builder;
    }

    /**
     * Identifies probes, however dissimilar their nearest identity is.
     *
     * @param probes embeddings [N, D] or one [D], by a network that shares this gallery's space
     * @param top    how many identities to answer with at most, at least 1
     * @return the answers about each probe
     */
    public List<Answers> identify(INDArray probes, int top) {
        return search(probes, top, Double.NEGATIVE_INFINITY);
    }

    /**
     * Identifies probes, and leaves identities out that are less similar than a threshold: a probe of which all are is
     * nobody.
     *
     * @param probes    embeddings [N, D] or one [D], by a network that shares this gallery's space
     * @param top       how many identities to answer with at most, at least 1
     * @param threshold what an answer needs
     * @return the answers about each probe
     */
    public List<Answers> identify(INDArray probes, int top, Threshold threshold) {
        return search(probes, top, threshold.similarity());
    }

    /**
     * Embeds images as probes and makes sure that the network is one of this gallery's.
     *
     * @param guide  the network, as a rule the student
     * @param images intensities 0…1, [N, channels, height, width]
     * @return embeddings [N, D] to identify or to calibrate with
     * @throws IllegalArgumentException when the network's embeddings are of another space
     */
    public INDArray embed(Guide guide, INDArray images) {
        return embed(guides, guide, images);
    }

    private static INDArray embed(List<String> guides, Guide guide, INDArray images) {
        if (!guides.contains(guide.identity())) {
            throw new IllegalArgumentException(
                    "guide " + guide.identity() + ": wanted one of the networks this gallery belongs" + " to, " + guides
                            + "; if its embeddings share their space, add it with accept(...)");
        }
        return guide.output(images).embeddings();
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
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("gallery: wanted somebody enrolled before calibrating, got nobody");
        }
        Map<String, Integer> index = new LinkedHashMap<>();
        identities.forEach(name -> index.put(name, index.size()));
        float[] genuine = new float[names.size()];
        float[] impostors = new float[count(strangers)];
        if (count(known) != genuine.length) {
            throw new IllegalArgumentException(
                    "names: wanted one per known probe, " + count(known) + ", got " + genuine.length);
        }
        names.stream().filter(name -> !index.containsKey(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("known probe " + name + ": wanted somebody enrolled, got a stranger");
        });
        templates.compare(known, (probe, similarities) -> genuine[probe] = similarities[index.get(names.get(probe))]);
        templates.compare(strangers, (probe, similarities) -> {
            float best = similarities[0];
            for (float each : similarities) {
                best = Math.max(best, each);
            }
            impostors[probe] = best;
        });
        return Threshold.calibrate(genuine, impostors, falseAcceptRate, Threshold.Per.PROBE);
    }

    private static int count(INDArray embeddings) {
        return embeddings.rank() == 1 ? 1 : Math.toIntExact(embeddings.size(0));
    }

    private List<Answers> search(INDArray probes, int top, double least) {
        if (top < 1) {
            throw new IllegalArgumentException("top: wanted 1 or more answers, got " + top);
        }
        List<Answers> all = new ArrayList<>();
        templates.compare(probes, (probe, similarities) -> {
            TopIdentities nearest = new TopIdentities(Math.min(top, similarities.length));
            for (int i = 0; i < similarities.length; i++) {
                nearest.offer(i, similarities[i]);
            }
            all.add(new Answers(IntStream.of(nearest.ranked())
                    .filter(i -> similarities[i] >= least)
                    .mapToObj(i -> new Answer(identities.get(i), similarities[i]))
                    .toList()));
        });
        return all;
    }

    /**
     * The enrolled names, in the order of their first enrolment.
     *
     * @return an immutable list
     */
    public List<String> identities() {
        return identities;
    }

    /**
     * How many templates an identity has.
     *
     * @param identity a name
     * @return a count, 0 for somebody not enrolled
     */
    public int templates(String identity) {
        int index = identities.indexOf(identity);
        return index < 0 ? 0 : starts()[index + 1] - starts()[index];
    }

    /**
     * How many templates there are in all.
     *
     * @return a count, at least that of the identities
     */
    public int templates() {
        return starts()[identities.size()];
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
     * The networks whose embeddings share this gallery's space.
     *
     * @return their {@link Guide#identity()}
     */
    public List<String> guides() {
        return guides;
    }

    /**
     * Shows what a search goes through, for an index of another kind: every template, or under
     * {@link PerIdentity#MEAN_TEMPLATE} one mean for each identity; in the order of first enrolment, the rows of one
     * identity one after the other. The similarity of a probe of unit length with a row is their inner product, and that
     * with an identity the largest of its rows.
     *
     * @param visitor is given an identity and a row of unit length, {@link #width()} values that it may keep
     */
    public void forEachRow(BiConsumer<String, float[]> visitor) {
        templates.forEachRow((identity, row) -> visitor.accept(identities.get(identity), row));
    }

    /** All templates, row after row. */
    float[] unitRows() {
        return templates.unitRows();
    }

    int[] starts() {
        return templates.starts();
    }

    @Override
    public String toString() {
        return "gallery of " + identities.size() + " identities with " + templates() + " templates, " + width()
                + " wide, " + perIdentity;
    }

    /** Enrols and removes identities; not for several threads. */
    public static final class Builder {

        private final PerIdentity perIdentity;
        private final int width;
        private final List<String> guides = new ArrayList<>();
        private final Enrolment enrolment;

        private Builder(PerIdentity perIdentity, int width) {
            this.perIdentity = perIdentity;
            this.width = width;
            this.enrolment = new Enrolment(width);
        }

        /**
         * Accepts the embeddings of one more network.
         *
         * @param guide a network whose embeddings share the space of those already accepted
         * @return this builder
         */
        public Builder accept(Guide guide) {
            if (guide.embeddingWidth() != width) {
                throw new IllegalArgumentException("guide " + guide.identity() + ": wanted embeddings " + width
                        + " wide, as this gallery's are, got " + guide.embeddingWidth());
            }
            if (!guides.contains(guide.identity())) {
                guides.add(guide.identity());
            }
            return this;
        }

        /**
         * Enrols embeddings as templates of one identity, beside those it already has.
         *
         * @param identity  a name, not blank, up to 1,000 characters
         * @param embedding [N, D] or one [D], by a network that shares this gallery's space; finite and not zero
         * @return how many templates the identity has now
         */
        public int enrol(String identity, INDArray embedding) {
            return enrolment.add(identity, embedding);
        }

        /**
         * Enrols many identities at once, one template each: faster than one by one.
         *
         * @param identities N names; one that comes again adds to its templates
         * @param embeddings [N, D], by a network that shares this gallery's space; finite and not zero
         * @return how many identities there are now
         */
        public int enrol(List<String> identities, INDArray embeddings) {
            return enrolment.add(identities, embeddings);
        }

        /**
         * Embeds images and enrols them as templates of one identity.
         *
         * @param identity a name, not blank, up to 1,000 characters
         * @param guide    one of this gallery's networks, as a rule the teacher
         * @param images   intensities 0…1, [N, channels, height, width]
         * @return how many templates the identity has now
         * @throws IllegalArgumentException when the network's embeddings are of another space
         */
        public int enrol(String identity, Guide guide, INDArray images) {
            return enrol(identity, embed(guides, guide, images));
        }

        /**
         * Forgets an identity.
         *
         * @param identity a name
         * @return how many templates it had, 0 when it was not enrolled
         */
        public int remove(String identity) {
            return enrolment.remove(identity);
        }

        /**
         * The gallery as it is now; the builder may go on.
         *
         * @return a gallery
         */
        public Gallery build() {
            return enrolment.gallery(guides, perIdentity);
        }
    }
}
