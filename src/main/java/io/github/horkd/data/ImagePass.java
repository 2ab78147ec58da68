package io.github.horkd.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;

/**
 * One pass over the files of a source: pictures are decoded on all processors and handed on in the order of the files, some at a time, to one thread. So more
 * pictures than the disk would hold decoded can be looked at, each once. A {@code TransferSet} is made this way.
 *
 * <p>A pass over a RecordIO file or over WebDataset shards can be cut into parts, for as many processes. Which pictures a part has depends on the files and on
 * the number of parts alone.
 */
public final class ImagePass {

    private final FileTree tree;
    private final Path path;
    private final ImageShape high;
    private final Degradation degradation;
    private final ImageOptions options;
    private final int part;
    private final int parts;

    private ImagePass(
            FileTree tree,
            Path path,
            ImageShape high,
            Degradation degradation,
            ImageOptions options,
            int part,
            int parts) {
        this.tree = tree;
        this.path = path;
        this.high = high;
        this.degradation = degradation;
        this.options = options;
        this.part = part;
        this.parts = parts;
    }

    /** Receives pictures. */
    @FunctionalInterface
    public interface Visitor {

        /**
         * Sees some pictures.
         *
         * @param images without classes, which are known at the end only; empty when all that was read was known
         * @param share  the part of the files' bytes that is read, 0…1
         * @throws IOException ends the pass
         */
        void see(PairedImages images, double share) throws IOException;
    }

    /**
     * What a pass found.
     *
     * @param paths   of all pictures below their source, those that were known before among them, sorted
     * @param names   as {@link PairedImages#name} gives them, in the same order
     * @param labels  the class of each, or {@link PairedImages#UNLABELLED}
     * @param classes the names of the classes
     * @param leftOut what was not taken
     */
    public record Found(List<String> paths, List<String> names, int[] labels, List<String> classes, LeftOut leftOut) {}

    /**
     * A pass over a folder, an archive or a RecordIO file.
     *
     * @param path        as {@link ImageFolder} and {@link RecordIoImages} take it
     * @param high        the high-resolution view; its channels decide between gray and colour
     * @param degradation how the low-resolution view is made
     * @param options     how images are read
     * @return the pass
     */
    public static ImagePass over(Path path, ImageShape high, Degradation degradation, ImageOptions options) {
        return new ImagePass(ImageLoad.treeAt(path), path, high, degradation, options, 0, 1);
    }

    /**
     * A pass over the shards of a WebDataset.
     *
     * @param shards      a pattern with braces, as {@link WebDatasetImages} takes it
     * @param high        the high-resolution view; its channels decide between gray and colour
     * @param degradation how the low-resolution view is made
     * @param options     how images are read
     * @return the pass
     */
    public static ImagePass overShards(String shards, ImageShape high, Degradation degradation, ImageOptions options) {
        return new ImagePass(WebDatasetTree.of(shards), Path.of(shards), high, degradation, options, 0, 1);
    }

    /**
     * One of several parts, which together have every picture once: a range of a RecordIO file that has an .idx, every n-th record of one that has none, every
     * n-th shard of a WebDataset.
     *
     * @param number 0 … count − 1
     * @param count  how many parts
     * @return the pass over that part
     * @throws IllegalArgumentException when the source cannot be cut into so many parts
     */
    public ImagePass part(int number, int count) {
        if (count < 1 || number < 0 || number >= count || parts != 1) {
            throw new IllegalArgumentException("part: wanted one of 0 to " + (count - 1) + " of a whole source, got "
                    + number + (parts == 1 ? "" : " of a part"));
        }
        if (count == 1) {
            return this;
        }
        FileTree cut = tree.part(number, count)
                .orElseThrow(() -> new IllegalArgumentException(path + ": cannot be cut into " + count
                        + " parts; wanted a RecordIO file, or a WebDataset of at least as many shards"));
        return new ImagePass(cut, path, high, degradation, options, number, count);
    }

    /** The shape of the high-resolution or the low-resolution view. */
    public ImageShape shape(Resolution resolution) {
        return resolution == Resolution.HIGH ? high : degradation.shape(high);
    }

    /**
     * What is read and how. It changes when names, sizes or times of change of the files do.
     *
     * @return a text without a limit on its length
     * @throws UncheckedIOException when the files cannot be found
     */
    public String identity() {
        try {
            return String.join(
                    "|",
                    path.toAbsolutePath().normalize().toString(),
                    target().toString(),
                    Packing.reading(options),
                    degradation.toString(),
                    part + " of " + parts,
                    Packing.stamp(tree, path, options));
        } catch (IOException e) {
            throw ImageLoad.named(path, e);
        }
    }

    /**
     * Makes the pass, on the calling thread; others decode.
     *
     * @param together how many pictures are handed on at a time; the last ones may be fewer
     * @param known    paths of pictures that are passed over
     * @param visitor  receives the others
     * @return what was found
     * @throws UncheckedIOException     when files cannot be read
     * @throws IllegalArgumentException when their layout is not the one described
     */
    public Found run(int together, SortedSet<String> known, Visitor visitor) {
        long[] read = {0};
        double all = bytes();
        ImageLoad.Result found =
                ImageLoad.pass(tree, path, target(), options, together, known, (names, images, bytes) -> {
                    read[0] += bytes;
                    visitor.see(new ImageChunk(high, names, images, degradation), Math.min(1, read[0] / all));
                });
        ended(visitor);
        ClassLayout layout = found.layout();
        return new Found(found.names(), layout.names(), layout.labels(), layout.classes(), found.leftOut());
    }

    /** Whatever containers hold beside pictures is read by then too. */
    private void ended(Visitor visitor) {
        try {
            visitor.see(new ImageChunk(high, List.of(), List.of(), degradation), 1);
        } catch (IOException e) {
            throw ImageLoad.named(path, e);
        }
    }

    private ImageLoad.Target target() {
        return ImageLoad.Target.of(high.channels(), high.height(), high.width(), degradation.shape(high), options);
    }

    private double bytes() {
        long sum = 0;
        try {
            for (Path source : tree.sources(path)) {
                sum += Files.isDirectory(source) ? Packing.bytes(source) : Files.size(source);
            }
        } catch (IOException e) {
            throw ImageLoad.named(path, e);
        }
        return Math.max(1, tree instanceof RecordTree ? (double) sum / parts : sum);
    }

    @Override
    public String toString() {
        return path + (parts == 1 ? "" : ", part " + part + " of " + parts);
    }
}
