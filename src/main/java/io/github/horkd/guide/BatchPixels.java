package io.github.horkd.guide;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The pixels of some images, read by several threads at a time: decoding costs more than a small network. */
final class BatchPixels {

    private BatchPixels() {}

    /** Answers that outlive whatever workspace the caller is in; DL4J refuses to work in one that it does not know. */
    @SuppressWarnings("try") // The scope is opened for its effect.
    static KnowledgeSource.Output outsideWorkspaces(Supplier<KnowledgeSource.Output> answers) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return answers.get();
        }
    }

    /** One view, each image in its pose: [B, channels, height, width]. */
    static INDArray read(PairedImages images, Resolution view, int[] indices, Pose[] poses) {
        ImageShape shape = images.shape(view);
        float[] pixels = new float[Math.multiplyExact(indices.length, shape.size())];
        boolean high = view == Resolution.HIGH;
        IntStream.range(0, indices.length).parallel().forEach(i -> {
            int at = i * shape.size();
            images.read(indices[i], poses[i], high ? pixels : null, at, high ? null : pixels, at);
        });
        return Nd4j.create(pixels, new long[] {indices.length, shape.channels(), shape.height(), shape.width()}, 'c');
    }
}
