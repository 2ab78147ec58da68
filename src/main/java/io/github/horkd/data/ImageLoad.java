package io.github.horkd.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All images of a folder or archive, read by one thread and decoded by several, in the order of their names. */
final class ImageLoad {

    private static final Logger LOG = LoggerFactory.getLogger(ImageLoad.class);

    /** Files that may wait for a decoder, for each of the decoders: bounds what is in memory undecoded. */
    private static final int WAITING = 4;

    /** One image: its name as the tree has it, and its samples at the wanted size. */
    record Loaded(String name, Bitmap image) {}

    /** All images, in the order of their names, how classes are numbered, and what was left out. */
    record Result(List<Loaded> images, ClassLayout layout, LeftOut leftOut) {}

    private final FileTree tree;
    private final Path path;
    private final Target target;
    private final ImageOptions options;
    private final Optional<ImageList> list;
    private final Map<String, Bitmap> images = new ConcurrentSkipListMap<>();
    private final Map<String, String> failures = new ConcurrentSkipListMap<>();
    private final List<LeftOut.File> passedOver = new ArrayList<>();
    private final Set<String> directories = new TreeSet<>();
    private final AtomicLong samples = new AtomicLong();

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

    private ImageLoad(FileTree tree, Path path, Target target, ImageOptions options) {
        this.tree = tree;
        this.path = path;
        this.target = target;
        this.options = options;
        this.list = options.layout() == Layout.LIST
                ? Optional.of(ImageList.read(Path.of(options.list()), options.limits()))
                : Optional.empty();
    }

    /** Loads everything, or says in one message what could not be. */
    static Result load(Path path, Target target, ImageOptions options) {
        try {
            return load(FileTree.at(path), path, target, options);
        } catch (IOException e) {
            throw named(path, e);
        }
    }

    /** Loads everything of a tree that may be more than its path. */
    static Result load(FileTree tree, Path path, Target target, ImageOptions options) {
        try {
            return new ImageLoad(tree, path, target, options).load();
        } catch (IOException e) {
            throw named(path, e);
        }
    }

    static UncheckedIOException named(Path path, IOException e) {
        String what = e instanceof EOFException
                ? "is truncated"
                : e instanceof NoSuchFileException missing && missing.getReason() == null
                        ? "there is no such file"
                        : String.valueOf(e.getMessage());
        return new UncheckedIOException(what.startsWith(path.toString()) ? what : path + ": " + what, e);
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

    private Result load() throws IOException {
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
        LeftOut leftOut = leftOut();
        report(leftOut);
        List<Loaded> loaded = images.entrySet().stream()
                .map(e -> new Loaded(e.getKey(), e.getValue()))
                .toList();
        List<String> names = loaded.stream().map(Loaded::name).toList();
        Optional<ClassLayout> own = tree.layout(names, options);
        if (own.isPresent() && (list.isPresent() || !options.under().isEmpty())) {
            throw new IllegalArgumentException(path
                    + ": has classes of its own and no directories, so neither under() nor withList() has a meaning");
        }
        ClassLayout layout = own.isPresent()
                ? own.get()
                : list.map(l -> ClassLayout.of(names, l)).orElseGet(() -> ClassLayout.of(names, options, path));
        return new Result(loaded, layout, leftOut);
    }

    private boolean isWanted(String name) {
        return ImageDecoder.isImage(name)
                && !FileTree.isLitter(name)
                && ClassLayout.isUnder(name, options.under())
                && (list.isEmpty() || list.get().keyOf(name) != null);
    }

    private LeftOut leftOut() throws IOException {
        List<LeftOut.File> files = new ArrayList<>(passedOver);
        failures.forEach((name, why) -> files.add(new LeftOut.File(name, LeftOut.Reason.UNREADABLE, why)));
        if (list.isPresent()) {
            Set<String> missing = new TreeSet<>(list.get().paths());
            images.keySet().forEach(name -> missing.remove(list.get().keyOf(name)));
            failures.keySet()
                    .forEach(name -> missing.remove(String.valueOf(list.get().keyOf(name))));
            missing.forEach(name -> {
                failures.put(name, "is listed and not there");
                files.add(new LeftOut.File(name, LeftOut.Reason.UNREADABLE, "is listed and not there"));
            });
        }
        files.sort(Comparator.comparing(LeftOut.File::name));
        Set<String> withImages = new HashSet<>();
        images.keySet().forEach(name -> parents(name).forEach(withImages::add));
        files.forEach(file -> parents(file.name()).findFirst().ifPresent(directories::add));
        List<String> without = list.isPresent()
                ? List.of()
                : directories.stream()
                        .filter(d -> !withImages.contains(d) && ClassLayout.isUnder(d + "/", options.under()))
                        // The outermost ones say it.
                        .filter(d -> parents(d).allMatch(withImages::contains))
                        .toList();
        return new LeftOut(files, without);
    }

    /** The directories that a path lies in, the nearest first. */
    private static Stream<String> parents(String path) {
        return Stream.iterate(path.lastIndexOf('/'), at -> at > 0, at -> path.lastIndexOf('/', at - 1))
                .map(at -> path.substring(0, at));
    }

    private void report(LeftOut leftOut) throws IOException {
        if (!failures.isEmpty() && !options.skips()) {
            List<String> named = failures.entrySet().stream()
                    .map(e -> e.getKey() + " " + e.getValue())
                    .toList();
            throw new IOException(failures.size() + " of " + (failures.size() + images.size())
                    + " images cannot be used: " + FirstFew.of(named)
                    + "; repair or remove them, or leave them out with ImageOptions.skipUnreadable()");
        }
        if (images.isEmpty()) {
            throw new IOException("no readable images" + (options.under().isEmpty() ? "" : " under " + options.under())
                    + " (looked for " + String.join(", ", ImageDecoder.EXTENSIONS) + ")"
                    + (leftOut.isEmpty() ? "" : "; there is " + leftOut));
        }
        if (!leftOut.isExpected()) {
            LOG.warn("{}: left out, beside {} images: {}", path, images.size(), leftOut);
        }
    }

    private Bitmap decode(byte[] file) throws IOException {
        Bitmap image = ImageDecoder.decode(file, options);
        ImageShape shape = image.shape();
        if (shape.height() < target.minHeight || shape.width() < target.minWidth) {
            throw new IOException("is too small: wanted at least " + target.minHeight + "x" + target.minWidth
                    + " pixels, got " + shape.height() + "x" + shape.width());
        }
        // Said before the heap is full, where anything could fail.
        long held = samples.addAndGet(
                (long) target.height * target.width * (target.channels == 0 ? shape.channels() : target.channels));
        if (held > Runtime.getRuntime().maxMemory()) {
            throw new IOException("does not fit: the images before it fill the heap of "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB; raise -Xmx or ask for smaller images");
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
            if (ClassLayout.isUnder(name, options.under())) {
                failures.put(name, "cannot be read (" + why.getMessage() + ")");
            }
        }

        @Override
        public void passedOver(String name) {
            if (!FileTree.isLitter(name) && ClassLayout.isUnder(name, options.under())) {
                boolean isImage = ImageDecoder.isImage(name);
                passedOver.add(
                        new LeftOut.File(name, isImage ? LeftOut.Reason.NOT_LISTED : LeftOut.Reason.OTHER_KIND, ""));
            }
        }

        @Override
        public void directory(String name) {
            if (!name.isEmpty() && !FileTree.isLitter(name)) {
                directories.add(name);
            }
        }
    }
}
