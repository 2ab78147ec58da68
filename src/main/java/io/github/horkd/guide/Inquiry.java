package io.github.horkd.guide;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.model.Network;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a frozen guide is asked: about every image as it is and, where training flips images, about every mirror image after those. It is asked in
 * batches whose limits do not depend on where one begins, so that whoever goes on half-way gets the very same answers.
 */
public record Inquiry(Guide guide, PairedImages images, Resolution sees, boolean mirrored) {

    private static final int AT_ONCE = 128;

    /**
     * Some answers in a row.
     *
     * @param first  the first view they are about
     * @param count  how many views
     * @param values [count, D + C], each view's embedding and then its logits
     */
    public record Answers(int first, int count, float[] values) {}

    public Inquiry {
        if (images.size() == 0) {
            throw new IllegalArgumentException(
                    "images: wanted at least one that the guide can be asked about, got none");
        }
    }

    /** The same questions to a guide that gives the same answers up to rounding and is faster, where there is one. It goes by another identity. */
    public Inquiry hastened() {
        return guide instanceof Network network ? new Inquiry(network.folded(), images, sees, mirrored) : this;
    }

    /** How many views there are in all. */
    public int views() {
        return views(images, mirrored);
    }

    public static int views(PairedImages images, boolean mirrored) {
        return Math.multiplyExact(images.size(), mirrored ? 2 : 1);
    }

    /** D. */
    public int embeddingWidth() {
        return guide.embeddingWidth();
    }

    /** C, 0 without logits. */
    public int logitsWidth() {
        return guide.classCount();
    }

    /** D + C. */
    public int width() {
        return Math.addExact(embeddingWidth(), logitsWidth());
    }

    /** The name of a view's image. */
    public String name(int view) {
        return images.name(view % images.size());
    }

    /** Asks about the batch that a view is in. */
    public Answers about(int view) {
        // A batch is of one kind: images as they are, or their mirror images.
        int kind = view < images.size() ? 0 : images.size();
        int first = kind + (view - kind) / AT_ONCE * AT_ONCE;
        int count = Math.min(AT_ONCE, kind + images.size() - first);
        Guide.Sight sight = see(first, count);
        float[] values = new float[Math.multiplyExact(count, width())];
        copy(sight.embeddings(), embeddingWidth(), values, 0, first, count, "embedding");
        if (logitsWidth() > 0) {
            copy(sight.logits().orElseThrow(), logitsWidth(), values, embeddingWidth(), first, count, "logits");
        }
        return new Answers(first, count, values);
    }

    private Guide.Sight see(int first, int count) {
        if (guide instanceof NamedGuide named) {
            List<String> names =
                    IntStream.range(first, first + count).mapToObj(this::name).toList();
            return named.recall(names, first >= images.size());
        }
        return guide.look(read(first, count));
    }

    private INDArray read(int first, int count) {
        ImageShape shape = images.shape(sees);
        float[] pixels = new float[count * shape.size()];
        boolean high = sees == Resolution.HIGH;
        IntStream.range(0, count).parallel().forEach(i -> {
            int view = first + i;
            Pose pose = view < images.size() ? Pose.IDENTITY : Pose.MIRRORED;
            images.read(
                    view % images.size(),
                    pose,
                    high ? pixels : null,
                    i * shape.size(),
                    high ? null : pixels,
                    i * shape.size());
        });
        return Nd4j.createFromArray(pixels).reshape(count, shape.channels(), shape.height(), shape.width());
    }

    private void copy(INDArray said, int width, float[] to, int column, int first, int count, String what) {
        if (said.rank() != 2 || said.size(0) != count || said.size(1) != width) {
            throw new IllegalArgumentException("guide: wanted its " + what + " of " + count + " images as [" + count
                    + ", " + width + "], got " + Arrays.toString(said.shape()));
        }
        float[] rows = floats(said);
        for (int i = 0; i < rows.length; i++) {
            if (!Float.isFinite(rows[i])) {
                throw new IllegalArgumentException("guide: its " + what + " of " + name(first + i / width)
                        + " is not finite; is the image what the guide expects?");
            }
        }
        int whole = to.length / count;
        for (int i = 0; i < count; i++) {
            System.arraycopy(rows, i * width, to, i * whole + column, width);
        }
    }

    /** ND4J's own way to Java arrays asks for one value at a time: 14 ms for 128 rows of 512, against 20 µs. */
    @SuppressWarnings("try") // The scope is opened for its effect.
    private static float[] floats(INDArray array) {
        float[] values = new float[Math.toIntExact(array.length())];
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray whole = array.castTo(DataType.FLOAT).dup('c');
            new FloatPointer(whole.data().pointer()).get(values);
            Reference.reachabilityFence(whole);
        }
        return values;
    }
}
