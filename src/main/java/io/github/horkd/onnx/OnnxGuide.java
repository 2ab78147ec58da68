package io.github.horkd.onnx;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.internal.file.FileDigest;
import io.github.horkd.internal.rows.ArrayCopy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A teacher from an ONNX file, run by ONNX Runtime. Needs {@code com.microsoft.onnxruntime:onnxruntime}.
 * <pre>{@code
 * try (OnnxGuide teacher = OnnxGuide.from(Path.of("face.onnx")).scaling(Scaling.PLUS_MINUS_ONE).unitLength().open()) { … }
 * }</pre>
 * A file that {@link OnnxExport} wrote says all about itself; of any other one the scaling has to be stated, and only what has more than
 * one choice besides. On opening, the model runs once, so that wrong shapes and types are told there and then.
 */
public final class OnnxGuide implements Guide, AutoCloseable {

    private final RuntimeModel model;
    private final Reading reading;
    private final FloatBuffer buffer;
    private final int embeddingWidth;
    private final int classCount;
    private final List<String> classes;
    private final String identity;
    private boolean closed;

    /**
     * How the model is read.
     *
     * @param logits        null when there are none
     * @param standardised  whether each image is standardised first
     * @param atOnce        images a run takes
     * @param fixed         whether a run takes exactly that many
     */
    record Reading(
            Input input,
            String images,
            PixelLayout layout,
            boolean standardised,
            int atOnce,
            boolean fixed,
            String embedding,
            String logits,
            boolean unitLength) {

        List<String> outputs() {
            return logits == null ? List.of(embedding) : List.of(embedding, logits);
        }

        /** All that changes answers, in words. */
        @Override
        public String toString() {
            return String.join(
                    "|",
                    input.toString(),
                    images,
                    layout.from().toString(),
                    layout.channels() + (layout.channelsLast() ? "last" : "first"),
                    layout.blueFirst() ? "BGR" : "RGB",
                    Arrays.toString(layout.mean()),
                    Arrays.toString(layout.deviation()),
                    standardised ? "standardised" : "",
                    embedding,
                    String.valueOf(logits),
                    unitLength ? "unit" : "raw");
        }
    }

    OnnxGuide(RuntimeModel model, Reading reading, String digest) {
        this.model = model;
        this.reading = reading;
        this.identity = "onnx:" + digest;
        this.buffer = ByteBuffer.allocateDirect(Math.multiplyExact(
                        Math.multiplyExact(reading.atOnce(), reading.layout().size()), Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        List<RuntimeModel.Tensor> tried = List.of();
        for (int count :
                reading.fixed() ? new int[] {reading.atOnce()} : new int[] {1, Math.min(2, reading.atOnce())}) {
            tried = run(count);
        }
        this.embeddingWidth = tried.get(0).values().length / (int) tried.get(0).shape()[0];
        this.classCount = tried.size() == 1
                ? 0
                : tried.get(1).values().length / (int) tried.get(1).shape()[0];
        this.classes =
                IntStream.range(0, classCount).mapToObj(Integer::toString).toList();
    }

    /**
     * Opens a file, in steps.
     *
     * @param file an ONNX file; weights it keeps in further files lie beside it
     * @return what is to be said about it, and then opened
     */
    public static Builder from(Path file) {
        return new Builder(file);
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
        return embeddingWidth;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    /** {@inheritDoc} Here a digest of the file, of the files beside it whose names begin with its name, and of the options. */
    @Override
    public String identity() {
        return identity;
    }

    @Override
    public Output output(INDArray images) {
        if (closed) {
            throw new IllegalStateException("OnnxGuide: it is closed");
        }
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
        float[] pixels = ArrayCopy.floats(reading.standardised() ? Scaling.STANDARDISED.apply(images) : images);
        float[] embeddings = new float[count * embeddingWidth];
        float[] logits = new float[count * classCount];
        for (int from = 0; from < count; from += reading.atOnce()) {
            int part = Math.min(reading.atOnce(), count - from);
            // A fixed batch that is not full keeps what stood there before; those rows are not read.
            for (int i = 0; i < part; i++) {
                reading.layout()
                        .write(
                                pixels,
                                (from + i) * shape.size(),
                                buffer,
                                i * reading.layout().size());
            }
            List<RuntimeModel.Tensor> given = run(reading.fixed() ? reading.atOnce() : part);
            System.arraycopy(given.get(0).values(), 0, embeddings, from * embeddingWidth, part * embeddingWidth);
            if (classCount > 0) {
                System.arraycopy(given.get(1).values(), 0, logits, from * classCount, part * classCount);
            }
        }
        if (reading.unitLength()) {
            toUnitLength(embeddings);
        }
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray seen = Nd4j.createFromArray(embeddings).reshape(count, embeddingWidth);
            return classCount == 0
                    ? Output.of(seen)
                    : Output.of(seen, Nd4j.createFromArray(logits).reshape(count, classCount));
        }
    }

    /** Runs what the buffer holds; each result is [count, width], perhaps with further sides of 1. */
    private List<RuntimeModel.Tensor> run(int count) {
        FloatBuffer values = buffer.duplicate();
        values.position(0).limit(count * reading.layout().size());
        List<RuntimeModel.Tensor> given =
                model.run(reading.images(), values, reading.layout().shape(count), reading.outputs());
        for (int o = 0; o < given.size(); o++) {
            long[] shape = given.get(o).shape();
            if (shape.length < 2
                    || shape[0] != count
                    || shape[1] < 1
                    || Arrays.stream(shape, 2, shape.length).anyMatch(side -> side != 1)) {
                throw new IllegalArgumentException(
                        "output '" + reading.outputs().get(o) + "': wanted [" + count + ", D] for " + count
                                + " images, got " + Arrays.toString(shape)
                                + (shape.length > 0 && shape[0] != count
                                        ? "; if its batch is fixed after all, say atOnce(" + shape[0] + ")"
                                        : ""));
            }
        }
        return given;
    }

    private void toUnitLength(float[] embeddings) {
        for (int from = 0; from < embeddings.length; from += embeddingWidth) {
            double squares = 0;
            for (int d = 0; d < embeddingWidth; d++) {
                squares += (double) embeddings[from + d] * embeddings[from + d];
            }
            float scale = squares == 0 ? 0 : (float) (1 / Math.sqrt(squares));
            for (int d = 0; d < embeddingWidth; d++) {
                embeddings[from + d] *= scale;
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            model.close();
        }
    }

    @Override
    public String toString() {
        return "OnnxGuide[" + input().shape() + " to " + embeddingWidth + ", " + classCount + " classes]";
    }

    /** What is to be said about an ONNX file before it is opened. */
    public static final class Builder {

        final Path file;
        String input;
        String embedding;
        String logits;
        Boolean channelsLast;
        boolean blueFirst;
        int height;
        int width;
        int imageChannels;
        Scaling scaling;
        double[] mean;
        double[] deviation;
        boolean unitLength;
        int atOnce;
        int threads;

        private Builder(Path file) {
            this.file = Objects.requireNonNull(file, "file");
        }

        /**
         * Which input takes the images; the only one by default.
         *
         * @param name the name of an input
         * @return this
         */
        public Builder input(String name) {
            this.input = name;
            return this;
        }

        /**
         * Which output delivers embeddings; by default the only one, or the one called "embedding" of a file of ours.
         *
         * @param name the name of an output, [N, D]
         * @return this
         */
        public Builder embedding(String name) {
            this.embedding = name;
            return this;
        }

        /**
         * Which output delivers logits; by default none, or the one called "logits" of a file of ours.
         *
         * @param name the name of an output, [N, C], before any softmax
         * @return this
         */
        public Builder logits(String name) {
            this.logits = name;
            return this;
        }

        /**
         * Channels come in front of rows and columns (NCHW). By default the declared shape tells.
         *
         * @return this
         */
        public Builder channelsFirst() {
            this.channelsLast = false;
            return this;
        }

        /**
         * Channels come after rows and columns (NHWC). By default the declared shape tells.
         *
         * @return this
         */
        public Builder channelsLast() {
            this.channelsLast = true;
            return this;
        }

        /**
         * The model reads blue, green, red; by default red, green, blue.
         *
         * @return this
         */
        public Builder blueFirst() {
            this.blueFirst = true;
            return this;
        }

        /**
         * The size of an image, for a model that leaves it open.
         *
         * @param rows    pixels
         * @param columns pixels
         * @return this
         */
        public Builder size(int rows, int columns) {
            this.height = rows;
            this.width = columns;
            return this;
        }

        /**
         * The channels of the images that come in, where they are not the model's: gray is repeated for a colour model, and colour becomes
         * luminance (0.299 R + 0.587 G + 0.114 B) for a gray one.
         *
         * @param channels 1 or 3
         * @return this
         */
        public Builder imageChannels(int channels) {
            if (channels != 1 && channels != 3) {
                throw new IllegalArgumentException("imageChannels: wanted 1 (gray) or 3 (colour), got " + channels);
            }
            this.imageChannels = channels;
            return this;
        }

        /**
         * How intensities 0…1 are scaled for the model. This or {@link #normalisation} must be said of a file from elsewhere, since a
         * wrong one shows in nothing but bad embeddings.
         *
         * @param how the scaling; face models mostly want {@link Scaling#PLUS_MINUS_ONE}
         * @return this
         */
        public Builder scaling(Scaling how) {
            this.scaling = Objects.requireNonNull(how, "scaling");
            this.mean = null;
            return this;
        }

        /**
         * The model wants (x − mean) / deviation of intensities x in 0…1. Values 0…255 are mean 0 and deviation 1/255.
         *
         * @param mean      one value, or one each for red, green and blue
         * @param deviation likewise, above 0
         * @return this
         */
        public Builder normalisation(double[] mean, double[] deviation) {
            if (mean.length != 1 && mean.length != 3
                    || deviation.length != 1 && deviation.length != 3
                    || !Arrays.stream(mean).allMatch(Double::isFinite)
                    || !Arrays.stream(deviation).allMatch(d -> d > 0 && Double.isFinite(d))) {
                throw new IllegalArgumentException(
                        "normalisation: wanted 1 or 3 means and 1 or 3 deviations above 0, got "
                                + Arrays.toString(mean) + " and "
                                + Arrays.toString(deviation));
            }
            this.mean = mean.clone();
            this.deviation = deviation.clone();
            this.scaling = null;
            return this;
        }

        /**
         * Scales embeddings to length 1; by default they stay as the model gives them.
         *
         * @return this
         */
        public Builder unitLength() {
            this.unitLength = true;
            return this;
        }

        /**
         * How many images a run takes at most, where the model leaves it open.
         *
         * @param images 64 by default
         * @return this
         */
        public Builder atOnce(int images) {
            if (images < 1 || images > ModelReader.LARGEST_BATCH) {
                throw new IllegalArgumentException(
                        "atOnce: wanted 1 to " + ModelReader.LARGEST_BATCH + ", got " + images);
            }
            this.atOnce = images;
            return this;
        }

        /**
         * How many threads a run uses.
         *
         * @param count at least 1; by default ONNX Runtime takes all cores
         * @return this
         */
        public Builder threads(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("threads: wanted at least 1, got " + count);
            }
            this.threads = count;
            return this;
        }

        /**
         * Opens the file and runs the model once.
         *
         * @return the guide, to be closed
         * @throws IllegalArgumentException      when something has several choices and none was stated, or shapes and types are not those
         *                                       of a model from images to embeddings
         * @throws IllegalStateException         when ONNX Runtime is not on the class path or does not load on this platform
         * @throws java.io.UncheckedIOException when the file is missing, truncated or no ONNX model
         */
        public OnnxGuide open() {
            Dependency.RUNTIME.require("OnnxGuide");
            RuntimeModel model = RuntimeModel.open(file, threads);
            try {
                Reading reading = new ModelReader(this, model).read();
                return new OnnxGuide(model, reading, FileDigest.of(file, reading.toString()));
            } catch (RuntimeException e) {
                model.close();
                throw e instanceof IllegalArgumentException
                        ? new IllegalArgumentException(file + ": " + e.getMessage(), e)
                        : e;
            }
        }
    }
}
