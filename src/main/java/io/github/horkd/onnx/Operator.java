package io.github.horkd.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tribuo.util.onnx.ONNXAttribute;
import org.tribuo.util.onnx.ONNXOperator;
import org.tribuo.util.onnx.ONNXOperators;

/** The operators of opset 13 that Tribuo's own list, made for linear models and trees, does not have. */
enum Operator implements ONNXOperator {
    CONV("Conv", 2, 1, ints("kernel_shape"), ints("strides"), ints("pads"), ints("dilations"), integer("group")),
    BATCH_NORMALIZATION("BatchNormalization", 5, 0, real("epsilon")),
    MAX_POOL("MaxPool", 1, 0, ints("kernel_shape"), ints("strides"), ints("pads"), ints("dilations")),
    AVERAGE_POOL(
            "AveragePool", 1, 0, ints("kernel_shape"), ints("strides"), ints("pads"), integer("count_include_pad")),
    GLOBAL_AVERAGE_POOL("GlobalAveragePool", 1, 0),
    GLOBAL_MAX_POOL("GlobalMaxPool", 1, 0),
    REDUCE_L2("ReduceL2", 1, 0, ints("axes"), integer("keepdims")),
    RELU("Relu", 1, 0),
    LEAKY_RELU("LeakyRelu", 1, 0, real("alpha")),
    ELU("Elu", 1, 0, real("alpha")),
    PRELU("PRelu", 2, 0),
    TANH("Tanh", 1, 0),
    SOFTPLUS("Softplus", 1, 0),
    SOFTSIGN("Softsign", 1, 0),
    CLIP("Clip", 1, 2),
    SQRT("Sqrt", 1, 0),
    MAX("Max", ONNXAttribute.VARIADIC_INPUT, 0),
    FLATTEN("Flatten", 1, 0, integer("axis")),
    RESHAPE("Reshape", 2, 0),
    PAD("Pad", 2, 1),
    SLICE("Slice", 3, 2);

    private final String opName;
    private final int inputs;
    private final int optionalInputs;

    @SuppressWarnings("ImmutableEnumChecker") // made unmodifiable below
    private final Map<String, ONNXAttribute> attributes;

    Operator(String opName, int inputs, int optionalInputs, ONNXAttribute... attributes) {
        this.opName = opName;
        this.inputs = inputs;
        this.optionalInputs = optionalInputs;
        this.attributes = Arrays.stream(attributes)
                .collect(Collectors.toUnmodifiableMap(ONNXAttribute::getName, Function.identity()));
    }

    private static ONNXAttribute ints(String name) {
        return new ONNXAttribute(name, AttributeType.INTS, false);
    }

    private static ONNXAttribute integer(String name) {
        return new ONNXAttribute(name, AttributeType.INT, false);
    }

    private static ONNXAttribute real(String name) {
        return new ONNXAttribute(name, AttributeType.FLOAT, false);
    }

    @Override
    public String getOpName() {
        return opName;
    }

    @Override
    public int getNumInputs() {
        return inputs;
    }

    @Override
    public int getNumOptionalInputs() {
        return optionalInputs;
    }

    @Override
    public int getNumOutputs() {
        return 1;
    }

    @Override
    public Map<String, ONNXAttribute> getAttributes() {
        return attributes;
    }

    @Override
    public Set<String> getMandatoryAttributeNames() {
        return Set.of();
    }

    @Override
    public int getOpVersion() {
        return ONNXOperators.getOpsetVersion();
    }

    @Override
    public String getOpDomain() {
        return null;
    }
}
