package io.github.horkd.distill;

import io.github.horkd.guide.FeatureMap;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.loss.MapShape;
import io.github.horkd.model.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loss heads over feature maps, and the guides that give these. */
final class MapHeads {

    private MapHeads() {}

    /** The guides of a stage, each with the maps that its losses want. */
    static Map<String, KnowledgeSource> withMaps(Stage stage, Map<String, KnowledgeSource> guides) {
        Map<String, KnowledgeSource> asked = new LinkedHashMap<>(guides);
        for (GuideLoss loss : stage.losses()) {
            List<String> wanted =
                    loss.onMaps().stream().map(MapTerm::guideMap).distinct().toList();
            KnowledgeSource guide = guides.get(loss.guide());
            List<String> given = guide.maps().stream().map(FeatureMap::name).toList();
            if (given.containsAll(wanted)) {
                continue;
            }
            if (!(guide instanceof Guide network)) {
                throw new IllegalArgumentException("stage " + stage.name() + ": wanted the maps " + wanted
                        + " of guide '" + loss.guide() + "', which gives " + (given.isEmpty() ? "none" : given)
                        + "; a network or an ONNX file gives maps by name");
            }
            try {
                asked.put(loss.guide(), network.withMaps(wanted.toArray(String[]::new)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "stage " + stage.name() + ": guide '" + loss.guide() + "', " + e.getMessage(), e);
            }
        }
        return asked;
    }

    static LossHead of(Stage stage, Network learner, GuideLoss loss, MapTerm term, KnowledgeSource guide) {
        FeatureMap wanted = guide.maps().stream()
                .filter(map -> map.name().equals(term.guideMap()))
                .findFirst()
                .orElseThrow();
        FeatureMap own;
        try {
            own = learner.withMaps(term.vertex()).maps().get(0);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("stage " + stage.name() + ": the learner, " + e.getMessage(), e);
        }
        boolean projected = term.loss().needsEqualChannels() && own.channels() != wanted.channels();
        MapShape seen = new MapShape(projected ? wanted.channels() : own.channels(), own.height(), own.width());
        MapShape given = new MapShape(wanted.channels(), wanted.height(), wanted.width());
        return new LossHead(
                vertexName(loss.guide() + "-" + term.label()),
                term.vertex(),
                "",
                projected ? wanted.channels() : 0,
                HybridOrderLoss.of(
                        new Term(term.label(), term.weight(), term.loss().between(given, seen))),
                LossHead.Source.MAPS,
                loss.guide(),
                List.of(),
                List.of(),
                new LossHead.Maps(term.guideMap(), own.channels(), seen));
    }

    /** DL4J separates vertices by blanks and slashes in places. */
    private static String vertexName(String text) {
        return text.replaceAll("[^A-Za-z0-9_-]+", "-");
    }
}
