package io.github.horkd.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A file opened by ONNX Runtime: the only class that speaks to it. */
final class RuntimeModel implements AutoCloseable {

    /**
     * A tensor as the file declares it.
     *
     * @param type  "float", or the name of what it is instead
     * @param shape −1 where a dimension is open
     */
    record Declared(String type, long[] shape) {}

    /** What a run gave: values row by row, and their shape. */
    record Tensor(float[] values, long[] shape) {}

    private final Path file;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Map<String, Declared> inputs;
    private final Map<String, Declared> outputs;
    private final Map<String, String> properties;

    private RuntimeModel(Path file, OrtEnvironment environment, OrtSession session) throws OrtException {
        this.file = file;
        this.environment = environment;
        this.session = session;
        this.inputs = declared(session.getInputInfo());
        this.outputs = declared(session.getOutputInfo());
        this.properties = Map.copyOf(session.getMetadata().getCustomMetadata());
    }

    static RuntimeModel open(Path file, int threads) {
        if (!Files.isRegularFile(file)) {
            throw new UncheckedIOException(new IOException(file + ": no such file"));
        }
        OrtEnvironment environment;
        try {
            environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "horkd");
        } catch (LinkageError | RuntimeException e) {
            throw new IllegalStateException(
                    "OnnxGuide: ONNX Runtime is on the class path but its native library does not load on "
                            + System.getProperty("os.name") + " " + System.getProperty("os.arch")
                            + "; it has one for Linux, Windows and Macs with Apple silicon, and up to version 1.23.2 for Intel Macs",
                    e);
        }
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            if (threads > 0) {
                options.setIntraOpNumThreads(threads);
            }
            OrtSession session = environment.createSession(file.toString(), options);
            try {
                return new RuntimeModel(file, environment, session);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new UncheckedIOException(
                    file + ": not a model that ONNX Runtime can open", new IOException(e.getMessage(), e));
        }
    }

    private static Map<String, Declared> declared(Map<String, NodeInfo> nodes) {
        Map<String, Declared> all = new LinkedHashMap<>();
        nodes.forEach((name, node) -> all.put(
                name,
                node.getInfo() instanceof TensorInfo tensor
                        ? new Declared(
                                tensor.type == OnnxJavaType.FLOAT ? "float" : tensor.type.name(),
                                tensor.getShape().clone())
                        : new Declared("no tensor", new long[0])));
        return all;
    }

    Map<String, Declared> inputs() {
        return inputs;
    }

    Map<String, Declared> outputs() {
        return outputs;
    }

    Map<String, String> properties() {
        return properties;
    }

    /** Runs the model over one direct buffer, from its start. */
    List<Tensor> run(String input, FloatBuffer values, long[] shape, List<String> wanted) {
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, values, shape);
                OrtSession.Result result = session.run(new HashMap<>(Map.of(input, tensor)), Set.copyOf(wanted))) {
            List<Tensor> tensors = new ArrayList<>();
            for (String name : wanted) {
                OnnxTensor given = (OnnxTensor) result.get(name).orElseThrow();
                FloatBuffer buffer = given.getFloatBuffer();
                float[] copy = new float[buffer.remaining()];
                buffer.get(copy);
                tensors.add(new Tensor(copy, given.getInfo().getShape().clone()));
            }
            return tensors;
        } catch (OrtException e) {
            throw new IllegalArgumentException(
                    file + ": the model does not run on images [" + join(shape) + "]: " + e.getMessage(), e);
        }
    }

    private static String join(long... shape) {
        StringBuilder text = new StringBuilder();
        for (long side : shape) {
            text.append(text.isEmpty() ? "" : ", ").append(side);
        }
        return text.toString();
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(file + ": could not be closed", e);
        }
    }
}
