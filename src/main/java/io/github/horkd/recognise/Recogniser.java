package io.github.horkd.recognise;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.Fit;
import io.github.horkd.data.ImageFile;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Guide;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Says who a picture shows: picture in, answer out.
 * <pre>{@code
 * Recogniser recogniser = Recogniser.of(gallery, student.folded(), threshold);
 * Answers answers = recogniser.identify(Path.of("probe.jpg"));
 * }</pre>
 * Pictures may have any size: they are turned upright, brought to the network's proportions by {@link Fit} and to its size by exact area or bilinear
 * interpolation. Safe to use from several threads.
 *
 * @param gallery who may be shown
 * @param guide   the network that sees probes, as a rule the student; one of the gallery's
 * @param threshold   the similarity from which an answer is believed; −∞ believes all
 * @param top     how many identities to answer with at most
 * @param reading how files are read, and what is done with those that are not of the network's proportions
 */
public record Recogniser(Gallery gallery, Guide guide, double threshold, int top, ImageOptions reading) {

    private static final int USUAL = 5;

    public Recogniser {
        gallery.members().member(guide);
        if (top < 1) {
            throw new IllegalArgumentException("top: wanted 1 or more answers, got " + top);
        }
        if (Double.isNaN(threshold)) {
            throw new IllegalArgumentException("threshold: wanted a similarity, got NaN");
        }
    }

    /**
     * Answers however dissimilar the nearest identities are.
     *
     * @param gallery who may be shown
     * @param guide   the network that sees probes, as a rule the student
     * @return answers with up to {@value #USUAL} identities
     * @throws IllegalArgumentException when the network is none of the gallery's
     */
    public static Recogniser of(Gallery gallery, Guide guide) {
        return new Recogniser(
                gallery,
                guide,
                Double.NEGATIVE_INFINITY,
                USUAL,
                ImageOptions.defaults().skipUnreadable().withMinSide(1));
    }

    /**
     * Answers with identities that are similar enough, or with nobody.
     *
     * @param gallery   who may be shown
     * @param guide     the network that sees probes, as a rule the student
     * @param threshold what an answer needs
     * @return answers with up to {@value #USUAL} identities
     * @throws IllegalArgumentException when the network is none of the gallery's
     */
    public static Recogniser of(Gallery gallery, Guide guide, Threshold threshold) {
        Recogniser all = of(gallery, guide);
        return new Recogniser(gallery, guide, threshold.similarity(), all.top, all.reading);
    }

    /**
     * The same with another number of answers.
     *
     * @param identities at most so many, at least 1
     * @return a changed copy
     */
    public Recogniser withTop(int identities) {
        return new Recogniser(gallery, guide, threshold, identities, reading);
    }

    /**
     * The same for another gallery, after somebody was enrolled or removed.
     *
     * @param changed a gallery of the same networks
     * @return a changed copy
     */
    public Recogniser withGallery(Gallery changed) {
        return new Recogniser(changed, guide, threshold, top, reading);
    }

    /**
     * The same with files read in another way: {@link Fit}, orientation, background, limits.
     *
     * @param options where classes stand has no meaning here
     * @return a changed copy
     */
    public Recogniser withReading(ImageOptions options) {
        return new Recogniser(gallery, guide, threshold, top, options);
    }

    /**
     * Identifies the picture of a file.
     *
     * @param file of any kind that {@link ImageFolder} reads
     * @return the answers about it
     * @throws java.io.UncheckedIOException when it is missing, no picture or damaged
     */
    public Answers identify(Path file) {
        return identify(ImageFile.load(file, reading));
    }

    /**
     * Identifies a picture of the JDK.
     *
     * @param image of any size
     * @return the answers about it
     */
    public Answers identify(BufferedImage image) {
        return identify(ImageFile.of(image));
    }

    /**
     * Identifies a picture.
     *
     * @param picture of any size
     * @return the answers about it
     */
    public Answers identify(ImageFile picture) {
        return identify(List.of(picture)).get(0);
    }

    /**
     * Identifies pictures together, which is faster than one by one.
     *
     * @param pictures of any sizes
     * @return the answers about each
     */
    public List<Answers> identify(List<ImageFile> pictures) {
        return pictures.isEmpty() ? List.of() : answers(gallery.members().embed(guide, pictures, reading.fit()));
    }

    /**
     * Identifies all images of a set.
     *
     * @param images of the size that the network takes
     * @param view   which view of them
     * @return the answers about each
     */
    public List<Answers> identify(PairedImages images, Resolution view) {
        return answers(gallery.embed(guide, images, view));
    }

    /**
     * Identifies every picture of a folder or archive, at any depth. What cannot be read is left out, which a warning says.
     *
     * @param folder a directory, zip or tar
     * @return the answers by the names of the pictures, in the order of the names
     * @throws java.io.UncheckedIOException when there is no such folder, or no picture in it
     */
    public Map<String, Answers> identifyFolder(Path folder) {
        PairedImages images = ImageFolder.open(folder, guide.input().shape(), Degradation.none(), reading.unlabelled());
        List<Answers> answers = identify(images, Resolution.HIGH);
        Map<String, Answers> named = new LinkedHashMap<>();
        for (int i = 0; i < images.size(); i++) {
            named.put(images.name(i), answers.get(i));
        }
        return named;
    }

    private List<Answers> answers(INDArray probes) {
        return gallery.identify(probes, top, threshold);
    }
}
