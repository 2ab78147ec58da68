package io.github.horkd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A folder whose writes are recorded in their order, so that a power cut can be had after any of them. What a disk may keep then: of a file, what was forced,
 * and of the writes after that any ({@link Kept}); of a directory, what was forced, and of its later changes the first so many, in their order, as journalling
 * file systems keep them.
 */
public final class RecordedDisk {

    /** What is left of writes that were not forced. */
    public enum Kept {
        NOTHING,
        /** The file has its length and zeros. */
        LENGTH,
        EVERY_SECOND,
        ALL
    }

    private sealed interface Step {
        record Write(int file, long at, byte[] bytes) implements Step {}

        record Truncate(int file, long size) implements Step {}

        record Force(int file) implements Step {}

        record ForceDirectory(Path directory) implements Step {}

        record Create(Path name, int file) implements Step {}

        record MakeDirectory(Path name) implements Step {}

        record Move(Path from, Path to) implements Step {}

        record Delete(Path name) implements Step {}
    }

    private final Path real;
    private final Provider provider;
    private final Disk disk;
    private final List<Step> steps = new ArrayList<>();
    private final Map<Path, Integer> files = new HashMap<>();
    private int count;
    private Consumer<Path> used = path -> {};

    /** Records what happens in a folder, which is empty. */
    public RecordedDisk(Path folder) throws IOException {
        this.real = folder.toRealPath();
        this.provider = new Provider();
        this.disk = new Disk();
    }

    /** The folder, whose paths are recorded. */
    public Path root() {
        return new Recorded(real);
    }

    /** Is told, with its real path, what was opened or asked something by its name, each time. */
    public void afterEachUse(Consumer<Path> listener) {
        used = listener;
    }

    /** How many steps there were by now. */
    public synchronized int steps() {
        return steps.size();
    }

    private synchronized void add(Step step) {
        steps.add(step);
    }

    private synchronized int fileAt(Path path) {
        Integer known = files.get(path);
        return known == null ? -1 : known;
    }

    private synchronized int created(Path path) {
        files.put(path, count);
        steps.add(new Step.Create(path, count));
        return count++;
    }

    private synchronized void moved(Path from, Path to) {
        Integer file = files.remove(from);
        if (file != null) {
            files.put(to, file);
        }
        steps.add(new Step.Move(from, to));
    }

    private synchronized void deleted(Path path) {
        files.remove(path);
        steps.add(new Step.Delete(path));
    }

    /** What was forced of a file, and the writes since. */
    private static final class Content {
        private byte[] forced = {};
        private final List<Step> since = new ArrayList<>();

        void force() {
            forced = kept(Kept.ALL);
            since.clear();
        }

        byte[] kept(Kept kept) {
            byte[] bytes = forced.clone();
            for (int i = 0; i < since.size(); i++) {
                boolean whole = kept == Kept.ALL || kept == Kept.EVERY_SECOND && i % 2 == 1;
                if (since.get(i) instanceof Step.Truncate truncate && whole) {
                    bytes = java.util.Arrays.copyOf(bytes, (int) truncate.size());
                } else if (since.get(i) instanceof Step.Write write && kept != Kept.NOTHING) {
                    int end = (int) write.at() + write.bytes().length;
                    bytes = bytes.length < end ? java.util.Arrays.copyOf(bytes, end) : bytes;
                    if (whole) {
                        System.arraycopy(write.bytes(), 0, bytes, (int) write.at(), write.bytes().length);
                    }
                }
            }
            return bytes;
        }
    }

    /** Names that were not forced yet, at a power cut after some steps: with how many of them the disk may come back. */
    public synchronized int changesAfter(int after) {
        return pending(after, new HashMap<>(), new TreeMap<>(), new ArrayList<>())
                .size();
    }

    private List<Step> pending(int after, Map<Integer, Content> contents, Map<Path, Integer> names, List<Step> open) {
        for (Step step : steps.subList(0, after)) {
            if (step instanceof Step.Write write) {
                contents.get(write.file()).since.add(write);
            } else if (step instanceof Step.Truncate truncate) {
                contents.get(truncate.file()).since.add(truncate);
            } else if (step instanceof Step.Force force) {
                contents.get(force.file()).force();
            } else if (step instanceof Step.ForceDirectory force) {
                List<Step> here = open.stream()
                        .filter(each -> directory(each).equals(force.directory()))
                        .toList();
                here.forEach(each -> apply(each, names));
                open.removeAll(here);
            } else {
                if (step instanceof Step.Create create) {
                    contents.put(create.file(), new Content());
                }
                open.add(step);
            }
        }
        return open;
    }

    private static Path directory(Step step) {
        Path name = step instanceof Step.Create create
                ? create.name()
                : step instanceof Step.MakeDirectory made
                        ? made.name()
                        : step instanceof Step.Move move ? move.to() : ((Step.Delete) step).name();
        return name.getParent();
    }

    private static final int DIRECTORY = -1;

    private static void apply(Step step, Map<Path, Integer> names) {
        if (step instanceof Step.Create create) {
            names.put(create.name(), create.file());
        } else if (step instanceof Step.MakeDirectory made) {
            names.put(made.name(), DIRECTORY);
        } else if (step instanceof Step.Move move) {
            names.put(move.to(), names.remove(move.from()));
        } else if (step instanceof Step.Delete delete) {
            names.remove(delete.name());
        }
    }

    /**
     * Writes down what the disk holds after a power cut.
     *
     * @param after   the last step that happened
     * @param changes how many changes of names survive, of {@link #changesAfter}
     * @param kept    what is left of writes that were not forced
     * @param into    an empty folder
     */
    public void cut(int after, int changes, Kept kept, Path into) throws IOException {
        cut(after, changes, kept, into, file -> true);
    }

    /** The same of some files alone. */
    public synchronized void cut(int after, int changes, Kept kept, Path into, Predicate<Path> which)
            throws IOException {
        Map<Integer, Content> contents = new HashMap<>();
        Map<Path, Integer> names = new TreeMap<>();
        List<Step> open = pending(after, contents, names, new ArrayList<>());
        open.subList(0, changes).forEach(step -> apply(step, names));
        for (Map.Entry<Path, Integer> each : names.entrySet()) {
            Path to = into.resolve(real.relativize(each.getKey()).toString());
            if (each.getValue() == DIRECTORY) {
                Files.createDirectories(to);
            } else if (Files.isDirectory(to.getParent())
                    && which.test(to)) { // A file in a directory that did not survive is lost.
                Files.write(to, contents.get(each.getValue()).kept(kept));
            }
        }
    }

    private static Path real(Path path) {
        return path instanceof Recorded recorded ? recorded.path : path;
    }

    private final class Recorded implements Path {
        private final Path path;

        Recorded(Path path) {
            this.path = path;
        }

        private Path wrap(Path other) {
            return other == null ? null : new Recorded(other);
        }

        @Override
        public FileSystem getFileSystem() {
            return disk;
        }

        @Override
        public boolean isAbsolute() {
            return path.isAbsolute();
        }

        @Override
        public Path getRoot() {
            return wrap(path.getRoot());
        }

        @Override
        public Path getFileName() {
            return wrap(path.getFileName());
        }

        @Override
        public Path getParent() {
            return wrap(path.getParent());
        }

        @Override
        public int getNameCount() {
            return path.getNameCount();
        }

        @Override
        public Path getName(int index) {
            return wrap(path.getName(index));
        }

        @Override
        public Path subpath(int from, int to) {
            return wrap(path.subpath(from, to));
        }

        @Override
        public boolean startsWith(Path other) {
            return path.startsWith(real(other));
        }

        @Override
        public boolean endsWith(Path other) {
            return path.endsWith(real(other));
        }

        @Override
        public Path normalize() {
            return wrap(path.normalize());
        }

        @Override
        public Path resolve(Path other) {
            return wrap(path.resolve(real(other)));
        }

        @Override
        public Path relativize(Path other) {
            return wrap(path.relativize(real(other)));
        }

        @Override
        public URI toUri() {
            return path.toUri();
        }

        @Override
        public Path toAbsolutePath() {
            return wrap(path.toAbsolutePath());
        }

        @Override
        public Path toRealPath(LinkOption... options) throws IOException {
            return wrap(path.toRealPath(options));
        }

        @Override
        public java.io.File toFile() {
            return path.toFile();
        }

        @Override
        public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int compareTo(Path other) {
            return path.compareTo(real(other));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Recorded recorded && recorded.path.equals(path);
        }

        @Override
        public int hashCode() {
            return path.hashCode();
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    private final class Disk extends FileSystem {
        private final FileSystem under = real.getFileSystem();

        @Override
        public FileSystemProvider provider() {
            return provider;
        }

        @Override
        public void close() {}

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isReadOnly() {
            return false;
        }

        @Override
        public String getSeparator() {
            return under.getSeparator();
        }

        @Override
        public Iterable<Path> getRootDirectories() {
            return under.getRootDirectories();
        }

        @Override
        public Iterable<FileStore> getFileStores() {
            return under.getFileStores();
        }

        @Override
        public Set<String> supportedFileAttributeViews() {
            return under.supportedFileAttributeViews();
        }

        @Override
        public Path getPath(String first, String... more) {
            return new Recorded(under.getPath(first, more));
        }

        @Override
        public PathMatcher getPathMatcher(String pattern) {
            PathMatcher matcher = under.getPathMatcher(pattern);
            return path -> matcher.matches(real(path));
        }

        @Override
        public UserPrincipalLookupService getUserPrincipalLookupService() {
            return under.getUserPrincipalLookupService();
        }

        @Override
        public WatchService newWatchService() {
            throw new UnsupportedOperationException();
        }
    }

    private final class Provider extends FileSystemProvider {
        private final FileSystemProvider under = real.getFileSystem().provider();

        @Override
        public String getScheme() {
            return "recorded";
        }

        @Override
        public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem getFileSystem(URI uri) {
            return disk;
        }

        @Override
        public Path getPath(URI uri) {
            return new Recorded(Path.of(uri));
        }

        @Override
        public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            Path at = real(path);
            boolean isNew = !Files.exists(at, LinkOption.NOFOLLOW_LINKS);
            FileChannel channel = under.newFileChannel(at, options, attributes);
            int file = isNew ? created(at) : fileAt(at);
            if (!isNew && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
                add(new Step.Truncate(file, 0));
            }
            used.accept(at);
            return new Channel(channel, file, at);
        }

        @Override
        public SeekableByteChannel newByteChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            return newFileChannel(path, options, attributes);
        }

        @Override
        public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
                throws IOException {
            DirectoryStream<Path> stream =
                    under.newDirectoryStream(real(directory), path -> filter.accept(new Recorded(path)));
            return new DirectoryStream<>() {
                @Override
                public Iterator<Path> iterator() {
                    Iterator<Path> each = stream.iterator();
                    return new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            return each.hasNext();
                        }

                        @Override
                        public Path next() {
                            return new Recorded(each.next());
                        }
                    };
                }

                @Override
                public void close() throws IOException {
                    stream.close();
                }
            };
        }

        @Override
        public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
            under.createDirectory(real(path), attributes);
            add(new Step.MakeDirectory(real(path)));
        }

        @Override
        public void delete(Path path) throws IOException {
            under.delete(real(path));
            deleted(real(path));
        }

        @Override
        public void copy(Path from, Path to, CopyOption... options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void move(Path from, Path to, CopyOption... options) throws IOException {
            under.move(real(from), real(to), options);
            moved(real(from), real(to));
        }

        @Override
        public boolean isSameFile(Path one, Path other) throws IOException {
            return under.isSameFile(real(one), real(other));
        }

        @Override
        public boolean isHidden(Path path) throws IOException {
            return under.isHidden(real(path));
        }

        @Override
        public FileStore getFileStore(Path path) throws IOException {
            return under.getFileStore(real(path));
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
            under.checkAccess(real(path), modes);
            used.accept(real(path));
        }

        @Override
        public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
            return under.getFileAttributeView(real(path), type, options);
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
                throws IOException {
            A attributes = under.readAttributes(real(path), type, options);
            used.accept(real(path));
            return attributes;
        }

        @Override
        public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
                throws IOException {
            Map<String, Object> read = under.readAttributes(real(path), attributes, options);
            used.accept(real(path));
            return read;
        }

        @Override
        public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
            under.setAttribute(real(path), attribute, value, options);
        }
    }

    private final class Channel extends FileChannel {
        private final FileChannel under;
        private final int file;
        private final Path path;

        Channel(FileChannel under, int file, Path path) {
            this.under = under;
            this.file = file;
            this.path = path;
        }

        private int written(ByteBuffer from, int before, long at, int count) {
            byte[] bytes = new byte[count];
            from.duplicate().position(before).get(bytes);
            add(new Step.Write(file, at, bytes));
            return count;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            int before = from.position();
            long at = under.position();
            return written(from, before, at, under.write(from));
        }

        @Override
        public int write(ByteBuffer from, long at) throws IOException {
            int before = from.position();
            return written(from, before, at, under.write(from, at));
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = offset; i < offset + length; i++) {
                byte[] bytes = new byte[from[i].remaining()];
                from[i].get(bytes);
                all.write(bytes);
            }
            return write(ByteBuffer.wrap(all.toByteArray()));
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            under.truncate(size);
            add(new Step.Truncate(file, size));
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            under.force(metaData);
            add(Files.isDirectory(path) ? new Step.ForceDirectory(path) : new Step.Force(file));
        }

        @Override
        public int read(ByteBuffer to) throws IOException {
            return under.read(to);
        }

        @Override
        public long read(ByteBuffer[] to, int offset, int length) throws IOException {
            return under.read(to, offset, length);
        }

        @Override
        public int read(ByteBuffer to, long at) throws IOException {
            return under.read(to, at);
        }

        @Override
        public long position() throws IOException {
            return under.position();
        }

        @Override
        public FileChannel position(long at) throws IOException {
            under.position(at);
            return this;
        }

        @Override
        public long size() throws IOException {
            return under.size();
        }

        @Override
        public long transferTo(long at, long bytes, WritableByteChannel to) throws IOException {
            return under.transferTo(at, bytes, to);
        }

        @Override
        public long transferFrom(ReadableByteChannel from, long at, long bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long at, long bytes) throws IOException {
            return under.map(mode, at, bytes);
        }

        @Override
        public FileLock lock(long at, long bytes, boolean shared) throws IOException {
            return under.lock(at, bytes, shared);
        }

        @Override
        public FileLock tryLock(long at, long bytes, boolean shared) throws IOException {
            return under.tryLock(at, bytes, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            under.close();
        }
    }
}
