package io.github.horkd.data;

import io.github.horkd.internal.file.ComposedName;
import java.awt.image.BufferedImage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Images held in memory, one byte a sample: channels × height × width bytes an image and a few dozen for its name (13,233
 * gray images of 64×64 take 54 MB). What folders, archives and IDX files are read into, and the way in for images that a
 * program makes itself.
 *
 * <p>The low-resolution view is either derived from the moved high-resolution image at every {@link #read}, or stored
 * too ({@link PairedFolders}) and moved by the same pose, its shift in proportion to the sizes.
 */
public final class MemoryImages implements PairedImages {

    private final StoredViews views;
    private final List<byte[]> high;
    private final int[] labels;
    private final List<String> classes;
    private final List<String> names;
    private final LeftOut leftOut;

    MemoryImages(
            ImageShape highShape,
            List<byte[]> high,
            int[] labels,
            List<String> classes,
            List<String> names,
            LowView low,
            LeftOut leftOut) {
        if (labels.length != high.size() || names.size() != high.size()) {
            throw new IllegalArgumentException("images: wanted a label and a name for each of " + high.size() + ", got "
                    + labels.length + " labels and " + names.size() + " names");
        }
        this.high = List.copyOf(high);
        this.views = new StoredViews(highShape, this.high::get, low);
        this.labels = labels.clone();
        this.classes = List.copyOf(classes);
        this.names = List.copyOf(names);
        this.leftOut = leftOut;
        Set<String> seen = classes.stream().map(ComposedName::of).collect(Collectors.toCollection(HashSet::new));
        if (seen.size() < classes.size()) {
            throw new IllegalArgumentException(
                    "classes: wanted names all different, since they pair classes, got " + FirstFew.of(classes));
        }
        seen.clear();
        for (int i = 0; i < labels.length; i++) {
            if (high.get(i).length != highShape.size()) {
                throw new IllegalArgumentException(names.get(i) + ": wanted " + highShape.size() + " samples for "
                        + highShape + ", got " + high.get(i).length);
            }
            if (labels[i] < UNLABELLED || labels[i] >= classes.size()) {
                throw new IllegalArgumentException(names.get(i) + ": wanted a label of 0 to " + (classes.size() - 1)
                        + " or UNLABELLED (-1), got " + labels[i]);
            }
            if (!seen.add(ComposedName.of(names.get(i)))) {
                throw new IllegalArgumentException(names.get(i) + ": wanted unique names, got this one twice");
            }
        }
    }

    /**
     * Images as samples of 8 bits.
     *
     * @param shape       the shape of every image
     * @param pixels      one array an image, channel after channel, row after row, 0 black to 255 white; kept, not copied
     * @param labels      the class of each image, an index into {@code classes} or {@link PairedImages#UNLABELLED}
     * @param classes     the names of the classes
     * @param names       the name of each image, all different
     * @param degradation how the low-resolution view is made
     * @return the source
     */
    public static MemoryImages of(
            ImageShape shape,
            List<byte[]> pixels,
            int[] labels,
            List<String> classes,
            List<String> names,
            Degradation degradation) {
        return new MemoryImages(
                shape, pixels, labels, classes, names, LowView.Derived.from(shape, degradation), LeftOut.NOTHING);
    }

    /**
     * Images of the JDK, for instance drawn by Java2D; all of one size. Samples are taken as stored, transparent ones on white; colour becomes gray
     * and gray colour where the shape says so.
     *
     * @param shape       the shape of every image
     * @param images      the images; copied
     * @param labels      the class of each image, an index into {@code classes} or {@link PairedImages#UNLABELLED}
     * @param classes     the names of the classes
     * @param names       the name of each image, all different
     * @param degradation how the low-resolution view is made
     * @return the source
     */
    public static MemoryImages ofImages(
            ImageShape shape,
            List<BufferedImage> images,
            int[] labels,
            List<String> classes,
            List<String> names,
            Degradation degradation) {
        List<byte[]> pixels = images.stream()
                .map(image -> {
                    if (image.getHeight() != shape.height() || image.getWidth() != shape.width()) {
                        throw new IllegalArgumentException("image: wanted " + shape.height() + "x" + shape.width()
                                + ", got " + image.getHeight() + "x" + image.getWidth());
                    }
                    return Bitmap.of(image).as(shape.channels()).samples();
                })
                .toList();
        return of(shape, pixels, labels, classes, names, degradation);
    }

    /**
     * Images as intensities 0…1, rounded to 8 bits.
     *
     * @param shape       the shape of every image
     * @param pixels      one array an image, channel after channel, row after row; copied
     * @param labels      the class of each image, an index into {@code classes} or {@link PairedImages#UNLABELLED}
     * @param classes     the names of the classes
     * @param names       the name of each image, all different
     * @param degradation how the low-resolution view is made
     * @return the source
     * @throws IllegalArgumentException when a value is NaN or outside 0…1
     */
    public static MemoryImages ofIntensities(
            ImageShape shape,
            List<float[]> pixels,
            int[] labels,
            List<String> classes,
            List<String> names,
            Degradation degradation) {
        List<byte[]> samples = pixels.stream()
                .map(values -> {
                    for (float value : values) {
                        if (!(value >= 0 && value <= 1)) {
                            throw new IllegalArgumentException("intensities: wanted 0 to 1, got " + value);
                        }
                    }
                    return Bitmap.of(new Pixels(shape, values)).samples();
                })
                .toList();
        return of(shape, samples, labels, classes, names, degradation);
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public ImageShape shape(Resolution resolution) {
        return views.shape(resolution);
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public String name(int index) {
        return names.get(index);
    }

    @Override
    public long fingerprint(int index) {
        return Seeds.fingerprint(high.get(index));
    }

    @Override
    public LeftOut leftOut() {
        return leftOut;
    }

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        views.read(index, pose, high, highAt, low, lowAt);
    }
}
