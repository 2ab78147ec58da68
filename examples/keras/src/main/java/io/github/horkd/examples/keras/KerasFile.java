package io.github.horkd.examples.keras;

import io.github.horkd.data.ImageShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * What a Keras file holds, as DL4J reads it.
 *
 * @param graph        the network; a Sequential model has become a graph too
 * @param vertices     from the names of Keras to those of the graph, in the order of the model
 * @param shape        of one image
 * @param channelsLast whether the graph takes [N, rows, columns, channels]
 */
record KerasFile(ComputationGraph graph, Map<String, String> vertices, ImageShape shape, boolean channelsLast) {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

    /** Reads a file; of a model that leaves rows and columns open, {@code size} is both of them. */
    static KerasFile read(Path file, int size) {
        try {
            checkSignature(file);
            JsonNode config = config(file);
            boolean last =
                    !"channels_first".equals(config.findPath("data_format").asText());
            ImageShape shape = shape(file, config, last, size);
            int[] sides = last
                    ? new int[] {shape.height(), shape.width(), shape.channels()}
                    : new int[] {shape.channels(), shape.height(), shape.width()};
            Map<String, String> vertices = new LinkedHashMap<>();
            ComputationGraph graph;
            if ("Sequential".equals(config.path("class_name").asText())) {
                MultiLayerNetwork layers =
                        KerasModelImport.importKerasSequentialModelAndWeights(file.toString(), sides, false);
                graph = layers.toComputationGraph();
                // The graph calls the layers by their numbers.
                for (int i = 0; i < layers.getnLayers(); i++) {
                    vertices.put(layers.getLayer(i).conf().getLayer().getLayerName(), Integer.toString(i));
                }
            } else {
                graph = KerasModelImport.importKerasModelAndWeights(file.toString(), sides, false);
                Arrays.stream(graph.topologicalSortOrder())
                        .mapToObj(i -> graph.getVertices()[i].getVertexName())
                        .filter(name ->
                                !graph.getConfiguration().getNetworkInputs().contains(name))
                        .forEach(name -> vertices.put(name, name));
            }
            if (graph.getNumInputArrays() != 1) {
                throw new IllegalArgumentException(file + ": wanted a model of one input, got "
                        + graph.getConfiguration().getNetworkInputs());
            }
            return new KerasFile(graph, Collections.unmodifiableMap(vertices), shape, last);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(file + ": no such file", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        } catch (InvalidKerasConfigurationException | UnsupportedKerasConfigurationException e) {
            throw new UncheckedIOException(
                    file + ": DL4J cannot import it; convert it to ONNX and use OnnxGuide instead (" + e.getMessage()
                            + ")",
                    new IOException(e));
        }
    }

    /** HDF5's own library says what is wrong on the error stream, at length. */
    private static void checkSignature(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            if (!Arrays.equals(in.readNBytes(SIGNATURE.length), SIGNATURE)) {
                throw new IOException("it is no HDF5 file; Keras 3 writes .keras by default, save the model as .h5");
            }
        }
    }

    private static JsonNode config(Path file) throws IOException, UnsupportedKerasConfigurationException {
        try (Hdf5Archive archive = new Hdf5Archive(file.toString())) {
            if (!archive.hasAttribute("model_config")) {
                throw new IOException("it holds weights without a model; save the whole model, not save_weights");
            }
            return new ObjectMapper().readTree(archive.readAttributeAsJson("model_config"));
        }
    }

    private static ImageShape shape(Path file, JsonNode config, boolean last, int size) {
        JsonNode shape = config.findPath("batch_input_shape");
        int channels = shape.path(last ? 3 : 1).asInt();
        int rows = shape.path(last ? 1 : 2).asInt();
        int columns = shape.path(last ? 2 : 3).asInt();
        boolean open = rows < 1 || columns < 1;
        if (shape.size() != 4 || channels < 1 || open && size < 1) {
            throw new IllegalArgumentException(file + ": wanted a model of one image, its size fixed or stated by"
                    + " -Dsize=…, got an input of "
                    + (shape.isMissingNode() ? "unknown shape" : shape.toString()));
        }
        return new ImageShape(channels, open ? size : rows, open ? size : columns);
    }
}
