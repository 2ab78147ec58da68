package io.github.horkd.knowledge;

import io.github.horkd.internal.file.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a file of knowledge under a name of its own, block after block, each followed by its checksum in the table. A build that finds an earlier one's
 * file goes on behind the last block that is there and agrees with its checksum. So it does not matter what a dying process, or a machine without power,
 * had written in which order.
 */
final class KnowledgeBuild {

    private static final Logger LOG = LoggerFactory.getLogger(KnowledgeBuild.class);

    private final Path part;
    private final KnowledgeHeader header;
    private final KnowledgeLayout layout;
    private final KnowledgeRequest request;
    private final FileChannel channel;
    private final ByteBuffer block;

    private KnowledgeBuild(Path part, KnowledgeHeader header, KnowledgeRequest request, FileChannel channel) {
        this.part = part;
        this.header = header;
        this.layout = header.layout();
        this.request = request;
        this.channel = channel;
        this.block = ByteBuffer.allocateDirect(layout.largestBlock()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Builds a file, or what is missing of it.
     *
     * @param part     the file
     * @param header   how it begins
     * @param request  who is asked about what
     * @param progress is told how many views are known by then
     * @throws IOException when it cannot be written; what is there can be gone on with
     */
    static void run(Path part, KnowledgeHeader header, KnowledgeRequest request, IntConsumer progress)
            throws IOException {
        try (FileChannel channel = WholeFile.openPart(part)) {
            KnowledgeBuild build = new KnowledgeBuild(part, header, request.forInference(), channel);
            build.gather(build.begin(), progress);
            build.seal();
        }
    }

    /** The first block that is wanted. */
    private long begin() throws IOException {
        long size = channel.size();
        long blocks = 0;
        if (size > 0) {
            try {
                header.require(MappedRows.read(channel, 0, (int) Math.min(size, KnowledgeHeader.LONGEST))
                        .array());
                blocks = wholeBlocks(size);
                LOG.info(
                        "{}: goes on after row {} of {}",
                        part,
                        Math.min(layout.rows(), blocks * layout.rowsPerBlock()),
                        layout.rows());
            } catch (RefusedException e) {
                LOG.warn("{}: refused, {}; it is begun anew", part, e.getMessage());
            }
        }
        channel.truncate(blocks == 0 ? 0 : layout.offset(Math.min(layout.rows(), blocks * layout.rowsPerBlock())));
        if (blocks == 0) {
            write(ByteBuffer.wrap(header.encoded()), 0);
        }
        // Whatever stands in the table for later blocks is of no use any more.
        clear(layout.entryAt(blocks), layout.rowsAt());
        return blocks;
    }

    private long wholeBlocks(long size) throws IOException {
        for (long number = 0; number < layout.blocks(); number++) {
            long at = layout.offset(number * layout.rowsPerBlock());
            int length = (int) (layout.rowsIn(number) * layout.rowBytes());
            if (at + length > size) {
                return number;
            }
            long mark =
                    MappedRows.read(channel, layout.entryAt(number), Long.BYTES).getLong();
            if (mark == 0) {
                return number;
            }
            if (mark != MappedRows.mark(MappedRows.read(channel, at, length))) {
                LOG.warn("{}: its block {} is damaged; it is gone on with from there", part, number);
                return number;
            }
        }
        return layout.blocks();
    }

    private void clear(long from, long to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
        for (long at = from; at < to; at += zeros.limit()) {
            write(zeros.clear().limit((int) Math.min(zeros.capacity(), to - at)), at);
        }
    }

    private void gather(long firstBlock, IntConsumer progress) throws IOException {
        long number = firstBlock;
        int width = layout.width();
        // A count of views is an int, whatever the format could hold.
        for (int view = (int) Math.min(layout.rows(), firstBlock * layout.rowsPerBlock()); view < layout.rows(); ) {
            KnowledgeRequest.Answers answers = request.about(view);
            int end = answers.first() + answers.count();
            for (; view < end; view++) {
                int at = (view - answers.first()) * width;
                layout.precision()
                        .check(
                                answers.values(),
                                at,
                                header.embeddingWidth(),
                                header.logitsWidth(),
                                width,
                                request.name(view));
                layout.precision().write(answers.values(), at, width, block);
                if (!block.hasRemaining() || view + 1 == layout.rows()) {
                    finish(number++);
                }
            }
            progress.accept(view);
        }
    }

    private void finish(long number) throws IOException {
        block.flip();
        long mark = MappedRows.mark(block);
        write(block.rewind(), layout.offset(number * layout.rowsPerBlock()));
        writeLong(mark, layout.entryAt(number));
        block.clear();
    }

    /** The last word of the file: without it nobody reads it. */
    private void seal() throws IOException {
        ByteBuffer table =
                MappedRows.read(channel, layout.tableAt(), Math.toIntExact(layout.tableSumAt() - layout.tableAt()));
        writeLong(MappedRows.mark(table), layout.tableSumAt());
        channel.force(true);
    }

    private void writeLong(long value, long at) throws IOException {
        write(
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .flip(),
                at);
    }

    private void write(ByteBuffer bytes, long at) throws IOException {
        int from = bytes.position();
        while (bytes.hasRemaining()) {
            channel.write(bytes, at + bytes.position() - from);
        }
    }
}
