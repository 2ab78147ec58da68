package io.github.horkd.data;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images of a directory or of an archive (.zip, .tar, .tar.gz, .tgz; read in place, never unpacked) with one
 * sub-directory for each class, which may be wrapped in one more directory. Other layouts are {@link ImageOptions}. The
 * low-resolution view is derived from them.
 *
 * <p>PNG, JPEG, WebP, TIFF, BMP, GIF, PGM and PPM are taken by their names' extensions and read by their content, of several pictures
 * in a file the first. What else is there is left out, said in one warning, and told by {@link PairedImages#leftOut()}: pictures behind
 * a name that begins with a dot too. What systems and storages leave behind (thumbnails, recycle bins) is passed over.
 *
 * <p>What a picture's samples are, for every format alike:
 * <ul>
 * <li>as stored, 16 bits rounded to 8. Colour profiles (ICC, gamma) are <b>not</b> applied, as in OpenCV and torchvision, on
 *     whose pictures most teachers were trained. Inks (CMYK, YCCK) become red, green and blue without a profile;
 * <li>of lossy WebP, those of a decoder in pure Java: on average 1 (quality 95) to 5 (quality 50) of 255 levels off libwebp's;
 * <li>upright: turned as the camera notes (Exif), unless {@link ImageOptions#asStored()};
 * <li>on white, where pixels are transparent or the first frame of a moving picture does not reach, unless
 *     {@link ImageOptions#withBackground};
 * <li>gray by ITU-R 601 luma (0.299 R + 0.587 G + 0.114 B) when gray is asked for, three equal channels when colour is;
 * <li>of the wanted size, as {@link Fit} says.
 * </ul>
 *
 * <p>Everything is decoded once, in parallel, at opening, into one byte a sample: in memory ({@link MemoryImages}), or on disk ({@link PackedImages}) with
 * {@link ImageOptions#packedIn}, and whenever more than half of the heap would be needed and the shape says gray or colour. Order and
 * class numbers follow the names, whatever the file system or the archive does. Names are composed (NFC). Where an archive
 * does not say their character set, they are UTF-8 or whichever of CP437, CP850 and Latin-1 is plausible.
 *
 * <p>All methods throw {@link java.io.UncheckedIOException} when there is no such folder, no image in it, or images that
 * are unreadable, truncated or too small (named, counted, and left out instead with
 * {@link ImageOptions#skipUnreadable()}), and {@link IllegalArgumentException} when the layout is not the one described.
 */
public final class ImageFolder {

    private static final Logger LOG = LoggerFactory.getLogger(ImageFolder.class);

    /** Images that take more of the heap are packed on disk. */
    private static final long HEAP_SHARE = Runtime.getRuntime().maxMemory() / 2;

    private ImageFolder() {}

    /**
     * Opens with square images, gray when every file is gray and colour when every file is colour; a mixture is an
     * error, since either could be meant.
     *
     * @param path        a directory or an archive
     * @param highSide    rows and columns of the high-resolution view
     * @param degradation how the low-resolution view is made
     * @return the pairs
     */
    public static PairedImages open(Path path, int highSide, Degradation degradation) {
        return open(path, highSide, degradation, ImageOptions.defaults());
    }

    /**
     * Opens with square images, gray when every file is gray and colour when every file is colour.
     *
     * @param path        a directory or an archive
     * @param highSide    rows and columns of the high-resolution view
     * @param degradation how the low-resolution view is made
     * @param options     how files are read
     * @return the pairs
     */
    public static PairedImages open(Path path, int highSide, Degradation degradation, ImageOptions options) {
        return open(path, 0, ImageShape.gray(highSide), degradation, options);
    }

    /**
     * Opens with images of one shape.
     *
     * @param path        a directory or an archive
     * @param highShape   the high-resolution view; its channels decide between gray and colour
     * @param degradation how the low-resolution view is made
     * @return the pairs
     */
    public static PairedImages open(Path path, ImageShape highShape, Degradation degradation) {
        return open(path, highShape, degradation, ImageOptions.defaults());
    }

    /**
     * Opens with images of one shape.
     *
     * @param path        a directory or an archive
     * @param highShape   the high-resolution view; its channels decide between gray and colour
     * @param degradation how the low-resolution view is made
     * @param options     how files are read
     * @return the pairs
     */
    public static PairedImages open(Path path, ImageShape highShape, Degradation degradation, ImageOptions options) {
        return open(path, highShape.channels(), highShape, degradation, options);
    }

    private static PairedImages open(
            Path path, int channels, ImageShape shape, Degradation degradation, ImageOptions options) {
        return derived(ImageLoad.treeAt(path), path, channels, shape, degradation, options);
    }

    /** Images of a tree, in memory or packed, their low-resolution views derived. */
    static PairedImages derived(
            FileTree tree, Path path, int channels, ImageShape shape, Degradation degradation, ImageOptions options) {
        return derived(tree, path, channels, shape, degradation, options, HEAP_SHARE);
    }

    /** The same, packed by themselves when they take more than so many bytes. */
    static PairedImages derived(
            FileTree tree,
            Path path,
            int channels,
            ImageShape shape,
            Degradation degradation,
            ImageOptions options,
            long most) {
        ImageLoad.Target target =
                ImageLoad.Target.of(channels, shape.height(), shape.width(), degradation.shape(shape), options);
        return options.pack().isEmpty()
                ? inMemoryOrPacked(tree, path, target, degradation, options, most)
                : Packing.obtain(tree, path, target, degradation, options, new TreeMap<>());
    }

    /** Said when pictures are decoded, not whenever a packed file is opened: it takes a pass over all of them. */
    static void sayWhatIsInTwoClasses(Path path, PairedImages images) {
        if (images.size() <= Split.MOST_COMPARED) {
            Duplicates twice = Duplicates.within(images).acrossClasses();
            if (!twice.isEmpty()) {
                LOG.warn("{}: the same picture is in two classes, {}; one label is wrong", path, twice);
            }
        }
    }

    private static PairedImages inMemoryOrPacked(
            FileTree tree,
            Path path,
            ImageLoad.Target target,
            Degradation degradation,
            ImageOptions options,
            long most) {
        if (target.channels() == 0) {
            return inMemory(tree, path, target, degradation, options, new HeapSink());
        }
        ImageOptions packed = options.packedIn(Packing.ownFolder());
        Optional<PackedImages> before = Packing.find(tree, path, target, degradation, packed);
        if (before.isPresent()) {
            return before.get();
        }
        HeapSink sink = new HeapSink(most);
        try {
            return inMemory(tree, path, target, degradation, options, sink);
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof HeapSink.Large)) {
                throw e;
            }
            LOG.warn(
                    "{}: {} of a heap of {} MiB; they are packed in {}; say another folder with ImageOptions.packedIn",
                    path,
                    e.getCause().getMessage(),
                    Runtime.getRuntime().maxMemory() >> 20,
                    packed.pack());
            return Packing.obtain(tree, path, target, degradation, packed, sink.images());
        }
    }

    private static PairedImages inMemory(
            FileTree tree,
            Path path,
            ImageLoad.Target target,
            Degradation degradation,
            ImageOptions options,
            HeapSink sink) {
        ImageLoad.Result read = ImageLoad.load(tree, path, target, options, sink);
        ImageShape high = sink.commonShape(path);
        ClassLayout layout = read.layout();
        MemoryImages images = new MemoryImages(
                high,
                sink.samples(),
                layout.labels(),
                layout.classes(),
                layout.names(),
                LowView.Derived.from(high, degradation),
                read.leftOut());
        sayWhatIsInTwoClasses(path, images);
        return images;
    }
}
