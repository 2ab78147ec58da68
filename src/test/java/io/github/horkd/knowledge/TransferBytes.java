package io.github.horkd.knowledge;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImagePass;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PackBytes;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.guide.Embeddings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** A shard of a transfer set as bytes, for tests that damage it. */
public final class TransferBytes {

    private TransferBytes() {}

    /** A sound one of two blocks, with answers. */
    public static byte[] sound(Path folder) throws IOException {
        Path records = Files.write(folder.resolve("to-transfer.rec"), PackBytes.records(70, 12));
        ImagePass pass =
                ImagePass.over(records, ImageShape.gray(12), Degradation.downscaleTo(4), ImageOptions.defaults());
        return Files.readAllBytes(TransferSet.from(pass)
                .guide(new PixelGuide("pixels", 4, 2))
                .write(folder.resolve("sound" + TransferSet.EXTENSION)));
    }

    /** Gives damaged bytes the right marks of header, blocks and index. */
    public static void sign(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int end = bytes.length - TransferLayout.TRAILER;
            int header = end < 20 ? -1 : all.getInt(12);
            if (header < 20 || header > end) {
                return;
            }
            all.putInt(header - 4, (int) TransferLayout.mark(all.slice(0, header - 4)));
            long index = all.getLong(end);
            long images = all.getLong(end + 8);
            long blocks = all.getLong(end + 16);
            long places = index + images * TransferLayout.ENTRY;
            if (index < 0 || images < 0 || blocks < 0 || images > end || blocks > end || places + 8 * blocks > end) {
                return;
            }
            for (int b = 0; b < blocks; b++) {
                long from = all.getLong((int) places + 8 * b);
                long to = b + 1 < blocks ? all.getLong((int) places + 8 * b + 8) : index;
                if (from >= 0 && to <= index && from + TransferLayout.BLOCK_HEAD <= to) {
                    ByteBuffer block = all.slice((int) from, (int) (to - from)).position(TransferLayout.BLOCK_HEAD);
                    all.putLong((int) from + 8, TransferLayout.mark(block));
                }
            }
            all.putLong(end + 24, TransferLayout.mark(all.slice((int) index, bytes.length - 16 - (int) index)));
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens it and reads all of it. */
    public static void read(Path file) {
        TransferSet set = TransferSet.open(file);
        set.verify();
        if (set.size() < 1000) {
            set.batch(Resolution.LOW, IntStream.range(0, set.size()).toArray(), Pose.IDENTITY);
            IntStream.range(0, set.size()).forEach(set::name);
            if (set.layout().width() > 0) {
                Embeddings.by(set.guide()).of(set, Resolution.HIGH);
            }
        }
    }
}
