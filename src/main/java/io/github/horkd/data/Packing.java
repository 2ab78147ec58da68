package io.github.horkd.data;

import io.github.horkd.internal.file.Sha256;
import io.github.horkd.internal.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Images of a folder or an archive as a packed file: opened when it is there and still right, else packed. */
final class Packing {

    private static final Logger LOG = LoggerFactory.getLogger(Packing.class);

    private Packing() {}

    /** Where images are packed that nobody told where: the user's own folder of files that may be made anew. */
    static Path ownFolder() {
        String told = System.getProperty("horkd.packed", "");
        return told.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache", "horkd") : Path.of(told);
    }

    /** The file and its layout for images of a tree, read in one way. */
    record Place(Path file, PackLayout layout) {

        static Place of(FileTree tree, Path path, ImageLoad.Target target, ImageOptions options) throws IOException {
            String how = path.toAbsolutePath().normalize() + "|" + target + "|" + reading(options);
            String name =
                    path.getFileName() + "-" + Sha256.create().text(how).hex().substring(0, 12) + ".pixels";
            return new Place(
                    Path.of(options.pack()).resolve(name),
                    PackLayout.of(
                            new ImageShape(target.channels(), target.height(), target.width()),
                            how + "|" + stamp(tree, path, options)));
        }

        PackedImages open(Degradation degradation) throws IOException {
            return new PackedImages(PackedFile.open(file, layout.identity()), degradation);
        }
    }

    /** What was packed before, if it is there and still right. */
    static Optional<PackedImages> find(
            FileTree tree, Path path, ImageLoad.Target target, Degradation degradation, ImageOptions options) {
        if (!Files.isDirectory(Path.of(options.pack()))) {
            return Optional.empty();
        }
        try {
            Place place = Place.of(tree, path, target, options);
            return Files.exists(place.file) ? Optional.of(place.open(degradation)) : Optional.empty();
        } catch (IOException e) {
            LOG.debug("{}: what was packed before is not taken, {}", path, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Opens what is packed, or packs it.
     *
     * @param decoded images that need not be decoded again, by their names
     */
    static PackedImages obtain(
            FileTree tree,
            Path path,
            ImageLoad.Target target,
            Degradation degradation,
            ImageOptions options,
            SortedMap<String, Bitmap> decoded) {
        if (target.channels() == 0) {
            throw new IllegalArgumentException(
                    path
                            + ": wanted to know whether packed images are gray or colour; open with ImageShape.gray(side) or colour(side)");
        }
        Path folder = Path.of(options.pack());
        try {
            WholeFile.makeDirectory(folder);
            Place place = Place.of(tree, path, target, options);
            if (Files.exists(place.file)) {
                try {
                    return place.open(degradation);
                } catch (IOException e) {
                    LOG.warn("{}: refused, {}; packed anew", place.file, e.getMessage());
                }
            }
            pack(tree, path, target, options, place, decoded);
            PackedImages images = place.open(degradation);
            ImageFolder.sayWhatIsInTwoClasses(path, images);
            return images;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    folder + ": the images of " + path + " could not be packed, "
                            + WholeFile.reason(folder.resolve("x"), e) + " (" + e.getMessage() + ")",
                    e);
        }
    }

    static void pack(
            FileTree tree,
            Path path,
            ImageLoad.Target target,
            ImageOptions options,
            Place place,
            SortedMap<String, Bitmap> decoded)
            throws IOException {
        Path file = place.file;
        Path part = file.resolveSibling(file.getFileName() + ".part");
        long began = System.nanoTime();
        try (PackWriter writer = PackWriter.open(part, place.layout)) {
            for (Map.Entry<String, Bitmap> each : decoded.entrySet()) {
                if (!writer.has(each.getKey())) {
                    writer.add(each.getKey(), each.getValue());
                }
            }
            decoded.clear();
            ImageLoad.Result read = ImageLoad.load(tree, path, target, options, writer);
            writer.finish(read);
            WholeFile.publish(part, file);
            LOG.info(
                    "{}: {} images packed in {} s",
                    file,
                    read.names().size(),
                    (System.nanoTime() - began) / 1_000_000_000);
        }
    }

    /** What of the options has a bearing on names, classes and samples. */
    static String reading(ImageOptions options) {
        return String.join(
                "|",
                options.layout().name(),
                options.list(),
                options.under(),
                options.fit().name(),
                options.skips() + "," + options.upright() + "," + options.background()
                        + (options.scaled() ? ",scaled" : ""),
                options.limits().toString());
    }

    /** The bytes of all files in a folder. */
    static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return files.mapToLong(each -> each.toFile().length()).sum();
        }
    }

    /**
     * Names, sizes and times of change of whatever the tree is made of, in any order; behind it a digest of the list, where one gives classes: who corrects one
     * there wants it corrected in what was made by it.
     */
    static String stamp(FileTree tree, Path path, ImageOptions options) throws IOException {
        AtomicLong sum = new AtomicLong();
        for (Path source : tree.sources(path)) {
            Files.walkFileTree(
                    source, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<Path>() {
                        @Override
                        public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) {
                            String text = source.relativize(each) + "|" + attributes.size() + "|"
                                    + attributes.lastModifiedTime().toMillis();
                            sum.addAndGet(Seeds.fingerprint(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path each, IOException why) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        }
        boolean listed = options.layout() == Layout.LIST && Files.isRegularFile(Path.of(options.list()));
        return Long.toHexString(sum.get())
                + (listed
                        ? "|"
                                + Sha256.create()
                                        .lengthAndFile(Path.of(options.list()))
                                        .hex()
                        : "");
    }
}
