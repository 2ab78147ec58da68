package io.github.horkd.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Images in one file on disk, decoded, one byte a sample, mapped into memory: as many as the disk holds, in a small heap. Reading one gives what
 * {@link MemoryImages} would, to the bit, and the operating system keeps in memory what is read often. A million gray images of 64×64 take 4.1 GB on disk and
 * 16 MB of heap.
 *
 * <p>Files are made by {@link ImageOptions#packedIn}, which any source of files takes. {@link #open} reads one alone, without its source. Opening checks the
 * index; {@link #verify} reads and checks everything. A file must not be shortened by others while it is open: Java ends reading with an error then.
 */
public final class PackedImages implements PairedImages {

    private final PackedFile file;
    private final StoredViews views;

    PackedImages(PackedFile file, Degradation degradation) {
        this.file = file;
        this.views = new StoredViews(
                file.shape(), file::samples, LowView.Derived.from(file.path(), file.shape(), degradation));
    }

    /**
     * Opens a file of packed images.
     *
     * @param file        as {@link ImageOptions#packedIn} made it; its name ends in .pixels
     * @param degradation how the low-resolution view is made
     * @return the pairs
     * @throws UncheckedIOException     when it is no such file, truncated or damaged in its index
     * @throws IllegalArgumentException when the degradation cannot be made of images of the file's size
     */
    public static PackedImages open(Path file, Degradation degradation) {
        try {
            return new PackedImages(PackedFile.open(file, ""), degradation);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": refused, " + e.getMessage() + "; pack the images anew", e);
        }
    }

    /**
     * Reads the whole file and holds every image against the mark it was written with.
     *
     * @throws UncheckedIOException when one is damaged; the message names it
     */
    public void verify() {
        try {
            file.verify();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file.path() + ": refused, " + e.getMessage() + "; remove it, and the images are packed anew", e);
        }
    }

    /** The file. */
    public Path path() {
        return file.path();
    }

    @Override
    public int size() {
        return file.count();
    }

    @Override
    public ImageShape shape(Resolution resolution) {
        return views.shape(resolution);
    }

    @Override
    public List<String> classes() {
        return file.classes();
    }

    @Override
    public int label(int index) {
        return file.label(Objects.checkIndex(index, size()));
    }

    @Override
    public String name(int index) {
        return file.name(Objects.checkIndex(index, size()));
    }

    @Override
    public long fingerprint(int index) {
        return Seeds.fingerprint(file.samples(Objects.checkIndex(index, size())));
    }

    @Override
    public LeftOut leftOut() {
        return file.leftOut();
    }

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        views.read(Objects.checkIndex(index, size()), pose, high, highAt, low, lowAt);
    }
}
