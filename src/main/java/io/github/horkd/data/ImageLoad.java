package io.github.horkd.data;

import io.github.horkd.internal.setup.Logging;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All images of a folder or archive, read by one thread and decoded by several. */
final class ImageLoad {

    private static final Logger LOG = LoggerFactory.getLogger(ImageLoad.class);

    static {
        // What is left out would be said to nobody.
        Logging.sayWhenSilent();
    }

    /** Files that may wait for a decoder, for each of the decoders: bounds what is in memory undecoded. */
    private static final int WAITING = 4;

    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    /** The images by their names, sorted, how classes are numbered, and what was left out. */
    record Result(List<String> names, ClassLayout layout, LeftOut leftOut) {}

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

    private final FileTree tree;
    private final Path path;
    private final Target target;
    private final ImageOptions options;
    private final ImageSink sink;
    private final Optional<ImageList> list;
    private final Findings findings;

    private ImageLoad(FileTree tree, Path path, Target target, ImageOptions options, ImageSink sink) {
        this.tree = tree;
        this.path = path;
        this.target = target;
        this.options = options;
        this.sink = sink;
        this.list = options.layout() == Layout.LIST
                ? Optional.of(ImageList.read(Path.of(options.list()), options.limits())
                        .below(path))
                : Optional.empty();
        this.findings = new Findings(options, list);
    }

    /** Hands all images to the sink, or says in one message what could not be. */
    static Result load(FileTree tree, Path path, Target target, ImageOptions options, ImageSink sink) {
        try {
            ImageLoad load = new ImageLoad(tree, path, target, options, sink);
            return load.load(decoders -> load.new Decoding(decoders, new Semaphore(WAITING * THREADS)), sink::names);
        } catch (IOException e) {
            throw named(path, e);
        }
    }

    /**
     * Hands images on in the order of the files, some at a time, on the calling thread. An image that the sink has is passed over.
     *
     * @param together how many are handed on at a time
     */
    static Result pass(
            FileTree tree,
            Path path,
            Target target,
            ImageOptions options,
            int together,
            SortedSet<String> known,
            ImageChunk.Visitor visitor) {
        try {
            SortedSet<String> names = new TreeSet<>(known);
            ImageLoad load = new ImageLoad(tree, path, target, options, new HeapSink());
            return load.load(
                    decoders -> new OrderedDecoding(
                            decoders, load::decode, load.findings, names, together, WAITING * THREADS, visitor),
                    () -> names);
        } catch (IOException e) {
            throw named(path, e);
        }
    }

    static FileTree treeAt(Path path) {
        try {
            return FileTree.at(path);
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

    /** A visitor that must be told when all files were seen. */
    interface Ending extends FileTree.Visitor {
        void end() throws IOException;
    }

    private Result load(Function<ExecutorService, Ending> way, Supplier<Collection<String>> found) throws IOException {
        // One more than there are processors: one may be waiting for a disk.
        ExecutorService decoders = Executors.newFixedThreadPool(THREADS + 1, task -> {
            Thread thread = new Thread(task, "horkd-decode");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Ending visitor = way.apply(decoders);
            tree.visit(this::isWanted, options.limits(), visitor);
            visitor.end();
            decoders.shutdown();
            decoders.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading");
        } finally {
            decoders.shutdownNow();
        }
        List<String> names = List.copyOf(found.get());
        LeftOut leftOut = findings.leftOut(names);
        if (!leftOut.isExpected(names)) {
            LOG.warn("{}: left out, beside {} images: {}", path, names.size(), leftOut);
        }
        ClassLayout layout = layout(names);
        ClassLayout.sayAlike(path, layout.classes());
        return new Result(names, layout, leftOut);
    }

    private ClassLayout layout(List<String> names) {
        Optional<ClassLayout> own = tree.layout(names, options);
        if (own.isPresent() && (list.isPresent() || !options.under().isEmpty())) {
            throw new IllegalArgumentException(path
                    + ": has classes of its own and no directories, so neither under() nor withList() has a meaning");
        }
        return own.isPresent()
                ? own.get()
                : list.map(l -> ClassLayout.of(names, l)).orElseGet(() -> ClassLayout.of(names, options, path));
    }

    private boolean isWanted(String name) {
        return findings.isWanted(name) && !sink.has(name);
    }

    private Bitmap decode(byte[] file) throws IOException {
        int least = Math.max(Math.max(target.height, target.width), Math.max(target.minHeight, target.minWidth));
        Bitmap image = ImageDecoder.decode(file, options, least);
        ImageShape shape = image.shape();
        if (shape.height() < target.minHeight || shape.width() < target.minWidth) {
            throw new IOException("is too small: wanted at least " + target.minHeight + "x" + target.minWidth
                    + " pixels, got " + shape.height() + "x" + shape.width());
        }
        Bitmap converted = target.channels == 0 ? image : image.as(target.channels);
        return options.fit().apply(converted, target.height, target.width);
    }

    /** Passes files on to the decoders, small ones some at a time, and waits when they are behind. */
    private final class Decoding implements Ending {

        /** Files and bytes that go together: to wake a thread for each small picture takes as long as a tenth of decoding it. */
        private static final int MOST_FILES = 16;

        private static final int MOST_BYTES = 1 << 16;

        private record Undecoded(String name, byte[] content) {}

        private final ExecutorService decoders;
        private final Semaphore waiting;
        private List<Undecoded> together = new ArrayList<>();
        private long bytes;

        Decoding(ExecutorService decoders, Semaphore waiting) {
            this.decoders = decoders;
            this.waiting = waiting;
        }

        @Override
        public void file(String name, byte[] content) throws IOException {
            sink.check();
            if (sink.has(name)) {
                return;
            }
            together.add(new Undecoded(name, content));
            bytes += content.length;
            if (together.size() == MOST_FILES || bytes >= MOST_BYTES) {
                passOn();
            }
        }

        private void passOn() {
            List<Undecoded> files = together;
            together = new ArrayList<>();
            bytes = 0;
            waiting.acquireUninterruptibly();
            decoders.execute(() -> {
                try {
                    files.forEach(this::decoded);
                } finally {
                    waiting.release();
                }
            });
        }

        private void decoded(Undecoded file) {
            try {
                if (!sink.add(file.name, decode(file.content))) {
                    findings.failed(file.name, "is there twice");
                }
            } catch (IOException e) {
                findings.failed(file.name, e.getMessage());
            } catch (RuntimeException | Error e) {
                // Too large for memory, or a reader's own fault: either way an image that would otherwise just be
                // missing.
                findings.failed(file.name, "cannot be decoded (" + e + ")");
            }
        }

        @Override
        public void end() throws IOException {
            passOn();
            sink.check();
        }

        @Override
        public void unreadable(String name, IOException why) {
            findings.unreadable(name, why);
        }

        @Override
        public void passedOver(String name) {
            if (!sink.has(name)) {
                findings.passedOver(name);
            }
        }

        @Override
        public void directory(String name) {
            findings.directory(name);
        }
    }
}
