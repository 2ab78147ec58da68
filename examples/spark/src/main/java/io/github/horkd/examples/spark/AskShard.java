package io.github.horkd.examples.spark;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImagePass;
import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Guide;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.knowledge.TransferSet;
import io.github.horkd.onnx.OnnxGuide;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.broadcast.Broadcast;

/**
 * One task: asks the guide about one part of the pictures and writes one shard of a transfer set, on a file system that all workers see. A shard is written beside its
 * place and moved there when it is whole. So a task whose executor is lost is done again by another one, which goes on behind what was written, and two that do the
 * same task do no harm.
 *
 * @param pictures a RecordIO file (.rec), or a pattern of WebDataset shards
 * @param side     rows and columns of what the guide sees
 * @param channels 1 for gray, 3 for colour
 * @param small    rows and columns of the low view
 * @param folder   receives the shards
 * @param parts    how many there are
 * @param guide    the bytes of an ONNX file
 */
record AskShard(String pictures, int side, int channels, int small, String folder, int parts, Broadcast<byte[]> guide)
        implements VoidFunction<Integer> {

    private static final long serialVersionUID = 1;

    /** The guides of this executor, each opened once, however many tasks it gets. */
    private static final Map<Long, Guide> OPENED = new ConcurrentHashMap<>();

    @Override
    public void call(Integer part) {
        write(OPENED.computeIfAbsent(guide.id(), id -> open(guide.value())), part);
    }

    /** The same without Spark. */
    void write(Guide asked, int part) {
        ImageShape high = new ImageShape(channels, side, side);
        Degradation degradation = Degradation.downscaleTo(small);
        ImagePass whole = pictures.endsWith(".rec")
                ? ImagePass.over(Path.of(pictures), high, degradation, ImageOptions.defaults())
                : ImagePass.overShards(pictures, high, degradation, ImageOptions.defaults());
        TransferSet.from(whole.part(part, parts))
                .guide(asked)
                .poses(KnownPoses.drawn(Augmentation.none().flip().shift(2), 2, 1))
                .write(Path.of(folder, String.format("part-%05d-of-%05d%s", part, parts, TransferSet.EXTENSION)));
    }

    static Guide open(byte[] model) {
        try {
            Path file = Files.createTempFile("guide", ".onnx");
            try {
                Files.write(file, model);
                return OnnxGuide.from(file).threads(1).open();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
