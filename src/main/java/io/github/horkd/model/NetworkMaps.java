package io.github.horkd.model;

import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.FeatureMap;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.workspace.ND4JWorkspaceException;

/** A network that gives what some of its vertices say, besides its embedding and logits. */
record NetworkMaps(Network network, Description description, List<FeatureMap> maps) implements Guide {

    private static final int RANK = 4;

    static NetworkMaps of(Network network, Description description, List<String> names) {
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("maps: wanted each name once, got " + names);
        }
        Map<String, INDArray> all = one(network.graph(), description);
        List<FeatureMap> maps = new ArrayList<>();
        for (String name : names) {
            INDArray given = all.get(name);
            if (given == null || given.rank() != RANK) {
                all.values().removeIf(each -> each.rank() != RANK);
                throw new IllegalArgumentException("maps: wanted vertices that give [N, channels, rows, columns], "
                        + new TreeSet<>(all.keySet()) + ", got '" + name + "'"
                        + (given == null ? "" : ", which gives " + Arrays.toString(given.shape())));
            }
            maps.add(new FeatureMap(name, (int) given.size(1), (int) given.size(2), (int) given.size(3)));
        }
        NetworkMaps with = new NetworkMaps(network, description, List.copyOf(maps));
        try {
            with.output(image(description));
        } catch (ND4JWorkspaceException e) {
            // For some layers DL4J closes the memory of its own result.
            throw new IllegalArgumentException(
                    "maps: DL4J cannot deliver one of " + names
                            + " as an output; take the activation behind it, or put an ActivationLayer with Activation.IDENTITY there",
                    e);
        }
        return with;
    }

    /** What every vertex but the inputs says of one image. */
    private static Map<String, INDArray> one(ComputationGraph graph, Description description) {
        synchronized (graph) {
            Map<String, INDArray> all = new LinkedHashMap<>(graph.feedForward(image(description), false));
            all.keySet().removeAll(graph.getConfiguration().getNetworkInputs());
            return all;
        }
    }

    private static INDArray image(Description description) {
        var shape = description.input().shape();
        return Nd4j.zeros(1, shape.channels(), shape.height(), shape.width());
    }

    @Override
    public Input input() {
        return network.input();
    }

    @Override
    public String identity() {
        return network.identity() + " with maps " + maps;
    }

    @Override
    public int embeddingWidth() {
        return network.embeddingWidth();
    }

    @Override
    public List<String> classes() {
        return network.classes();
    }

    @Override
    public Optional<EmbeddingSpace> embeddingSpace() {
        return network.embeddingSpace();
    }

    @Override
    public Guide withMaps(String... names) {
        return network.withMaps(names);
    }

    @Override
    public Output output(INDArray images) {
        description.requireShape(images);
        List<String> vertices = new ArrayList<>(description.outputs());
        maps.forEach(map -> vertices.add(map.name()));
        List<INDArray> all = new GraphPass(network.graph(), description.input().scaling()).run(images, vertices);
        int first = description.outputs().size();
        Map<String, INDArray> named = new LinkedHashMap<>();
        for (int m = 0; m < maps.size(); m++) {
            named.put(maps.get(m).name(), all.get(first + m));
        }
        Output plain = first == 1 ? Output.of(all.get(0)) : Output.of(all.get(0), all.get(1));
        return plain.withMaps(named);
    }
}
