package io.github.horkd.onnx;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.FeatureMap;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.internal.rows.ArrayCopy;
import io.github.horkd.internal.rows.UnitRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A teacher from an ONNX file, run by ONNX Runtime. Needs {@code com.microsoft.onnxruntime:onnxruntime}.
 * <pre>{@code
 * try (OnnxGuide teacher = OnnxGuide.from(Path.of("face.onnx")).scaling(Scaling.PLUS_MINUS_ONE).unitLength().open()) { … }
 * }</pre>
 * A file that {@link OnnxExport} wrote says all about itself; of any other one the scaling has to be stated, and only what has more than
 * one choice besides. Inputs and outputs may be float32, float16, double or uint8. On opening, the model runs on a few images, so that wrong
 * shapes, and graphs that mix the images of a batch, are told there and then.
 *
 * <p>Safe to use from several threads, which run at the same time; {@link #close} waits for those that do.
 */
public final class OnnxGuide implements Guide, AutoCloseable {

    private final RuntimeModel model;
    private final ModelReading reading;
    private final ModelRuns runs;
    private final List<String> classes;
    private final String identity;
    private final List<FeatureMap> maps;
    private final OnnxGuideBuilder opened;
    /** Guides with other maps, which are closed with this one. */
    private final List<OnnxGuide> derived = new ArrayList<>();

    private final ReadWriteLock life = new ReentrantReadWriteLock();
    private boolean closed;

    OnnxGuide(RuntimeModel model, ModelReading reading, String digest, OnnxGuideBuilder opened) {
        this.model = model;
        this.opened = opened;
        this.reading = reading;
        this.identity = "onnx:" + digest;
        this.runs = new ModelRuns(model, reading);
        this.maps = List.copyOf(runs.maps());
        int count = reading.logits() == null ? 0 : runs.width(1);
        if (!reading.classes().isEmpty() && reading.classes().size() != count) {
            throw new IllegalArgumentException("classes: wanted a name for each of " + count + " logits, got "
                    + reading.classes().size());
        }
        this.classes = reading.classes().isEmpty()
                ? IntStream.range(0, count).mapToObj(Integer::toString).toList()
                : reading.classes();
    }

    /**
     * Opens a file, in steps.
     *
     * @param file an ONNX file; weights it keeps in further files lie in the same folder
     * @return what is to be said about it, and then opened
     */
    public static OnnxGuideBuilder from(Path file) {
        return new OnnxGuideBuilder(file);
    }

    /**
     * {@inheritDoc} Of a model that was opened by mean and deviation, the scaling reads {@link Scaling#ZERO_ONE}: the rest is its own work.
     */
    @Override
    public Input input() {
        return reading.input();
    }

    @Override
    public int embeddingWidth() {
        return runs.width(0);
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public List<FeatureMap> maps() {
        return maps;
    }

    /**
     * {@inheritDoc} Here outputs, or tensors inside, of rank 4. The file is opened once more; what comes is closed with this guide, or before.
     */
    @Override
    public OnnxGuide withMaps(String... names) {
        life.writeLock().lock();
        try {
            requireOpen();
            OnnxGuide other = opened.copy().maps(names).open();
            derived.add(other);
            return other;
        } finally {
            life.writeLock().unlock();
        }
    }

    /** {@inheritDoc} Here what {@link OnnxExport#space} wrote; empty for a file from elsewhere. */
    @Override
    public Optional<EmbeddingSpace> embeddingSpace() {
        return reading.space();
    }

    /** {@inheritDoc} Here a digest of the file, of the files that it keeps weights in, and of the options. */
    @Override
    public String identity() {
        return identity;
    }

    @Override
    public Output output(INDArray images) {
        ImageShape shape = reading.input().shape();
        if (images.rank() != 4
                || images.size(0) < 1
                || images.size(1) != shape.channels()
                || images.size(2) != shape.height()
                || images.size(3) != shape.width()) {
            throw new IllegalArgumentException(
                    "images: wanted [N, " + shape.channels() + ", " + shape.height() + ", " + shape.width()
                            + "], got "
                            + Arrays.toString(images.shape()) + "; another size must be resized first");
        }
        int count = (int) images.size(0);
        float[] pixels = ArrayCopy.floats(images);
        if (reading.standardised()) {
            for (int i = 0; i < count; i++) {
                Scaling.STANDARDISED.scale(pixels, i * shape.size(), shape.size());
            }
        }
        float[][] rows = run(pixels, count);
        if (reading.unitLength()) {
            UnitRows.in("embeddings", rows[0], embeddingWidth());
        }
        INDArray embeddings = ArrayCopy.matrix(rows[0], count, embeddingWidth());
        Output plain = classes.isEmpty()
                ? Output.of(embeddings)
                : Output.of(embeddings, ArrayCopy.matrix(rows[1], count, classes.size()));
        Map<String, INDArray> named = new LinkedHashMap<>();
        for (int m = 0; m < maps.size(); m++) {
            FeatureMap map = maps.get(m);
            float[] values = ModelRuns.channelsFirst(
                    rows[reading.firstMap() + m], map, reading.layout().channelsLast());
            named.put(
                    map.name(),
                    ArrayCopy.matrix(values, count, map.size())
                            .reshape(count, map.channels(), map.height(), map.width()));
        }
        return plain.withMaps(named);
    }

    private float[][] run(float[] pixels, int count) {
        life.readLock().lock();
        try {
            requireOpen();
            return runs.of(pixels, count);
        } finally {
            life.readLock().unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("OnnxGuide: it is closed");
        }
    }

    @Override
    public void close() {
        life.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                model.close();
                derived.forEach(OnnxGuide::close);
            }
        } finally {
            life.writeLock().unlock();
        }
    }

    @Override
    public String toString() {
        return "OnnxGuide[" + input().shape() + " to " + embeddingWidth() + ", " + classes.size() + " classes]";
    }
}
