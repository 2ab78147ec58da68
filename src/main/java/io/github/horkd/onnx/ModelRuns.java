package io.github.horkd.onnx;

import io.github.horkd.guide.FeatureMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Runs a model over any number of images, in batches that it takes. Safe to use from several threads at once: ONNX Runtime's session is, and each run has a
 * buffer to itself.
 */
final class ModelRuns {

    /** So many images are tried together on opening. */
    private static final int TRIED = 4;
    /** Another order of sums moves answers by 1e-5 of their length; a mixing graph by tenths. */
    private static final double ALIKE = 0.02;

    private final RuntimeModel model;
    private final ModelReading reading;
    private final Queue<FloatBuffer> idle = new ConcurrentLinkedQueue<>();
    private final int[] widths;
    /** Of each map, the sides of what a run gave first. */
    private final List<long[]> sides = new ArrayList<>();

    /** Tries the model out; what is wrong with its shapes is told here. */
    ModelRuns(RuntimeModel model, ModelReading reading) {
        this.model = model;
        this.reading = reading;
        float[] noise = new float[TRIED * reading.input().shape().size()];
        Random random = new Random(1);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextFloat();
        }
        this.widths = reading.fixed() ? tryFixed(noise) : tryOpen(noise);
    }

    /** The width of each output. */
    int width(int output) {
        return widths[output];
    }

    /** The maps, channels first. */
    List<FeatureMap> maps() {
        List<FeatureMap> maps = new ArrayList<>();
        for (int m = 0; m < sides.size(); m++) {
            long[] given = sides.get(m);
            boolean last = reading.layout().channelsLast();
            maps.add(new FeatureMap(
                    reading.maps().get(m),
                    Math.toIntExact(given[last ? 3 : 1]),
                    Math.toIntExact(given[last ? 1 : 2]),
                    Math.toIntExact(given[last ? 2 : 3])));
        }
        return maps;
    }

    /** A map's values with channels in front of places, whichever way the model has them. */
    static float[] channelsFirst(float[] values, FeatureMap map, boolean last) {
        if (!last) {
            return values;
        }
        int places = map.height() * map.width();
        float[] turned = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int within = i % map.size();
            int channel = within % map.channels();
            turned[i - within + channel * places + within / map.channels()] = values[i];
        }
        return turned;
    }

    private int[] tryOpen(float[] noise) {
        List<float[]> first = run(noise, 0, 1, 1);
        int[] found = first.stream().mapToInt(values -> values.length).toArray();
        int together = Math.min(TRIED, reading.atOnce());
        if (together == 1) {
            return found;
        }
        List<float[]> batch;
        try {
            batch = run(noise, 0, together, together);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + "; it runs on one image, so say atOnce(1)", e);
        }
        int last = together - 1;
        List<float[]> alone = run(noise, last, 1, 1);
        for (int o = 0; o < found.length; o++) {
            if (batch.get(o).length != together * found[o]) {
                throw new IllegalArgumentException(
                        "output '" + reading.outputs().get(o) + "': is " + found[o]
                                + " wide for one image and " + batch.get(o).length / together + " for " + together
                                + "; say atOnce(1)");
            }
            wantAlike(o, first.get(o), Arrays.copyOf(batch.get(o), found[o]), "; or say atOnce(1)");
            wantAlike(
                    o,
                    alone.get(o),
                    Arrays.copyOfRange(batch.get(o), last * found[o], together * found[o]),
                    "; or say atOnce(1)");
        }
        return found;
    }

    private int[] tryFixed(float[] noise) {
        int together = reading.atOnce();
        List<float[]> first = run(noise, 0, Math.min(TRIED, together), together);
        int[] found =
                first.stream().mapToInt(values -> values.length / together).toArray();
        if (together > 1) {
            float[] black = noise.clone();
            Arrays.fill(black, reading.input().shape().size(), black.length, 0);
            List<float[]> others = run(black, 0, Math.min(TRIED, together), together);
            for (int o = 0; o < found.length; o++) {
                wantAlike(
                        o,
                        Arrays.copyOf(first.get(o), found[o]),
                        Arrays.copyOf(others.get(o), found[o]),
                        "; its batch is fixed at " + together);
            }
        }
        return found;
    }

    private void wantAlike(int output, float[] one, float[] other, String wayOut) {
        double squares = 0;
        double difference = 0;
        for (int i = 0; i < one.length; i++) {
            squares += Math.max((double) one[i] * one[i], (double) other[i] * other[i]);
            difference += ((double) one[i] - other[i]) * ((double) one[i] - other[i]);
        }
        if (Double.isFinite(squares) && difference > ALIKE * ALIKE * squares) {
            throw new IllegalArgumentException(String.format(
                    java.util.Locale.ROOT,
                    "output '%s': the answer about an image depends on the other images of its batch, by %.0f %% of its length, as with"
                            + " batch-norm in training mode. Export the model for inference%s",
                    reading.outputs().get(output),
                    100 * Math.sqrt(difference / squares),
                    wayOut));
        }
    }

    /** The rows of each output for some images, one after the other. */
    float[][] of(float[] pixels, int count) {
        float[][] all = new float[widths.length][];
        for (int o = 0; o < all.length; o++) {
            all[o] = new float[Math.multiplyExact(count, widths[o])];
        }
        for (int from = 0; from < count; from += reading.atOnce()) {
            int part = Math.min(reading.atOnce(), count - from);
            List<float[]> given = run(pixels, from, part, reading.fixed() ? reading.atOnce() : part);
            for (int o = 0; o < all.length; o++) {
                System.arraycopy(given.get(o), 0, all[o], from * widths[o], part * widths[o]);
            }
        }
        return all;
    }

    /** Runs some images as a batch of {@code size}; what is missing of it holds whatever stood there before, and those rows are not read. */
    private List<float[]> run(float[] pixels, int from, int count, int size) {
        PixelLayout layout = reading.layout();
        FloatBuffer buffer = idle.poll();
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(
                            Math.multiplyExact(Math.multiplyExact(reading.atOnce(), layout.size()), Float.BYTES))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
        try {
            for (int i = 0; i < count; i++) {
                layout.write(pixels, (from + i) * layout.from().size(), buffer, i * layout.size());
            }
            FloatBuffer values = buffer.duplicate().position(0).limit(size * layout.size());
            List<RuntimeModel.Tensor> given =
                    model.run(reading.images(), values, layout.shape(size), reading.outputs());
            for (int o = 0; o < given.size(); o++) {
                if (o < reading.firstMap()) {
                    requireRows(reading.outputs().get(o), given.get(o).shape(), size);
                } else {
                    requireMap(o - reading.firstMap(), given.get(o).shape(), size);
                }
            }
            return given.stream().map(RuntimeModel.Tensor::values).toList();
        } finally {
            idle.add(buffer);
        }
    }

    /** Wants [count, width], perhaps with further sides of 1 before or behind; of one image, [width] will do. */
    private static void requireRows(String output, long[] shape, int count) {
        boolean one = count == 1 && shape.length == 1 && shape[0] > 0;
        boolean rows = shape.length >= 2
                && shape[0] == count
                && Arrays.stream(shape, 1, shape.length).allMatch(side -> side > 0)
                && Arrays.stream(shape, 1, shape.length)
                                .filter(side -> side > 1)
                                .count()
                        <= 1;
        if (!one && !rows) {
            throw new IllegalArgumentException("output '" + output + "': wanted [" + count + ", D] for " + count
                    + " images, got " + Arrays.toString(shape));
        }
    }

    /** Wants rank 4, and the sides that came first. Runs of other threads see the list filled: it is, when the model was tried. */
    private void requireMap(int map, long[] shape, int count) {
        boolean first = sides.size() == map;
        if (shape.length != 4 || shape[0] != count || !first && !Arrays.equals(shape, 1, 4, sides.get(map), 1, 4)) {
            throw new IllegalArgumentException("map '" + reading.maps().get(map) + "': wanted [" + count
                    + ", channels, rows, columns] for " + count + " images"
                    + (first ? "" : ", as large for all of them") + ", got " + Arrays.toString(shape));
        }
        if (first) {
            sides.add(shape);
        }
    }
}
