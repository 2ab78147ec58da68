package io.github.horkd.knowledge;

import io.github.horkd.internal.file.PlacedReads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Rows in a file that is too large to be mapped: each is read when it is asked for. The file was checked by {@link MappedRows}. */
final class ReadRows implements KnowledgeRows {

    private final Path file;
    private final KnowledgeLayout layout;
    private volatile PlacedReads reads;

    ReadRows(Path file, KnowledgeLayout layout, PlacedReads reads) {
        this.file = file;
        this.layout = layout;
        this.reads = reads;
    }

    @Override
    public void read(long row, int column, float[] to, int at, int count) {
        PlacedReads there = reads;
        if (there == null) {
            throw MappedRows.closed(file);
        }
        int bytes = layout.precision().bytes();
        byte[] values = new byte[count * bytes];
        try {
            there.read(layout.offset(row) + (long) column * bytes, values);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": row " + row + " cannot be read (" + e.getMessage() + ")", e);
        }
        layout.precision()
                .values(ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN))
                .read(0, to, at, count);
    }

    @Override
    public void close() {
        reads = null;
    }
}
