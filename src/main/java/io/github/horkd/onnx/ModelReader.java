package io.github.horkd.onnx;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds out how a model is to be read: from what was stated, from our own metadata, from what the file declares, in this order. */
final class ModelReader {

    static final int LARGEST_BATCH = 4096;
    private static final int LARGEST_SIDE = 4096;
    /** Of one run, in values; a buffer is counted in int bytes. */
    private static final long LARGEST_RUN = Integer.MAX_VALUE / Float.BYTES;

    private static final int USUAL_BATCH = 64;
    private static final int IMAGES = 4;

    private final OnnxGuideBuilder stated;
    private final RuntimeModel model;
    private final Optional<Metadata> metadata;

    ModelReader(OnnxGuideBuilder stated, RuntimeModel model) {
        this.stated = stated;
        this.model = model;
        this.metadata = Metadata.read(model.properties());
    }

    ModelReading read() {
        for (String name : stated.constants.keySet()) {
            if (!model.inputs().containsKey(name)) {
                throw new IllegalArgumentException("constant: no input '" + name + "'; there are "
                        + model.inputs().keySet());
            }
        }
        Map<String, RuntimeModel.Declared> open = new LinkedHashMap<>(model.inputs());
        open.keySet().removeAll(stated.constants.keySet());
        String images = choose("input", stated.input, null, open);
        open.remove(images);
        if (!open.isEmpty()) {
            throw new IllegalArgumentException(
                    "input '" + open.keySet().iterator().next()
                            + "': the model wants it beside the images; say what it always gets by constant(…)");
        }
        Map<String, RuntimeModel.Declared> rows = new LinkedHashMap<>(model.outputs());
        rows.keySet().removeAll(stated.maps);
        String embedding = choose("embedding", stated.embedding, OnnxExport.EMBEDDING, rows);
        stated.maps.forEach(map -> choose("maps", map, null, model.outputs()));
        String logits = stated.logits != null
                ? choose("logits", stated.logits, null, model.outputs())
                : metadata.isPresent() && model.outputs().containsKey(OnnxExport.LOGITS) ? OnnxExport.LOGITS : null;
        long[] shape = model.inputs().get(images).shape();
        if (shape.length != IMAGES) {
            throw new IllegalArgumentException("input '" + images + "': wanted rank 4, images, got " + describe(shape));
        }
        boolean last = channelsLast(images, shape);
        int channels = side("channels", images, shape[last ? 3 : 1], stated.imageChannels, "say imageChannels(…)");
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("input '" + images + "': wanted 1 or 3 channels, got " + describe(shape)
                    + (stated.channelsLast == null ? "" : " with channels " + (last ? "last" : "first")));
        }
        int height = side("rows", images, shape[last ? 1 : 2], stated.height, "say size(…)");
        int width = side("columns", images, shape[last ? 2 : 3], stated.width, "say size(…)");
        ImageShape from = new ImageShape(stated.imageChannels == 0 ? channels : stated.imageChannels, height, width);
        boolean bytes = model.inputs().get(images).type().equals("UINT8");
        Scaling scaling = scaling(images, bytes);
        var layout = new PixelLayout(
                from, channels, last, stated.blueFirst, mean(scaling, bytes), deviation(scaling, bytes));
        boolean fixed = shape[0] > 0;
        return new ModelReading(
                new Input(from, namedScaling(scaling, from, channels)),
                images,
                layout,
                scaling != null && scaling.isStandardised(),
                atOnce(images, shape[0], layout),
                fixed,
                embedding,
                logits,
                stated.maps,
                logits == null
                        ? List.of()
                        : metadata.map(said -> said.named(stated.classes)).orElse(stated.classes),
                stated.unitLength,
                Map.copyOf(stated.constants),
                embedding.equals(OnnxExport.EMBEDDING) ? metadata.flatMap(Metadata::space) : Optional.empty());
    }

    private String choose(String role, String name, String ours, Map<String, RuntimeModel.Declared> choices) {
        String chosen = name;
        if (chosen == null) {
            chosen = metadata.isPresent() && ours != null && choices.containsKey(ours)
                    ? ours
                    : choices.size() == 1 ? choices.keySet().iterator().next() : null;
        }
        if (chosen == null || !choices.containsKey(chosen)) {
            throw new IllegalArgumentException(role + ": wanted one of "
                    + choices.entrySet().stream()
                            .map(e -> "'" + e.getKey() + "' "
                                    + describe(e.getValue().shape()))
                            .collect(Collectors.joining(", "))
                    + " by " + role + "(…), got " + (chosen == null ? "none" : "'" + chosen + "'"));
        }
        RuntimeModel.Declared declared = choices.get(chosen);
        if (!ElementTypes.known(declared.type())) {
            throw new IllegalArgumentException(
                    role + " '" + chosen + "': wanted float32, float16, double or uint8, got " + declared.type()
                            + "; export the model with float32 inputs and outputs");
        }
        return chosen;
    }

    private boolean channelsLast(String images, long[] shape) {
        if (stated.channelsLast != null) {
            return stated.channelsLast;
        }
        boolean first = shape[1] == 1 || shape[1] == 3;
        boolean last = shape[3] == 1 || shape[3] == 3;
        if (!first && !last && shape[1] > 0 && shape[3] > 0) {
            throw new IllegalArgumentException("input '" + images + "': wanted 1 or 3 channels, got " + describe(shape)
                    + "; export the model for gray or colour images");
        }
        if (first == last) {
            throw new IllegalArgumentException("input '" + images + "': " + describe(shape)
                    + " does not tell where the 1 or 3 channels are; say channelsFirst() or channelsLast()");
        }
        return last;
    }

    private static int side(String what, String images, long declared, int stated, String wayOut) {
        boolean channels = what.equals("channels");
        if (declared == -1 && stated == 0) {
            throw new IllegalArgumentException("input '" + images + "': leaves its " + what + " open; " + wayOut);
        }
        // The channels of the images may be others than the model's.
        if (!channels && declared != -1 && stated != 0 && declared != stated) {
            throw new IllegalArgumentException(
                    "input '" + images + "': wanted " + declared + " " + what + ", got size(…) with " + stated);
        }
        long side = declared == -1 ? stated : declared;
        if (side < 1 || side > LARGEST_SIDE) {
            throw new IllegalArgumentException(
                    "input '" + images + "': wanted 1 to " + LARGEST_SIDE + " " + what + ", got " + side);
        }
        return (int) side;
    }

    private int atOnce(String images, long declared, PixelLayout layout) {
        if (declared != -1 && (declared < 1 || declared > LARGEST_BATCH)) {
            throw new IllegalArgumentException("input '" + images + "': wanted a batch of 1 to " + LARGEST_BATCH
                    + " or an open one, got " + declared);
        }
        if (declared > 0 && stated.atOnce != 0 && stated.atOnce != declared) {
            throw new IllegalArgumentException(
                    "input '" + images + "': takes exactly " + declared + " images, got atOnce(" + stated.atOnce + ")");
        }
        if (declared > 0) {
            if (declared * layout.size() > LARGEST_RUN) {
                throw new IllegalArgumentException("input '" + images + "': wanted at most " + LARGEST_RUN
                        + " values a run, got " + declared * layout.size());
            }
            return (int) declared;
        }
        return (int)
                Math.max(1, Math.min(stated.atOnce == 0 ? USUAL_BATCH : stated.atOnce, LARGEST_RUN / layout.size()));
    }

    /** Null when mean and deviation were stated, or are given by the type. */
    private Scaling scaling(String images, boolean bytes) {
        if (bytes) {
            if (stated.scaling != null || stated.mean != null) {
                throw new IllegalArgumentException(
                        "input '" + images
                                + "': takes whole numbers 0…255, which is the scaling; leave scaling(…) and normalisation(…) out");
            }
            return null;
        }
        if (stated.mean != null || stated.scaling != null) {
            metadata.ifPresent(said -> said.requireScaling(stated.scaling));
            return stated.scaling;
        }
        return metadata.map(
                        m -> m.scalingInside() ? Scaling.ZERO_ONE : m.input().scaling())
                .orElseThrow(() -> new IllegalArgumentException(
                        "scaling: the file does not say how it wants intensities; say scaling(…) or normalisation(…)"));
    }

    /** What {@link OnnxGuide#input()} says, which may be done inside the file. */
    private Scaling namedScaling(Scaling scaling, ImageShape from, int channels) {
        boolean nothingStated = stated.mean == null && stated.scaling == null;
        return nothingStated && metadata.isPresent()
                ? metadata.get().input().scaling()
                : scaling == null
                                || channels != from.channels()
                                        && scaling.factors().size() == channels
                        ? Scaling.ZERO_ONE
                        : scaling;
    }

    private double[] mean(Scaling scaling, boolean bytes) {
        if (bytes) {
            return new double[] {0};
        }
        return scaling == null
                ? stated.mean
                : IntStream.range(0, scaling.factors().size())
                        .mapToDouble(c ->
                                -scaling.offsets().get(c) / scaling.factors().get(c))
                        .toArray();
    }

    private double[] deviation(Scaling scaling, boolean bytes) {
        if (bytes) {
            return new double[] {1.0 / 255};
        }
        return scaling == null
                ? stated.deviation
                : scaling.factors().stream().mapToDouble(factor -> 1 / factor).toArray();
    }

    private static String describe(long[] shape) {
        return Arrays.stream(shape)
                .mapToObj(side -> side == -1 ? "?" : Long.toString(side))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
