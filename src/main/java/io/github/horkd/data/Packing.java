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
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Images of a folder or an archive as a packed file: opened when it is there and still right, else packed. */
final class Packing {

    private static final Logger LOG = LoggerFactory.getLogger(Packing.class);

    private Packing() {}

    static PackedImages obtain(
            FileTree tree, Path path, ImageLoad.Target target, Degradation degradation, ImageOptions options) {
        if (target.channels() == 0) {
            throw new IllegalArgumentException(
                    path
                            + ": wanted to know whether packed images are gray or colour; open with ImageShape.gray(side) or colour(side)");
        }
        Path folder = Path.of(options.pack());
        String how = path.toAbsolutePath().normalize() + "|" + target + "|" + reading(options);
        Path file = folder.resolve(
                path.getFileName() + "-" + Sha256.create().text(how).hex().substring(0, 12) + ".pixels");
        try {
            Files.createDirectories(folder);
            PackLayout layout = PackLayout.of(
                    new ImageShape(target.channels(), target.height(), target.width()), how + "|" + stamp(tree, path));
            if (Files.exists(file)) {
                try {
                    return new PackedImages(PackedFile.open(file, layout.identity()), degradation);
                } catch (IOException e) {
                    LOG.warn("{}: refused, {}; packed anew", file, e.getMessage());
                }
            }
            pack(tree, path, target, options, file, layout);
            return new PackedImages(PackedFile.open(file, layout.identity()), degradation);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + ": the images could not be packed, " + WholeFile.reason(file, e) + " (" + e.getMessage()
                            + ")",
                    e);
        }
    }

    private static void pack(
            FileTree tree, Path path, ImageLoad.Target target, ImageOptions options, Path file, PackLayout layout)
            throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        long began = System.nanoTime();
        try (PackWriter writer = PackWriter.open(part, layout)) {
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
    private static String reading(ImageOptions options) {
        return String.join(
                "|",
                options.layout().name(),
                options.list(),
                options.under(),
                options.fit().name(),
                options.skips() + "," + options.upright() + "," + options.background(),
                options.limits().toString());
    }

    /** Names, sizes and times of change of whatever the tree is made of, in any order. */
    private static String stamp(FileTree tree, Path path) throws IOException {
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
        return Long.toHexString(sum.get());
    }
}
