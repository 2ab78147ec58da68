package io.github.horkd.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All images of a folder or archive, read by one thread and decoded by several, in the order of their names. */
final class ImageLoad {

    private static final Logger LOG = LoggerFactory.getLogger(ImageLoad.class);

    /** Files that may wait for a decoder, for each of the decoders: bounds what is in memory undecoded. */
    private static final int WAITING = 4;

    /** One image: its name as the tree has it, and its samples at the wanted size. */
    record Loaded(String name, Bitmap image) {}

    private final Path path;
    private final Target target;
    private final ImageOptions options;
    private final Map<String, Bitmap> images = new ConcurrentSkipListMap<>();
    private final Map<String, String> failures = new ConcurrentSkipListMap<>();

    /** What images are made into: a size, a number of channels or 0 for the file's own, and what is too small for it. */
    record Target(int channels, int height, int width, int minHeight, int minWidth) {

        static Target of(int channels, int height, int width, ImageShape low, ImageOptions options) {
            return new Target(
                    channels,
                    height,
                    width,
                    options.minSide() > 0 ? options.minSide() : low.height(),
                    options.minSide() > 0 ? options.minSide() : low.width());
        }
    }

    private ImageLoad(Path path, Target target, ImageOptions options) {
        this.path = path;
        this.target = target;
        this.options = options;
    }

    /** Loads everything, or says in one message what could not be. */
    static List<Loaded> load(Path path, Target target, ImageOptions options) {
        try {
            return new ImageLoad(path, target, options).load();
        } catch (IOException e) {
            String what = e instanceof EOFException ? "is truncated" : String.valueOf(e.getMessage());
            throw new UncheckedIOException(what.startsWith(path.toString()) ? what : path + ": " + what, e);
        }
    }

    /** The one shape of all images; they can differ only in their channels, when those were left to the files. */
    static ImageShape commonShape(Path path, List<Loaded> loaded) {
        ImageShape shape = loaded.get(0).image().shape();
        List<String> gray = loaded.stream()
                .filter(l -> l.image().shape().channels() == 1)
                .map(Loaded::name)
                .toList();
        if (!gray.isEmpty() && gray.size() < loaded.size()) {
            boolean fewGray = 2 * gray.size() <= loaded.size();
            List<String> odd = fewGray
                    ? gray
                    : loaded.stream()
                            .filter(l -> l.image().shape().channels() == 3)
                            .map(Loaded::name)
                            .toList();
            throw new IllegalArgumentException(
                    path + ": wanted all images gray or all colour, got " + odd.size() + " of "
                            + loaded.size() + (fewGray ? " gray: " : " in colour: ") + FirstFew.of(odd)
                            + "; say which is meant with ImageShape.gray(side) or ImageShape.colour(side)");
        }
        return shape;
    }

    private List<Loaded> load() throws IOException {
        FileTree tree = FileTree.at(path);
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService decoders = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "horkd-decode");
            thread.setDaemon(true);
            return thread;
        });
        try {
            tree.visit(this::isWanted, options.limits(), new Decoding(decoders, new Semaphore(WAITING * threads)));
            decoders.shutdown();
            decoders.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading");
        } finally {
            decoders.shutdownNow();
        }
        report();
        if (images.isEmpty()) {
            throw new IOException("no readable images" + (options.under().isEmpty() ? "" : " under " + options.under())
                    + " (looked for " + String.join(", ", ImageDecoder.EXTENSIONS) + ")");
        }
        return images.entrySet().stream()
                .map(e -> new Loaded(e.getKey(), e.getValue()))
                .toList();
    }

    private boolean isWanted(String name) {
        return ImageDecoder.isImage(name) && !FileTree.isLitter(name) && ClassLayout.isUnder(name, options.under());
    }

    private void report() throws IOException {
        if (failures.isEmpty()) {
            return;
        }
        List<String> named = failures.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .toList();
        String message = failures.size() + " of " + (failures.size() + images.size()) + " images cannot be used: "
                + FirstFew.of(named);
        if (!options.skips()) {
            throw new IOException(
                    message + "; repair or remove them, or leave them out with ImageOptions.skipUnreadable()");
        }
        LOG.warn("{}: left out, {}", path, message);
    }

    private Bitmap decode(byte[] file) throws IOException {
        Bitmap image = ImageDecoder.decode(file, options.limits().maxPixels());
        ImageShape shape = image.shape();
        if (shape.height() < target.minHeight || shape.width() < target.minWidth) {
            throw new IOException("is too small: wanted at least " + target.minHeight + "x" + target.minWidth
                    + " pixels, got " + shape.height() + "x" + shape.width());
        }
        Bitmap converted = target.channels == 0 ? image : image.as(target.channels);
        return options.fit().apply(converted, target.height, target.width);
    }

    /** Passes files on to the decoders and waits when they are behind. */
    private final class Decoding implements FileTree.Visitor {

        private final ExecutorService decoders;
        private final Semaphore waiting;

        Decoding(ExecutorService decoders, Semaphore waiting) {
            this.decoders = decoders;
            this.waiting = waiting;
        }

        @Override
        public void file(String name, byte[] content) {
            waiting.acquireUninterruptibly();
            decoders.execute(() -> {
                try {
                    if (images.put(name, decode(content)) != null) {
                        failures.put(name, "is there twice");
                    }
                } catch (IOException e) {
                    failures.put(name, e.getMessage());
                } catch (RuntimeException | Error e) {
                    // Too large for memory, or a reader's own fault: either way an image that would otherwise just be
                    // missing.
                    failures.put(name, "cannot be decoded (" + e + ")");
                } finally {
                    waiting.release();
                }
            });
        }

        @Override
        public void unreadable(String name, IOException why) {
            failures.put(name, "cannot be read (" + why.getMessage() + ")");
        }
    }
}
