package io.github.horkd.onnx;

import ai.onnx.proto.OnnxMl;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import com.google.protobuf.ByteString;
import io.github.horkd.internal.rows.Float16;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.tribuo.util.onnx.ONNXContext;
import org.tribuo.util.onnx.ONNXOperator;
import org.tribuo.util.onnx.ONNXOperators;

/** An ONNX graph under construction: nodes and constants go in, names of tensors come out. */
final class OnnxGraph {

    /** The batch dimension, left open. */
    private static final String BATCH = "batch";

    private static final float LARGEST_HALF = Float16.MAX;
    private static final int LARGEST_BYTE = 127;

    private final ONNXContext names = new ONNXContext();
    private final OnnxMl.GraphProto.Builder proto = OnnxMl.GraphProto.newBuilder();
    private final Map<String, Integer> used = new HashMap<>();
    private final WeightPrecision weights;

    OnnxGraph(String name, WeightPrecision weights) {
        this.weights = weights;
        proto.setName(name);
    }

    String input(String name, long... perImage) {
        proto.addInput(value(name, perImage));
        return name;
    }

    void output(String name, String tensor, long... perImage) {
        proto.addNode(ONNXOperators.IDENTITY.build(names, tensor, name));
        proto.addOutput(value(name, perImage));
    }

    private static OnnxMl.ValueInfoProto value(String name, long... perImage) {
        OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder()
                .addDim(Dimension.newBuilder().setDimParam(BATCH));
        for (long dimension : perImage) {
            shape.addDim(Dimension.newBuilder().setDimValue(dimension));
        }
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder()
                        .setTensorType(OnnxMl.TypeProto.Tensor.newBuilder()
                                .setElemType(DataType.FLOAT_VALUE)
                                .setShape(shape)))
                .build();
    }

    String add(ONNXOperator operator, String name, String... inputs) {
        return add(operator, name, Map.of(), inputs);
    }

    /** Adds a node and returns the name of its one result, which starts with the name given. */
    String add(ONNXOperator operator, String name, Map<String, Object> attributes, String... inputs) {
        String result = unique(name + "/" + operator.getOpName());
        proto.addNode(operator.build(names, inputs, result, attributes));
        return result;
    }

    /** A float32 constant. No dimensions: a scalar. */
    String constant(String name, float[] values, long... dimensions) {
        return constant(name, DataType.FLOAT, bytes(values), dimensions);
    }

    String scalar(String name, double value) {
        return constant(name, new float[] {(float) value});
    }

    String integers(String name, long... values) {
        ByteBuffer buffer = littleEndian(values.length * Long.BYTES);
        buffer.asLongBuffer().put(values);
        return constant(name, DataType.INT64, buffer, values.length);
    }

    /** Weights, the first dimension being the output channels, in the precision asked for. */
    String weights(String name, float[] values, long... dimensions) {
        return switch (weights) {
            case FLOAT32 -> constant(name, values, dimensions);
            case FLOAT16 -> halves(name, values, dimensions);
            case INT8 -> scaledBytes(name, values, dimensions);
        };
    }

    private String halves(String name, float[] values, long... dimensions) {
        ByteBuffer buffer = littleEndian(values.length * Short.BYTES);
        for (float value : values) {
            if (!(Math.abs(value) <= LARGEST_HALF)) {
                throw new IllegalArgumentException(name + ": wanted weights of at most " + LARGEST_HALF
                        + " for float16, got " + value + "; export with WeightPrecision.FLOAT32");
            }
            buffer.putShort(Float16.of(value));
        }
        String stored = constant(name, DataType.FLOAT16, buffer.rewind(), dimensions);
        return add(ONNXOperators.CAST, name, Map.of("to", DataType.FLOAT_VALUE), stored);
    }

    private String scaledBytes(String name, float[] values, long... dimensions) {
        int channels = (int) dimensions[0];
        int perChannel = values.length / channels;
        ByteBuffer buffer = littleEndian(values.length);
        float[] scales = new float[channels];
        for (int c = 0; c < channels; c++) {
            float largest = 0;
            for (int i = c * perChannel; i < (c + 1) * perChannel; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            scales[c] = largest == 0 ? 1 : largest / LARGEST_BYTE;
            for (int i = c * perChannel; i < (c + 1) * perChannel; i++) {
                buffer.put((byte) Math.round(values[i] / scales[c]));
            }
        }
        String stored = constant(name, DataType.INT8, buffer.rewind(), dimensions);
        long[] perChannelShape = new long[dimensions.length];
        Arrays.fill(perChannelShape, 1);
        perChannelShape[0] = channels;
        // Not DequantizeLinear: ONNX Runtime leaves that to every run, but computes a cast and a product of constants
        // once.
        return add(
                ONNXOperators.MUL,
                name,
                add(ONNXOperators.CAST, name, Map.of("to", DataType.FLOAT_VALUE), stored),
                constant(name + "/scale", scales, perChannelShape));
    }

    private String constant(String name, DataType type, ByteBuffer values, long... dimensions) {
        String result = unique(name);
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(result)
                .setDataType(type.getNumber())
                .setRawData(ByteString.copyFrom(values));
        for (long dimension : dimensions) {
            tensor.addDims(dimension);
        }
        proto.addInitializer(tensor);
        return result;
    }

    private static ByteBuffer bytes(float[] values) {
        ByteBuffer buffer = littleEndian(values.length * Float.BYTES);
        buffer.asFloatBuffer().put(values);
        return buffer;
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private String unique(String name) {
        int before = used.merge(name, 1, Integer::sum) - 1;
        return before == 0 ? name : unique(name + "_" + before);
    }

    OnnxMl.GraphProto build() {
        return proto.build();
    }
}
