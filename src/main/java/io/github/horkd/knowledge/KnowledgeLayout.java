package io.github.horkd.knowledge;

/**
 * Where things are in a file of knowledge. All places are in bytes and computed as long; what does not fit into one is an {@link ArithmeticException}.
 * <pre>  0          header, its last 4 bytes CRC-32C of the rest of it
 *  tableAt    a long a block: 2³² + CRC-32C of the block, 0 while the block is not written
 *             zeros
 *  rowsAt − 8 a long: 2³² + CRC-32C of everything from tableAt to here, 0 while rows are missing
 *  rowsAt     rows, block after block; a multiple of 4096
 *  fileBytes  the end</pre>
 *
 * @param precision    of each value
 * @param rows         how many rows
 * @param width        values a row
 * @param rowsPerBlock rows that share a checksum; the last block may have fewer
 * @param tableAt      the length of the header
 */
record KnowledgeLayout(Precision precision, long rows, int width, int rowsPerBlock, int tableAt) {

    private static final int BLOCK_BYTES = 1 << 20;
    private static final long PAGE = 4096;

    KnowledgeLayout {
        if (rows < 1 || width < 1 || rowsPerBlock < 1) {
            throw new IllegalArgumentException("knowledge: wanted rows with values in blocks, got " + rows + " rows of "
                    + width + " values in blocks of " + rowsPerBlock);
        }
    }

    /** Rows of about 1 MiB: enough to make a checksum cheap, little enough to lose. */
    static int rowsPerBlock(Precision precision, int width) {
        return (int) Math.max(1, BLOCK_BYTES / ((long) width * precision.bytes()));
    }

    long rowBytes() {
        return (long) width * precision.bytes();
    }

    long blockBytes() {
        return Math.multiplyExact(rowBytes(), (long) rowsPerBlock);
    }

    long blocks() {
        return (rows - 1) / rowsPerBlock + 1;
    }

    /** How many rows a block has. */
    int rowsIn(long block) {
        return (int) Math.min(rowsPerBlock, rows - block * rowsPerBlock);
    }

    /** How many bytes the largest block has: the first, which is the only one where there are few rows. */
    int largestBlock() {
        return Math.toIntExact(rowsIn(0) * rowBytes());
    }

    /** Where a block's checksum is. */
    long entryAt(long block) {
        return Math.addExact(tableAt, Math.multiplyExact(block, (long) Long.BYTES));
    }

    /** Where the checksum of the checksums is. */
    long tableSumAt() {
        return rowsAt() - Long.BYTES;
    }

    long rowsAt() {
        long end = Math.addExact(entryAt(blocks()), Long.BYTES);
        return Math.multiplyExact(Math.addExact(end, PAGE - 1) / PAGE, PAGE);
    }

    /** Where a row is; that of the row after the last is the end of the file. */
    long offset(long row) {
        return Math.addExact(rowsAt(), Math.multiplyExact(row, rowBytes()));
    }

    long fileBytes() {
        return offset(rows);
    }

    /** How many whole blocks fit into a mapping of some size, at least one. */
    long blocksPer(long segmentBytes) {
        return Math.max(1, segmentBytes / blockBytes());
    }
}
