package io.github.horkd.onnx;

import io.github.horkd.guide.Scaling;
import io.github.horkd.internal.file.ComposedName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What is to be said about an ONNX file before it is opened. */
public final class OnnxGuideBuilder {

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
    List<String> classes = List.of();
    List<String> maps = List.of();
    final Map<String, Double> constants = new LinkedHashMap<>();

    OnnxGuideBuilder(Path file) {
        this.file = Objects.requireNonNull(file, "file");
    }

    /**
     * Which input takes the images; the only one by default.
     *
     * @param name the name of an input
     * @return this
     */
    public OnnxGuideBuilder input(String name) {
        this.input = name;
        return this;
    }

    /**
     * Which output delivers embeddings; by default the only one, or the one called "embedding" of a file of ours.
     *
     * @param name the name of an output, [N, D]
     * @return this
     */
    public OnnxGuideBuilder embedding(String name) {
        this.embedding = name;
        return this;
    }

    /**
     * Which output delivers logits; by default none, or the one called "logits" of a file of ours.
     *
     * @param name the name of an output, [N, C], before any softmax
     * @return this
     */
    public OnnxGuideBuilder logits(String name) {
        this.logits = name;
        return this;
    }

    /**
     * Channels come in front of rows and columns (NCHW). By default the declared shape tells.
     *
     * @return this
     */
    public OnnxGuideBuilder channelsFirst() {
        this.channelsLast = false;
        return this;
    }

    /**
     * Channels come after rows and columns (NHWC). By default the declared shape tells.
     *
     * @return this
     */
    public OnnxGuideBuilder channelsLast() {
        this.channelsLast = true;
        return this;
    }

    /**
     * The model reads blue, green, red; by default red, green, blue.
     *
     * @return this
     */
    public OnnxGuideBuilder blueFirst() {
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
    public OnnxGuideBuilder size(int rows, int columns) {
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
    public OnnxGuideBuilder imageChannels(int channels) {
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
     * @param how the scaling; face models mostly want {@link Scaling#PLUS_MINUS_ONE}, some {@link Scaling#ZERO_255}
     * @return this
     */
    public OnnxGuideBuilder scaling(Scaling how) {
        this.scaling = Objects.requireNonNull(how, "scaling");
        this.mean = null;
        return this;
    }

    /**
     * The model wants (x − mean) / deviation of intensities x in 0…1. Values 0…255 are {@code scaling(Scaling.ZERO_255)}.
     *
     * @param mean      one value, or one each for red, green and blue
     * @param deviation likewise, above 0
     * @return this
     */
    public OnnxGuideBuilder normalisation(double[] mean, double[] deviation) {
        if (mean.length != 1 && mean.length != 3
                || deviation.length != 1 && deviation.length != 3
                || !Arrays.stream(mean).allMatch(Double::isFinite)
                || !Arrays.stream(deviation).allMatch(d -> d > 0 && Double.isFinite(d))) {
            throw new IllegalArgumentException("normalisation: wanted 1 or 3 means and 1 or 3 deviations above 0, got "
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
    public OnnxGuideBuilder unitLength() {
        this.unitLength = true;
        return this;
    }

    /**
     * How many images a run takes at most, where the model leaves it open.
     *
     * @param images 64 by default
     * @return this
     */
    public OnnxGuideBuilder atOnce(int images) {
        if (images < 1 || images > ModelReader.LARGEST_BATCH) {
            throw new IllegalArgumentException("atOnce: wanted 1 to " + ModelReader.LARGEST_BATCH + ", got " + images);
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
    public OnnxGuideBuilder threads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("threads: wanted at least 1, got " + count);
        }
        this.threads = count;
        return this;
    }

    /**
     * The names of the classes that the logits tell apart. What pairs classes with somebody else's does it by name.
     *
     * @param names as many as there are logits; by default those in the metadata of a file of ours, else "0", "1", …
     * @return this
     */
    public OnnxGuideBuilder classes(List<String> names) {
        if (ComposedName.different(names) < names.size()) {
            throw new IllegalArgumentException(
                    "OnnxGuide: classes: wanted names all different, since they pair classes, got " + names);
        }
        this.classes = List.copyOf(names);
        return this;
    }

    /**
     * Feature maps to give besides: outputs, or tensors inside, of rank 4. Where channels come last, they do so in the maps of the file too; the guide gives them first.
     *
     * @param names of outputs or of tensors, as a viewer such as Netron shows them; none by default
     * @return this
     */
    public OnnxGuideBuilder maps(String... names) {
        if (new HashSet<>(List.of(names)).size() < names.length) {
            throw new IllegalArgumentException("maps: wanted each name once, got " + List.of(names));
        }
        this.maps = List.of(names);
        return this;
    }

    /**
     * What a further input always gets, for example {@code constant("phase_train", false)}.
     *
     * @param input the name of an input; its declared shape is filled, an open side counts as 1
     * @param value the value
     * @return this
     */
    public OnnxGuideBuilder constant(String input, boolean value) {
        return constant(input, value ? 1 : 0);
    }

    /**
     * What a further input always gets, for example {@code constant("keep_prob", 1)}.
     *
     * @param input the name of an input; its declared shape is filled, an open side counts as 1
     * @param value the value, in the type that the input declares
     * @return this
     */
    public OnnxGuideBuilder constant(String input, double value) {
        this.constants.put(Objects.requireNonNull(input, "input"), value);
        return this;
    }

    /**
     * Opens the file and tries the model out on one image and on a few.
     *
     * @return the guide, to be closed
     * @throws IllegalArgumentException     when something has several choices and none was stated, shapes and types are not those of a model from
     *                                      images to embeddings, or the answer about an image depends on the others of its batch
     * @throws IllegalStateException        when ONNX Runtime is not on the class path or does not load on this platform
     * @throws java.io.UncheckedIOException when the file is missing, truncated or no ONNX model, or its weights are missing or lie outside of its folder
     */
    public OnnxGuide open() {
        Dependency.RUNTIME.require("OnnxGuide");
        if (!Files.isRegularFile(file)) {
            throw new UncheckedIOException(new IOException(file + ": no such file"));
        }
        ExternalWeights weights = ExternalWeights.of(file);
        RuntimeModel model = RuntimeModel.open(file, threads, maps);
        try {
            ModelReading reading = new ModelReader(this, model).read();
            model.fix(reading.constants());
            return new OnnxGuide(model, reading, weights.digest(reading.toString()), copy());
        } catch (RuntimeException e) {
            model.close();
            throw e instanceof IllegalArgumentException
                    ? new IllegalArgumentException(file + ": " + e.getMessage(), e)
                    : e;
        }
    }

    /** All that was said so far, to be said again. */
    OnnxGuideBuilder copy() {
        OnnxGuideBuilder copy = new OnnxGuideBuilder(file);
        copy.input = input;
        copy.embedding = embedding;
        copy.logits = logits;
        copy.channelsLast = channelsLast;
        copy.blueFirst = blueFirst;
        copy.height = height;
        copy.width = width;
        copy.imageChannels = imageChannels;
        copy.scaling = scaling;
        copy.mean = mean;
        copy.deviation = deviation;
        copy.unitLength = unitLength;
        copy.atOnce = atOnce;
        copy.threads = threads;
        copy.classes = classes;
        copy.maps = maps;
        copy.constants.putAll(constants);
        return copy;
    }
}
