package io.github.horkd.onnx;

import ai.onnx.proto.OnnxMl;
import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Scaling;
import io.github.horkd.internal.file.WholeFile;
import io.github.horkd.internal.graph.Extent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.tribuo.util.onnx.ONNXOperators;

/** A whole ONNX model, built in memory first, so that a graph that cannot be translated leaves no file. */
final class OnnxModel {

    /** The version of the file format that came with opset 13. */
    private static final long IR_VERSION = 7;
    /** Protocol buffers end at 2 GiB; the rest of the model is small beside its weights. */
    private static final long LARGEST = Integer.MAX_VALUE - (16L << 20);

    private final OnnxMl.ModelProto proto;

    OnnxModel(
            ComputationGraph graph,
            Metadata metadata,
            boolean described,
            Map<String, String> outputs,
            boolean rawToo,
            WeightPrecision weights) {
        if (graph.numParams() * Float.BYTES > LARGEST) {
            throw new IllegalArgumentException(
                    "graph: wanted at most 2 GiB of parameters, the limit of an ONNX file, got "
                            + graph.numParams() * Float.BYTES);
        }
        OnnxGraph onnx = new OnnxGraph("horkd", weights);
        ImageShape shape = metadata.input().shape();
        String images = onnx.input(OnnxExport.IMAGES, shape.channels(), shape.height(), shape.width());
        StepTranslation translation = new StepTranslation(
                graph, onnx, Extent.map(shape.channels(), shape.height(), shape.width()), outputs.values());
        translation.run(metadata.scalingInside() ? scale(onnx, metadata.input().scaling(), images) : images);
        outputs.forEach((name, vertex) -> {
            long[] given = translation.extent(vertex).shape(1);
            boolean perClass =
                    !name.equals(OnnxExport.EMBEDDING) && !metadata.classes().isEmpty();
            if (given.length != 2 || perClass && given[1] != metadata.classes().size()) {
                throw new IllegalArgumentException(name + ": wanted vertex '" + vertex + "' to give [N, "
                        + (perClass ? metadata.classes().size() : "D") + "], got " + Arrays.toString(given));
            }
            onnx.output(name, translation.tensor(vertex), given[1]);
            if (name.equals(OnnxExport.EMBEDDING) && metadata.space().isPresent()) {
                EmbeddingSpace space = metadata.space().get();
                if (space.width() != given[1]) {
                    throw new IllegalArgumentException("embedding space: wanted one of the network's width " + given[1]
                            + ", got one of " + space.width());
                }
                if (rawToo) {
                    onnx.output(
                            OnnxExport.RAW_EMBEDDING, raw(onnx, space, translation.tensor(vertex)), space.rawWidth());
                }
            }
            if (name.equals(OnnxExport.LOGITS)) {
                onnx.output(
                        OnnxExport.PROBABILITIES,
                        onnx.add(
                                ONNXOperators.SOFTMAX,
                                OnnxExport.PROBABILITIES,
                                Map.of("axis", 1),
                                translation.tensor(vertex)),
                        given[1]);
            }
        });
        proto = model(onnx, described ? metadata.properties() : Map.of());
    }

    /** What {@link EmbeddingSpace#toRaw} does, as nodes. */
    private static String raw(OnnxGraph onnx, EmbeddingSpace space, String embedding) {
        String name = OnnxExport.RAW_EMBEDDING;
        String length = onnx.add(
                Operator.MAX,
                name,
                onnx.add(Operator.REDUCE_L2, name, Map.of("axes", new int[] {1}, "keepdims", 1), embedding),
                onnx.scalar(name + "/shortest", Float.MIN_NORMAL));
        return onnx.add(
                ONNXOperators.GEMM,
                name,
                onnx.add(ONNXOperators.DIV, name, embedding, length),
                onnx.constant(name + "/W", space.rawWeights(), space.width(), space.rawWidth()),
                onnx.constant(name + "/b", space.rawBias(), space.rawWidth()));
    }

    private static OnnxMl.ModelProto model(OnnxGraph onnx, Map<String, String> properties) {
        String version = OnnxModel.class.getPackage().getImplementationVersion();
        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(ONNXOperators.getOpsetProto())
                .setProducerName("horkd")
                .setProducerVersion(version == null ? "" : version)
                .setGraph(onnx.build());
        properties.forEach((key, value) -> model.addMetadataProps(
                OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build();
    }

    /** What {@link Scaling#apply} does, as nodes. */
    private static String scale(OnnxGraph onnx, Scaling scaling, String x) {
        String name = "scaling";
        String standardised = scaling.isStandardised() ? standardise(onnx, name, x) : x;
        return scaling.isPlain()
                ? standardised
                : onnx.add(
                        ONNXOperators.ADD,
                        name,
                        onnx.add(
                                ONNXOperators.MUL,
                                name,
                                standardised,
                                perChannel(onnx, name + "/factor", scaling.factors())),
                        perChannel(onnx, name + "/offset", scaling.offsets()));
    }

    private static String perChannel(OnnxGraph onnx, String name, List<Double> values) {
        float[] floats = new float[values.size()];
        for (int c = 0; c < floats.length; c++) {
            floats[c] = values.get(c).floatValue();
        }
        return onnx.constant(name, floats, 1, floats.length, 1, 1);
    }

    private static String standardise(OnnxGraph onnx, String name, String x) {
        // Twice: what rounding left in the first mean is small, and its own mean nearly exact.
        String nearly = onnx.add(ONNXOperators.SUB, name, x, meanOfImage(onnx, name, x));
        String centred = onnx.add(ONNXOperators.SUB, name, nearly, meanOfImage(onnx, name, nearly));
        String variance = meanOfImage(onnx, name, onnx.add(ONNXOperators.MUL, name, centred, centred));
        String deviation = onnx.add(
                Operator.MAX, name, onnx.add(Operator.SQRT, name, variance), onnx.scalar(name + "/flat", Scaling.FLAT));
        return onnx.add(ONNXOperators.DIV, name, centred, deviation);
    }

    /**
     * Of each image, as the mean over rows of the means within rows: over the thousands of pixels of an image in one sum, ONNX Runtime
     * loses so many digits that embeddings and logits moved by up to 7e-5.
     */
    private static String meanOfImage(OnnxGraph onnx, String name, String x) {
        String ofRows = onnx.add(ONNXOperators.REDUCE_MEAN, name, Map.of("axes", new int[] {3}, "keepdims", 1), x);
        return onnx.add(ONNXOperators.REDUCE_MEAN, name, Map.of("axes", new int[] {1, 2}, "keepdims", 1), ofRows);
    }

    void write(Path file) {
        WholeFile.write(file, "the network", proto::writeTo);
    }
}
