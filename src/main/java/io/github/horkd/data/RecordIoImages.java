package io.github.horkd.data;

import java.nio.file.Path;

/**
 * Images in a file of MXNet's RecordIO, as InsightFace ships face sets ({@code train.rec}, with {@code train.idx} beside it).
 * Classes are the numbers of the labels, in their order; an image's name is its number in nine digits. Records that hold no
 * image (InsightFace's header and its list of people) are passed over. With an .idx, its numbers count and every place in it
 * must be a record; without one, records are counted from 0.
 *
 * <p>Images are read as {@link ImageFolder} reads them. A file that is damaged, truncated or hostile is refused by the byte.
 */
public final class RecordIoImages {

    private RecordIoImages() {}

    /**
     * Opens a file.
     *
     * @param file        ends in .rec
     * @param highShape   the high-resolution view; its channels decide between gray and colour
     * @param degradation how the low-resolution view is made
     * @return the pairs
     * @throws java.io.UncheckedIOException when the file or one of its images cannot be read
     */
    public static PairedImages open(Path file, ImageShape highShape, Degradation degradation) {
        return open(file, highShape, degradation, ImageOptions.defaults());
    }

    /**
     * Opens a file.
     *
     * @param file        ends in .rec
     * @param highShape   the high-resolution view; its channels decide between gray and colour
     * @param degradation how the low-resolution view is made
     * @param options     how images are read; of layouts, only {@link Layout#UNLABELLED} has a meaning here
     * @return the pairs
     * @throws java.io.UncheckedIOException when the file or one of its images cannot be read
     */
    public static PairedImages open(Path file, ImageShape highShape, Degradation degradation, ImageOptions options) {
        return ImageFolder.derived(new RecordTree(file), file, highShape.channels(), highShape, degradation, options);
    }
}
