package io.github.horkd.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Between our floats and the types that models have. Whole numbers of 8 bits are rounded and kept inside 0…255. */
final class ElementTypes {

    private static final int LARGEST_BYTE = 255;
    private static final int LARGEST_HALF = 65504;

    private ElementTypes() {}

    /** Images in the type of an input. */
    static OnnxTensor tensor(OrtEnvironment environment, String type, FloatBuffer values, long[] shape)
            throws OrtException {
        return switch (type) {
            case "FLOAT" -> OnnxTensor.createTensor(environment, values, shape);
            case "FLOAT16" ->
                OnnxTensor.createTensor(
                        environment,
                        Fp16Conversions.convertFloatBufferToFp16Buffer(values),
                        shape,
                        OnnxJavaType.FLOAT16);
            case "DOUBLE" -> {
                DoubleBuffer doubles = direct(values.remaining() * Double.BYTES).asDoubleBuffer();
                for (int i = 0; i < values.remaining(); i++) {
                    doubles.put(i, values.get(i));
                }
                yield OnnxTensor.createTensor(environment, doubles, shape);
            }
            case "UINT8" -> {
                ByteBuffer bytes = direct(values.remaining());
                for (int i = 0; i < values.remaining(); i++) {
                    bytes.put(i, (byte) Math.max(0, Math.min(LARGEST_BYTE, Math.round(values.get(i)))));
                }
                yield OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.UINT8);
            }
            default -> throw new IllegalArgumentException("wanted float32, float16, double or uint8, got " + type);
        };
    }

    /** Whether {@link #tensor} and {@link #floats} know a type. */
    static boolean known(String type) {
        return switch (type) {
            case "FLOAT", "FLOAT16", "DOUBLE", "UINT8" -> true;
            default -> false;
        };
    }

    /** The values of an output. */
    static float[] floats(OnnxTensor tensor) {
        float[] values;
        switch (tensor.getInfo().type) {
            case DOUBLE -> {
                DoubleBuffer doubles = tensor.getDoubleBuffer();
                values = new float[doubles.remaining()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) doubles.get(i);
                }
            }
            case UINT8 -> {
                ByteBuffer bytes = tensor.getByteBuffer();
                values = new float[bytes.remaining()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = bytes.get(i) & LARGEST_BYTE;
                }
            }
            default -> {
                FloatBuffer floats = tensor.getFloatBuffer();
                values = new float[floats.remaining()];
                floats.get(values);
            }
        }
        return values;
    }

    /** Refuses a constant that its input's type would make another value of. */
    static void requireHolds(String name, String type, double value) {
        double most = switch (type) {
            case "BOOL" -> 1;
            case "INT8" -> Byte.MAX_VALUE;
            case "UINT8" -> LARGEST_BYTE;
            case "INT32" -> Integer.MAX_VALUE;
            case "INT64" -> 1L << 53; // beyond it a double skips whole numbers
            case "FLOAT16" -> LARGEST_HALF;
            case "FLOAT" -> Float.MAX_VALUE;
            default -> Double.MAX_VALUE;
        };
        boolean isWhole = !type.equals("FLOAT") && !type.equals("FLOAT16") && !type.equals("DOUBLE");
        double least = type.equals("BOOL") || type.equals("UINT8") ? 0 : isWhole ? -most - 1 : -most;
        if (!(value >= least && value <= most) || isWhole && value != Math.rint(value)) {
            throw new IllegalArgumentException("constant '" + name + "': its type is " + type + ", wanted "
                    + (isWhole ? "a whole number " : "") + "from " + (float) least + " to " + (float) most + ", got "
                    + value);
        }
    }

    /** A tensor that holds one value everywhere. */
    static OnnxTensor filled(OrtEnvironment environment, RuntimeModel.Declared declared, double value)
            throws OrtException {
        long[] shape =
                Arrays.stream(declared.shape()).map(side -> side < 1 ? 1 : side).toArray();
        int count = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        switch (declared.type()) {
            case "BOOL", "INT8" -> {
                ByteBuffer bytes = direct(count);
                for (int i = 0; i < count; i++) {
                    bytes.put(i, (byte) value);
                }
                return OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.valueOf(declared.type()));
            }
            case "INT32" -> {
                var ints = direct(count * Integer.BYTES).asIntBuffer();
                for (int i = 0; i < count; i++) {
                    ints.put(i, (int) value);
                }
                return OnnxTensor.createTensor(environment, ints, shape);
            }
            case "INT64" -> {
                var longs = direct(count * Long.BYTES).asLongBuffer();
                for (int i = 0; i < count; i++) {
                    longs.put(i, (long) value);
                }
                return OnnxTensor.createTensor(environment, longs, shape);
            }
            default -> {
                FloatBuffer floats = direct(count * Float.BYTES).asFloatBuffer();
                for (int i = 0; i < count; i++) {
                    floats.put(i, (float) value);
                }
                return tensor(environment, declared.type(), floats, shape);
            }
        }
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
