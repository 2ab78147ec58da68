package io.github.horkd.model;

import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.shade.jackson.core.JsonProcessingException;

/**
 * A scaling as DL4J's own vertices, between a graph's input and what reads it: a saved graph takes intensities 0…1 by itself. In memory they are taken out again, for here
 * images are scaled more exactly and once, not in every pass.
 * <pre>
 *   standardised:  flat = [N, 1, C·H, W],  centred = flat − average(flat),  centred / |centred| · √(C·H·W),  back to [N, C, H, W]
 *   linear:        factor · x + offset, for several channels each by itself
 * </pre>
 */
final class ScalingVertices {

    private static final String PREFIX = "scaling-";

    private final Map<String, GraphVertex> vertices = new LinkedHashMap<>();
    private final Map<String, List<String>> inputs = new LinkedHashMap<>();
    private final Input input;
    private String last;

    private ScalingVertices(Input input, String name) {
        this.input = input;
        this.last = name;
        Scaling scaling = input.scaling();
        if (scaling.isStandardised()) {
            standardise();
        }
        if (!scaling.isPlain()) {
            if (scaling.factors().size() == 1) {
                last = linear(
                        "", last, scaling.factors().get(0), scaling.offsets().get(0));
            } else {
                eachChannel(scaling);
            }
        }
    }

    private void standardise() {
        int channels = input.shape().channels();
        int height = input.shape().height();
        int width = input.shape().width();
        double length = Math.sqrt(input.shape().size());
        String flat = add("flat", new ReshapeVertex('c', new int[] {-1, 1, channels * height, width}, null), last);
        var average = new GlobalPoolingLayer.Builder(PoolingType.AVG)
                .collapseDimensions(false)
                .build();
        average.setLayerName(PREFIX + "average");
        String mean = add("average", new LayerVertex(layer(average), null), flat);
        String centred = add("centred", new ElementWiseVertex(ElementWiseVertex.Op.Subtract), flat, mean);
        // A deviation below FLAT counts as FLAT.
        String unit = add("unit", new L2NormalizeVertex(new int[] {1, 2, 3}, Scaling.FLAT * length), centred);
        String standardised = add("standardised", new ScaleVertex(length), unit);
        last = add("images", new ReshapeVertex('c', new int[] {-1, channels, height, width}, null), standardised);
    }

    private static NeuralNetConfiguration layer(GlobalPoolingLayer layer) {
        return new NeuralNetConfiguration.Builder().layer(layer).build();
    }

    private void eachChannel(Scaling scaling) {
        List<String> channels = new ArrayList<>();
        for (int c = 0; c < scaling.factors().size(); c++) {
            String one = add("channel-" + c, new SubsetVertex(c, c), last);
            channels.add(linear(
                    "-" + c, one, scaling.factors().get(c), scaling.offsets().get(c)));
        }
        last = add("channels", new MergeVertex(), channels.toArray(String[]::new));
    }

    private String linear(String suffix, String from, double factor, double offset) {
        String scaled = add("factor" + suffix, new ScaleVertex(factor), from);
        return add("offset" + suffix, new ShiftVertex(offset), scaled);
    }

    private String add(String name, GraphVertex vertex, String... from) {
        vertices.put(PREFIX + name, vertex);
        inputs.put(PREFIX + name, List.of(from));
        return PREFIX + name;
    }

    /** Puts the scaling between the only input of a graph and whatever reads it. */
    static void insert(ComputationGraphConfiguration conf, Input input) {
        String name = conf.getNetworkInputs().get(0);
        ScalingVertices scaling = new ScalingVertices(input, name);
        for (String taken : scaling.vertices.keySet()) {
            if (conf.getVertices().containsKey(taken)) {
                throw new IllegalArgumentException("graph: its vertex '" + taken
                        + "' has a name that is kept for the scaling of images; name it otherwise");
            }
        }
        conf.getVertexInputs().values().forEach(read -> read.replaceAll(v -> v.equals(name) ? scaling.last : v));
        scaling.vertices.forEach(conf.getVertices()::put);
        scaling.inputs.forEach((vertex, from) -> conf.getVertexInputs().put(vertex, new ArrayList<>(from)));
    }

    /** Takes out what {@link #insert} puts in, where it is all there and as it should be; returns whether it was. */
    static boolean remove(ComputationGraphConfiguration conf, Input input) {
        String name = conf.getNetworkInputs().get(0);
        ScalingVertices scaling = new ScalingVertices(input, name);
        boolean isThere = scaling.vertices.entrySet().stream()
                        .allMatch(e -> same(e.getValue(), conf.getVertices().get(e.getKey())))
                && scaling.inputs.entrySet().stream()
                        .allMatch(
                                e -> e.getValue().equals(conf.getVertexInputs().get(e.getKey())));
        if (!isThere) {
            return false;
        }
        scaling.vertices.keySet().forEach(vertex -> {
            conf.getVertices().remove(vertex);
            conf.getVertexInputs().remove(vertex);
        });
        conf.getVertexInputs().values().forEach(read -> read.replaceAll(v -> v.equals(scaling.last) ? name : v));
        return true;
    }

    /** By what they say of themselves: DL4J's own comparison of some vertices is by identity. */
    private static boolean same(GraphVertex wanted, GraphVertex got) {
        return got != null && json(wanted).equals(json(got));
    }

    private static String json(GraphVertex vertex) {
        try {
            Object said =
                    vertex instanceof LayerVertex place ? place.getLayerConf().getLayer() : vertex;
            return NeuralNetConfiguration.mapper().writeValueAsString(said);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("DL4J's own configuration is JSON", e);
        }
    }
}
