package io.github.horkd.knowledge;

import io.github.horkd.internal.file.FileMark;
import io.github.horkd.internal.file.FileParts;
import io.github.horkd.internal.file.PlacedBytes;
import io.github.horkd.internal.file.PlacedReads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Rows in a memory-mapped file. Every byte is held against its checksum when the file is opened, in one pass from front to back before anything is mapped,
 * so that damage is found before the first row is used, and where there still is somebody to ask again. The pass also brings the file into the system's
 * cache, which a training that reads rows here and there would otherwise fill page by page.
 *
 * <p>Mappings are given back by the garbage collector and by nobody else: to take one away from a thread that reads it would end the process. So a closed
 * file stays mapped until the next collection, which matters on Windows alone, where it cannot be deleted or replaced before.
 */
final class MappedRows implements KnowledgeRows {

    private final Path file;
    private final int width;
    private final long rowsPerSegment;
    private volatile Precision.Values[] segments;

    private MappedRows(Path file, int width, long rowsPerSegment, Precision.Values[] segments) {
        this.file = file;
        this.width = width;
        this.rowsPerSegment = rowsPerSegment;
        this.segments = segments;
    }

    static KnowledgeRows open(Path file, KnowledgeHeader header) throws IOException {
        return open(file, header, PlacedBytes.Mapping.usual());
    }

    /**
     * Opens and checks a file.
     *
     * @param file    the file
     * @param header  what its header must be
     * @param mapping how it is mapped; a mapping holds whole blocks, one at least. A larger file is read row by row.
     * @throws RefusedException when it is another file than the one wanted, or damaged
     * @throws IOException      when it cannot be read
     */
    static KnowledgeRows open(Path file, KnowledgeHeader header, PlacedBytes.Mapping mapping) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            header.require(read(channel, 0, (int) Math.min(size, KnowledgeHeader.LONGEST))
                    .array());
            KnowledgeLayout layout = header.layout();
            if (size != layout.fileBytes()) {
                throw new RefusedException((size < layout.fileBytes() ? "it is cut off" : "it is longer than it says")
                        + ": wanted " + layout.fileBytes() + " bytes, got " + size);
            }
            ByteBuffer table = read(channel, layout.tableAt(), Math.toIntExact(layout.rowsAt() - layout.tableAt()));
            int tableBytes = table.capacity() - Long.BYTES;
            if (table.getLong(tableBytes) != mark(table.slice(0, tableBytes))) {
                throw new RefusedException("its table of checksums is damaged");
            }
            verify(channel, layout, table);
            if (size > mapping.most()) {
                FileMark mark = FileMark.of(channel, layout.tableSumAt(), Long.BYTES);
                return new ReadRows(file, layout, PlacedReads.of(file, mark, size > mapping.cached()));
            }
            long blocksPerSegment = layout.blocksPer(mapping.window());
            long segments = (layout.blocks() - 1) / blocksPerSegment + 1;
            Precision.Values[] values = new Precision.Values[Math.toIntExact(segments)];
            for (int i = 0; i < values.length; i++) {
                values[i] = map(
                        channel, layout, i * blocksPerSegment, Math.min(layout.blocks(), (i + 1) * blocksPerSegment));
            }
            return new MappedRows(file, layout.width(), blocksPerSegment * layout.rowsPerBlock(), values);
        }
    }

    /** Through the channel, not the mapping: a disk that cannot be read is an exception here and would be the end of the process there. */
    private static void verify(FileChannel channel, KnowledgeLayout layout, ByteBuffer table) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(layout.largestBlock());
        for (long block = 0; block < layout.blocks(); block++) {
            long row = block * layout.rowsPerBlock();
            int rows = layout.rowsIn(block);
            FileParts.read(channel, layout.offset(row), bytes.clear().limit((int) (rows * layout.rowBytes())));
            if (table.getLong((int) (block * Long.BYTES)) != mark(bytes)) {
                throw new RefusedException("its rows " + row + " to " + (row + rows - 1) + " are damaged");
            }
        }
    }

    private static Precision.Values map(FileChannel channel, KnowledgeLayout layout, long fromBlock, long toBlock)
            throws IOException {
        long at = layout.offset(fromBlock * layout.rowsPerBlock());
        long end = layout.offset(Math.min(layout.rows(), toBlock * layout.rowsPerBlock()));
        return layout.precision()
                .values(channel.map(FileChannel.MapMode.READ_ONLY, at, end - at).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** What stands in the table for a block: never 0, which stands for a block that was not written. */
    static long mark(ByteBuffer block) {
        CRC32C sum = new CRC32C();
        sum.update(block);
        return 1L << Integer.SIZE | sum.getValue();
    }

    /** Some bytes of a file, little-endian, all of them. */
    static ByteBuffer read(FileChannel channel, long at, int count) throws IOException {
        return FileParts.read(channel, at, count).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void read(long row, int column, float[] to, int at, int count) {
        Precision.Values[] there = segments;
        if (there == null) {
            throw closed(file);
        }
        int first = (int) (row % rowsPerSegment * width) + column;
        there[(int) (row / rowsPerSegment)].read(first, to, at, count);
    }

    @Override
    public void close() {
        segments = null;
    }

    static IllegalStateException closed(Path file) {
        return new IllegalStateException(file + ": this knowledge was closed with its store");
    }
}
