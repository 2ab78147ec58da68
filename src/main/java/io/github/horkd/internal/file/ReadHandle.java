package io.github.horkd.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/** A file opened for one thread at a time, in a way that an interrupt does not close, and beside it perhaps in the faster way that it does close. */
final class ReadHandle implements Closeable {

    /** A shorter read shares its pages with others, which the cache is there for. */
    private static final int LONG_READ = 16 << 10;

    private final Path path;
    private final FileMark mark;
    private final boolean pastCache;
    private final RandomAccessFile file;
    /** Null where the system does not have it, or until it is opened again. */
    private DirectFile direct;
    /** An interrupt closed the faster way. */
    private boolean closed;

    private ReadHandle(Path path, FileMark mark, boolean pastCache) throws IOException {
        this.path = path;
        this.mark = mark;
        this.pastCache = pastCache;
        this.file = new RandomAccessFile(path.toFile(), "r");
    }

    static ReadHandle open(Path path, FileMark mark, boolean pastCache) throws IOException {
        ReadHandle handle = new ReadHandle(path, mark, pastCache);
        try {
            mark.require(handle::readCached);
        } catch (IOException e) {
            handle.close();
            throw e;
        }
        handle.openDirect();
        return handle;
    }

    void read(long at, byte[] into) throws IOException {
        if (into.length < LONG_READ || !readDirect(at, into)) {
            readCached(at, into);
        }
    }

    private void readCached(long at, byte[] into) throws IOException {
        file.seek(at);
        file.readFully(into);
    }

    /** Whether it could be read so. Whatever is wrong with the file is said by the other way. */
    private boolean readDirect(long at, byte[] into) {
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        if (closed) {
            openDirect();
        }
        try {
            return direct != null && direct.read(at, into);
        } catch (ClosedChannelException interrupted) {
            closed = true;
            return false;
        } catch (IOException e) {
            closeDirect();
            return false;
        }
    }

    private void openDirect() {
        closed = false;
        direct = pastCache ? DirectFile.open(path).orElse(null) : null;
        if (direct == null) {
            return;
        }
        try {
            mark.require((at, into) -> {
                if (!direct.read(at, into)) {
                    throw new IOException("it ends before");
                }
            });
        } catch (ClosedChannelException interrupted) {
            closed = true;
        } catch (IOException another) {
            closeDirect();
        }
    }

    private void closeDirect() {
        if (direct != null) {
            direct.close();
            direct = null;
        }
    }

    @Override
    public void close() throws IOException {
        closeDirect();
        file.close();
    }
}
