package io.github.horkd.internal.graph;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;

/** Reads one vertex that is no layer, or a preprocessor, as steps of a {@link GraphReader}. */
final class VertexReader {

    private final GraphReader graph;

    VertexReader(GraphReader graph) {
        this.graph = graph;
    }

    void read(String name, GraphVertex vertex, List<String> before) throws UnknownPart {
        Class<?> kind = vertex.getClass();
        if (kind == ElementWiseVertex.class) {
            combine(name, ((ElementWiseVertex) vertex).getOp(), before);
        } else if (kind == MergeVertex.class && ((MergeVertex) vertex).getMergeAxis() == 1) {
            merge(name, before);
        } else if (kind == ScaleVertex.class) {
            graph.add(name, Function.linear(((ScaleVertex) vertex).getScaleFactor(), 0), graph.extent(name));
        } else if (kind == ShiftVertex.class) {
            graph.add(name, Function.linear(1, ((ShiftVertex) vertex).getShiftFactor()), graph.extent(name));
        } else if (kind == L2NormalizeVertex.class) {
            unitLength(name, (L2NormalizeVertex) vertex);
        } else if (kind == SubsetVertex.class) {
            SubsetVertex subset = (SubsetVertex) vertex;
            graph.add(
                    name,
                    new GraphStep.Subset(subset.getFrom(), subset.getTo()),
                    GraphReader.with(graph.extent(name), subset.getTo() - subset.getFrom() + 1));
        } else if (kind == PreprocessorVertex.class) {
            preprocess(name, ((PreprocessorVertex) vertex).getPreProcessor());
        } else {
            throw new UnknownPart(name, kind.getSimpleName());
        }
    }

    void preprocess(String name, InputPreProcessor before) throws UnknownPart {
        Extent from = graph.extent(name);
        if (before == null) {
            return;
        }
        if (before.getClass() == CnnToFeedForwardPreProcessor.class
                && (from.isRow() || ((CnnToFeedForwardPreProcessor) before).getFormat() == CNN2DFormat.NCHW)) {
            if (!from.isRow()) {
                graph.add(name, SimpleStep.RESHAPE, Extent.row(from.size()));
            }
        } else if (before.getClass() == FeedForwardToCnnPreProcessor.class) {
            var map = (FeedForwardToCnnPreProcessor) before;
            Extent to = Extent.map(
                    Math.toIntExact(map.getNumChannels()),
                    Math.toIntExact(map.getInputHeight()),
                    Math.toIntExact(map.getInputWidth()));
            if (from.isRow() && from.size() != to.size()) {
                throw new GraphReader.WrongExtent("a row of " + to.size(), from);
            }
            if (from.isRow()) {
                graph.add(name, SimpleStep.RESHAPE, to);
            }
        } else {
            throw new UnknownPart(name, "preprocessor " + before.getClass().getSimpleName());
        }
    }

    private void combine(String name, ElementWiseVertex.Op op, List<String> before) {
        int count = before.size();
        if (count == 1) {
            return;
        }
        for (String other : before) {
            if (!graph.extent(other).equals(graph.extent(name))) {
                throw new GraphReader.WrongExtent("values of " + graph.extent(name), graph.extent(other));
            }
        }
        GraphStep.Combination how = switch (op) {
            case Add, Average -> GraphStep.Combination.SUM;
            case Subtract -> GraphStep.Combination.DIFFERENCE;
            case Max -> GraphStep.Combination.MAXIMUM;
            case Product -> GraphStep.Combination.PRODUCT;
        };
        graph.add(name, how, graph.extent(name), before);
        if (op == ElementWiseVertex.Op.Average) {
            graph.add(name, Function.linear(1.0 / count, 0), graph.extent(name));
        }
    }

    private void merge(String name, List<String> before) {
        if (before.size() == 1) {
            return;
        }
        Extent first = graph.extent(name);
        int channels = 0;
        for (String other : before) {
            if (!GraphReader.with(graph.extent(other), first.channels()).equals(first)) {
                throw new GraphReader.WrongExtent("a value like " + first, graph.extent(other));
            }
            channels = Math.addExact(channels, graph.extent(other).channels());
        }
        graph.add(name, SimpleStep.MERGE, GraphReader.with(first, channels), before);
    }

    private void unitLength(String name, L2NormalizeVertex vertex) throws UnknownPart {
        List<Integer> axes = vertex.getDimension() == null
                ? List.of()
                : Arrays.stream(vertex.getDimension()).boxed().toList();
        boolean isRow = graph.extent(name).isRow();
        boolean whole = axes.isEmpty() || axes.equals(isRow ? List.of(1) : List.of(1, 2, 3));
        if (!whole && !axes.equals(List.of(1))) {
            throw new UnknownPart(name, "L2NormalizeVertex over dimensions " + axes);
        }
        graph.add(name, new GraphStep.UnitLength(!whole, vertex.getEps()), graph.extent(name));
    }
}
