package io.github.horkd.onnx;

import ai.onnxruntime.NodeInfo;
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
import java.util.Optional;
import java.util.Set;

/** A file opened by ONNX Runtime: the only class that speaks to it. */
final class RuntimeModel implements AutoCloseable {

    /**
     * A tensor as the file declares it.
     *
     * @param type  "FLOAT", "FLOAT16", "DOUBLE", "UINT8", or what it is instead
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
    private final Map<String, OnnxTensor> constants = new HashMap<>();

    private RuntimeModel(Path file, OrtEnvironment environment, OrtSession session) throws OrtException {
        this.file = file;
        this.environment = environment;
        this.session = session;
        this.inputs = declared(session.getInputInfo());
        this.outputs = declared(session.getOutputInfo());
        this.properties = properties(session);
    }

    /** Opens a file, of which some tensors inside are to be outputs too. */
    static RuntimeModel open(Path file, int threads, List<String> further) {
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
            OrtSession session = session(environment, options, file, further);
            try {
                return new RuntimeModel(file, environment, session);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new UncheckedIOException(
                    file + ": not a model that ONNX Runtime " + Dependency.RUNTIME.version() + " can open: "
                            + e.getMessage(),
                    new IOException(e.getMessage(), e));
        }
    }

    private static OrtSession session(
            OrtEnvironment environment, OrtSession.SessionOptions options, Path file, List<String> further)
            throws OrtException {
        Optional<byte[]> larger = further.isEmpty() ? Optional.empty() : MoreOutputs.of(file, further);
        if (larger.isEmpty()) {
            return environment.createSession(file.toString(), options);
        }
        // Weights in further files are looked for beside the model, which is no file now.
        options.addConfigEntry(
                "session.model_external_initializers_file_folder_path",
                file.toAbsolutePath().getParent().toString());
        try {
            return environment.createSession(larger.get(), options);
        } catch (OrtException e) {
            if (e.getMessage() != null && further.stream().anyMatch(e.getMessage()::contains)) {
                throw new IllegalArgumentException(
                        "maps: wanted names of tensors that the model computes, got " + further + ": " + e.getMessage(),
                        e);
            }
            throw e;
        }
    }

    /** Those that are ours. A key may hold anything, even a NUL, behind which ONNX Runtime finds no value. */
    private static Map<String, String> properties(OrtSession session) throws OrtException {
        Map<String, String> ours = new HashMap<>();
        session.getMetadata().getCustomMetadata().forEach((key, value) -> {
            if (key != null && value != null && key.startsWith("horkd.")) {
                ours.put(key, value);
            }
        });
        return Map.copyOf(ours);
    }

    private static Map<String, Declared> declared(Map<String, NodeInfo> nodes) {
        Map<String, Declared> all = new LinkedHashMap<>();
        nodes.forEach((name, node) -> all.put(
                name,
                node.getInfo() instanceof TensorInfo tensor
                        ? new Declared(tensor.type.name(), tensor.getShape().clone())
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

    /** Gives further inputs one value for good, in the type and shape that each declares; an open side counts as 1. */
    void fix(Map<String, Double> values) {
        values.forEach((name, value) -> {
            ElementTypes.requireHolds(name, inputs.get(name).type(), value);
            try {
                constants.put(name, ElementTypes.filled(environment, inputs.get(name), value));
            } catch (OrtException e) {
                throw new IllegalArgumentException("constant '" + name + "': " + e.getMessage(), e);
            }
        });
    }

    /** Runs the model over one direct buffer, from its start. */
    List<Tensor> run(String input, FloatBuffer values, long[] shape, List<String> wanted) {
        Map<String, OnnxTensor> given = new HashMap<>(constants);
        try (OnnxTensor images =
                ElementTypes.tensor(environment, inputs.get(input).type(), values, shape)) {
            given.put(input, images);
            try (OrtSession.Result result = session.run(given, Set.copyOf(wanted))) {
                List<Tensor> tensors = new ArrayList<>();
                for (String name : wanted) {
                    OnnxTensor tensor = (OnnxTensor) result.get(name).orElseThrow();
                    tensors.add(new Tensor(
                            ElementTypes.floats(tensor),
                            tensor.getInfo().getShape().clone()));
                }
                return tensors;
            }
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
            constants.values().forEach(OnnxTensor::close);
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(file + ": could not be closed", e);
        }
    }
}
