package io.github.horkd.recognise;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.Fit;
import io.github.horkd.data.ImageFile;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.LocalScaling;
import io.github.horkd.internal.rows.UnitRows;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Enrols and removes identities; not for several threads. It shares what it does not change with the gallery that it began with. */
public final class GalleryBuilder {

    private final PerIdentity perIdentity;
    private Members members;
    private final IdentityTable identities;
    private TemplateRows templates;
    private MeanTemplates means;
    /** Null where cosines stay as they are. */
    private LocalScaling scaling;

    GalleryBuilder(PerIdentity perIdentity, int width) {
        this.perIdentity = perIdentity;
        this.members = new Members(List.of());
        this.identities = new IdentityTable();
        this.templates = new TemplateRows(TemplatePrecision.FLOAT32, width);
        this.means = new MeanTemplates(new TemplateRows(TemplatePrecision.FLOAT32, width));
    }

    GalleryBuilder(
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
        this.means = new MeanTemplates(means);
        this.scaling = scaling;
    }

    /**
     * Keeps templates in fewer bytes; to be said before anybody is enrolled.
     *
     * @param precision {@link TemplatePrecision#FLOAT32} by default
     * @return this builder
     * @throws IllegalStateException when somebody is enrolled; {@link Gallery#withPrecision} changes a whole gallery
     */
    public GalleryBuilder precision(TemplatePrecision precision) {
        if (identities.live() > 0) {
            throw new IllegalStateException(
                    "precision: wanted nobody enrolled yet, got " + identities.live() + "; see Gallery.withPrecision");
        }
        templates = new TemplateRows(precision, width());
        means = new MeanTemplates(new TemplateRows(precision, width()));
        return this;
    }

    /**
     * Takes from every similarity how alike probe and identity are to a cohort of pictures that certainly show others: {@link LocalScaling}. It is saved with the
     * gallery, applies to all who are enrolled, and costs a probe one product with the cohort; an identity's part is the mean over its rows, measured anew after each
     * change. A threshold has to be calibrated with it.
     *
     * @param scaling by cohorts in this gallery's space
     * @return this builder
     * @throws IllegalArgumentException when it is of another width, or the gallery is of {@link PerIdentity#CORRECTED_BEST}, which corrects already
     */
    public GalleryBuilder localScaling(LocalScaling scaling) {
        if (scaling.width() != width()) {
            throw new IllegalArgumentException("local scaling: wanted cohorts " + width()
                    + " wide, as this gallery's embeddings are, got " + scaling.width());
        }
        if (perIdentity == PerIdentity.CORRECTED_BEST) {
            throw new IllegalArgumentException(
                    "local scaling: wanted a gallery of BEST_TEMPLATE or MEAN_TEMPLATE, got one of CORRECTED_BEST,"
                            + " whose similarities are corrected by its own templates already");
        }
        this.scaling = scaling;
        return this;
    }

    /**
     * Accepts the embeddings of one more network. Where it says in which space they lie ({@link Guide#embeddingSpace}), or the gallery lies in one, they are
     * brought from the one into the other: a teacher's into the space that students were taught in, or a student's back into its teacher's own where the
     * gallery is of raw embeddings.
     *
     * @param guide a network whose embeddings share the space of those already accepted, up to that
     * @return this builder
     * @throws IllegalArgumentException when widths do not fit, or the two lie in different spaces
     */
    public GalleryBuilder accept(Guide guide) {
        return accepted(guide, members.with(guide, width()));
    }

    /**
     * Accepts a network whose own embeddings have to be brought into this gallery's space: a teacher, where students were taught in a space that was fitted on
     * its knowledge.
     *
     * @param guide the network as it is
     * @param space into which its embeddings are brought; saved with the gallery
     * @return this builder
     * @throws IllegalArgumentException when widths do not fit, the embeddings or the gallery lie in another space already, or somebody is enrolled and the network was
     *                                  accepted in another way before
     */
    public GalleryBuilder acceptInto(EmbeddingSpace space, Guide guide) {
        guide.embeddingSpace().ifPresent(own -> {
            throw new IllegalArgumentException("guide " + guide.identity() + ": wanted a network of its own space, got"
                    + " one whose embeddings lie in " + own + " already; add it with accept(...)");
        });
        members.space().filter(other -> !other.equals(space)).ifPresent(other -> {
            throw new IllegalArgumentException("guide " + guide.identity() + ": wanted it brought into this gallery's"
                    + " space, " + other + ", got another, " + space);
        });
        return accepted(guide, members.with(guide, Member.Way.INTO_SPACE, space, width()));
    }

    /**
     * Accepts a network that was taught in a space, for a gallery of raw descriptors that is there already: its embeddings are brought back into the
     * teacher's own space ({@link EmbeddingSpace#toRaw}).
     *
     * @param guide the network, as a rule a student
     * @param space in which it was taught; saved with the gallery
     * @return this builder
     * @throws IllegalArgumentException when widths do not fit, the gallery is none of raw embeddings, or somebody is enrolled and the network was accepted in another way
     *                                  before
     */
    public GalleryBuilder acceptBackFrom(EmbeddingSpace space, Guide guide) {
        members.space().ifPresent(other -> {
            throw new IllegalArgumentException("guide " + guide.identity() + ": wanted a gallery of raw embeddings, got"
                    + " one in " + other + "; add it with accept(...)");
        });
        return accepted(guide, members.with(guide, Member.Way.BACK_TO_RAW, space, width()));
    }

    /** What is enrolled was brought here in the way that a network had then, so it keeps that way. */
    private GalleryBuilder accepted(Guide guide, Members others) {
        Optional<Member> before = members.of(guide);
        Optional<Member> now = others.of(guide);
        if (identities.live() > 0 && before.isPresent() && !before.equals(now)) {
            throw new IllegalArgumentException("guide " + guide.identity() + ": it was accepted "
                    + before.get().words() + " before, and " + identities.live()
                    + " identities are enrolled, perhaps by it; got the wish to have it "
                    + now.orElseThrow().words() + " from now on: begin a new gallery, and enrol them anew");
        }
        members = others;
        return this;
    }

    int width() {
        return templates.width();
    }

    /**
     * Enrols embeddings as templates of one identity, beside those it already has.
     *
     * @param identity  a name, not blank, up to 1,000 characters
     * @param embedding [N, D] or one [D], in this gallery's space; finite and not zero
     * @return how many templates the identity has now
     */
    public int enrol(String identity, INDArray embedding) {
        float[] rows = UnitRows.of(identity, embedding, width()).values();
        if (rows.length == 0) {
            throw new IllegalArgumentException(identity + ": wanted at least one embedding, got none");
        }
        for (int row = 0; row < rows.length / width(); row++) {
            check(identity, rows, row);
        }
        for (int row = 0; row < rows.length / width(); row++) {
            add(identity, rows, row * width());
        }
        return identities.templates(identities.number(identity));
    }

    /**
     * Enrols many identities at once, one template each: faster than one by one. All or nothing.
     *
     * @param names      N names; one that comes again adds to its templates
     * @param embeddings [N, D], in this gallery's space; finite and not zero
     * @return how many identities there are now
     */
    public int enrol(List<String> names, INDArray embeddings) {
        UnitRows rows = UnitRows.of("embeddings", embeddings, width());
        if (rows.count() != names.size()) {
            throw new IllegalArgumentException(
                    "embeddings: wanted one row for each of " + names.size() + " identities, got " + rows.count());
        }
        for (int row = 0; row < names.size(); row++) {
            check(names.get(row), rows.values(), row);
        }
        for (int row = 0; row < names.size(); row++) {
            add(names.get(row), rows.values(), row * width());
        }
        return identities.live();
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
        return enrol(identity, members.embed(guide, images));
    }

    /**
     * Embeds pictures of any size and enrols them as templates of one identity.
     *
     * @param identity a name, not blank, up to 1,000 characters
     * @param guide    one of this gallery's networks, as a rule the teacher
     * @param pictures at least one; what does not have the network's proportions is cut around its centre
     * @return how many templates the identity has now
     * @throws IllegalArgumentException when the network's embeddings are of another space
     */
    public int enrol(String identity, Guide guide, ImageFile... pictures) {
        return enrol(identity, members.embed(guide, List.of(pictures), Fit.CENTRE_CROP));
    }

    /**
     * Embeds the high-resolution view of every labelled image and enrols it under the name of its class. Images without a label are left out, which a warning
     * says.
     *
     * @param guide  one of this gallery's networks, as a rule the teacher
     * @param images whose high-resolution view is of the size that the network takes
     * @return how many identities there are now
     * @throws IllegalArgumentException when the network's embeddings are of another space, or the view is of another size
     */
    public int enrol(Guide guide, PairedImages images) {
        return enrol(guide, images, Resolution.HIGH);
    }

    /**
     * Embeds one view of every labelled image and enrols it under the name of its class. A gallery of {@link PerIdentity#MEAN_TEMPLATE} that is given the
     * high-resolution views by the teacher <em>and</em> the low-resolution views of the same pictures by the student often recognises better: whatever a low resolution
     * makes the student say is then in gallery and probe alike. Images without a label are left out, which a warning says.
     *
     * @param guide  one of this gallery's networks
     * @param images whose view is of the size that the network takes
     * @param view   which one
     * @return how many identities there are now
     * @throws IllegalArgumentException when the network's embeddings are of another space, or the view is of another size
     */
    public int enrol(Guide guide, PairedImages images, Resolution view) {
        members.member(guide);
        LabelledImages.forEachPart(images, part -> enrol(LabelledImages.names(part), members.embed(guide, part, view)));
        return identities.live();
    }

    /**
     * Enrols everybody of a folder or archive that has one directory a person, pictures of any size. What cannot be read is left out, which a warning says.
     *
     * @param guide  one of this gallery's networks, as a rule the teacher
     * @param folder a directory, zip or tar
     * @return how many identities there are now
     * @throws IllegalArgumentException      when the network's embeddings are of another space
     * @throws java.io.UncheckedIOException  when there is no such folder, or no picture in it
     */
    public int enrol(Guide guide, Path folder) {
        return enrol(guide, folder, ImageOptions.defaults().skipUnreadable().withMinSide(1));
    }

    /**
     * Enrols everybody of a folder or archive, read in a way of choice.
     *
     * @param guide   one of this gallery's networks, as a rule the teacher
     * @param folder  a directory, zip or tar
     * @param options where names stand and how pictures are read; pictures smaller than the network's input are refused unless a smallest side is stated
     * @return how many identities there are now
     * @throws IllegalArgumentException      when the network's embeddings are of another space
     * @throws java.io.UncheckedIOException  when there is no such folder, or no picture in it
     */
    public int enrol(Guide guide, Path folder, ImageOptions options) {
        members.member(guide);
        return enrol(guide, ImageFolder.open(folder, guide.input().shape(), Degradation.none(), options));
    }

    private void check(String identity, float[] rows, int row) {
        if (identity.isBlank() || identity.length() > GalleryDescription.LONGEST_NAME) {
            throw new IllegalArgumentException("identity: wanted a name of 1 to " + GalleryDescription.LONGEST_NAME
                    + " characters, got " + (identity.isBlank() ? "a blank one" : identity.length() + " characters"));
        }
        for (int d = row * width(); d < (row + 1) * width(); d++) {
            if (rows[d] != 0) {
                return;
            }
        }
        throw new IllegalArgumentException(
                identity + ": wanted an embedding with a direction, got zeros in row " + row);
    }

    /** Adds a row that is good. */
    void add(String identity, float[] unitRows, int at) {
        int number = identities.add(identity);
        templates.add(unitRows, at, number);
        means.changed(number);
    }

    /**
     * Forgets an identity.
     *
     * @param identity a name
     * @return how many templates it had, 0 when it was not enrolled
     */
    public int remove(String identity) {
        int number = identities.number(identity);
        if (number < 0) {
            return 0;
        }
        templates.removeIf(owner -> owner == number);
        means.remove(number);
        return identities.remove(number);
    }

    /**
     * The gallery as it is now; the builder may go on.
     *
     * @return a gallery
     */
    public Gallery build() {
        if (perIdentity == PerIdentity.MEAN_TEMPLATE) {
            means.update(templates, identities);
        }
        return new Gallery(
                perIdentity,
                members,
                identities.fork(),
                templates.snapshot(),
                means.rows().snapshot(),
                scaling);
    }
}
