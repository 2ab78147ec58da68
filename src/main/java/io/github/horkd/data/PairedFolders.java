package io.github.horkd.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two parallel trees of images: real low-resolution captures beside their high-resolution originals. Files belong
 * together when their paths are equal but for the extension ({@code high/anna/01.png}, {@code low/anna/01.jpg}). Either
 * tree is a directory or an archive and is read as {@link ImageFolder} describes; classes and names are those of the
 * high-resolution tree.
 *
 * <p>Both views of a pair are moved alike, the shift in proportion to the sizes; nothing is degraded.
 */
public final class PairedFolders {

    private static final Logger LOG = LoggerFactory.getLogger(PairedFolders.class);

    private PairedFolders() {}

    /**
     * Opens two trees of images.
     *
     * @param high      the high-resolution tree
     * @param low       the low-resolution tree
     * @param highShape what its images are brought to
     * @param lowShape  what the low-resolution images are brought to
     * @return the pairs
     * @throws IllegalArgumentException     when files of either tree have no partner: the message names every one, however many
     * @throws java.io.UncheckedIOException when files cannot be read
     */
    public static PairedImages open(Path high, Path low, ImageShape highShape, ImageShape lowShape) {
        return open(high, low, highShape, lowShape, ImageOptions.defaults());
    }

    /**
     * Opens two trees of images.
     *
     * @param high      the high-resolution tree
     * @param low       the low-resolution tree
     * @param highShape what its images are brought to
     * @param lowShape  what the low-resolution images are brought to
     * @param options   how files are read; what {@link ImageOptions#skipUnreadable()} leaves out of one tree is left out of
     *                  the other, and so are files without a partner; {@link ImageOptions#minSide} holds for the low tree
     *                  (the high one must have at least its pixels)
     * @return the pairs
     * @throws IllegalArgumentException     when files of either tree have no partner (the message names every one, however many), unless skipping is
     *                                      asked; when no file has
     * @throws java.io.UncheckedIOException when files cannot be read
     */
    public static PairedImages open(
            Path high, Path low, ImageShape highShape, ImageShape lowShape, ImageOptions options) {
        HeapSink highImages = new HeapSink();
        ImageLoad.Result highRead = load(high, highShape, lowShape, options, highImages);
        ClassLayout highLayout = highRead.layout();
        HeapSink lowImages = new HeapSink();
        ImageLoad.Result lowRead = load(low, lowShape, new ImageShape(lowShape.channels(), 1, 1), options, lowImages);
        ClassLayout lowLayout = lowRead.layout();
        List<byte[]> highStored = highImages.samples();
        List<byte[]> lowStored = lowImages.samples();
        Map<String, Integer> lowByKey = byKey(lowLayout, low);
        Map<String, Integer> highByKey = byKey(highLayout, high);
        LeftOut alone = check(highByKey, lowByKey, highLayout, lowLayout, options);

        List<byte[]> highSamples = new ArrayList<>();
        List<byte[]> lowSamples = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        highByKey.forEach((key, at) -> {
            if (lowByKey.containsKey(key)) {
                highSamples.add(highStored.get(at));
                lowSamples.add(lowStored.get(lowByKey.get(key)));
                names.add(highLayout.names().get(at));
                labels.add(highLayout.labels()[at]);
            }
        });
        LowView captured = new LowView.Captured(
                lowShape,
                List.copyOf(lowSamples),
                (double) lowShape.height() / highShape.height(),
                (double) lowShape.width() / highShape.width());
        return new MemoryImages(
                highShape,
                highSamples,
                labels.stream().mapToInt(Integer::intValue).toArray(),
                highLayout.classes(),
                names,
                captured,
                highRead.leftOut().and(lowRead.leftOut()).and(alone));
    }

    private static ImageLoad.Result load(
            Path path, ImageShape shape, ImageShape smallest, ImageOptions options, ImageSink sink) {
        if (!options.pack().isEmpty()) {
            throw new IllegalArgumentException("two folders are held in memory: leave packedIn out");
        }
        return ImageLoad.load(
                ImageLoad.treeAt(path),
                path,
                ImageLoad.Target.of(shape.channels(), shape.height(), shape.width(), smallest, options),
                options,
                sink);
    }

    private static String withoutExtension(String name) {
        int dot = name.lastIndexOf('.');
        return dot <= name.lastIndexOf('/') ? name : name.substring(0, dot);
    }

    private static Map<String, Integer> byKey(ClassLayout layout, Path path) {
        Map<String, Integer> byKey = new LinkedHashMap<>();
        for (int i = 0; i < layout.names().size(); i++) {
            String name = layout.names().get(i);
            Integer before = byKey.put(withoutExtension(name), i);
            if (before != null) {
                throw new IllegalArgumentException(path + ": wanted one file for each name, got "
                        + layout.names().get(before) + " and " + name);
            }
        }
        return byKey;
    }

    /** What has no partner; an error unless such images are to be left out. */
    private static LeftOut check(
            Map<String, Integer> high,
            Map<String, Integer> low,
            ClassLayout highLayout,
            ClassLayout lowLayout,
            ImageOptions options) {
        List<LeftOut.File> unmatched = new ArrayList<>();
        high.forEach((key, at) -> {
            if (!low.containsKey(key)) {
                unmatched.add(alone(highLayout.names().get(at), "(high only)"));
            }
        });
        low.forEach((key, at) -> {
            if (!high.containsKey(key)) {
                unmatched.add(alone(lowLayout.names().get(at), "(low only)"));
            }
        });
        int matched = (high.size() + low.size() - unmatched.size()) / 2;
        if (matched == 0 || !unmatched.isEmpty() && !options.skips()) {
            throw new IllegalArgumentException("pairs: wanted a partner of the same relative name for every image, got "
                    + matched + " pairs and " + unmatched.size() + " images alone: "
                    + unmatched.stream().map(LeftOut.File::toString).collect(Collectors.joining(", "))
                    + "; add or remove files, or leave such images out with ImageOptions.skipUnreadable()");
        }
        LeftOut leftOut = new LeftOut(unmatched, List.of());
        if (!unmatched.isEmpty()) {
            LOG.warn("left out, {}", leftOut);
        }
        return leftOut;
    }

    private static LeftOut.File alone(String name, String where) {
        return new LeftOut.File(name, LeftOut.Reason.NO_PARTNER, where);
    }
}
