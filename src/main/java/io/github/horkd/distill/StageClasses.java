package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.KnowledgeSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Which classes a new learner tells apart: those that something trains. */
final class StageClasses {

    private static final int SHOWN = 5;

    private StageClasses() {}

    /** The images' where labels count, else those of the first guide whose logits count, else none: a class head that nothing trains is not there. */
    static List<String> ofNewLearner(Stage stage, Map<String, KnowledgeSource> guides, PairedImages images) {
        boolean labelled = IntStream.range(0, images.size()).anyMatch(i -> images.label(i) != PairedImages.UNLABELLED);
        if (stage.options().labelWeight() > 0 && labelled) {
            return images.classes();
        }
        return stage.losses().stream()
                .filter(loss -> !loss.onLogits().isEmpty())
                .map(loss -> guides.get(loss.guide()).classes())
                .filter(classes -> !classes.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** Some names, for a message. */
    static String shown(List<String> names) {
        return names.size() <= SHOWN
                ? names.toString()
                : names.subList(0, SHOWN) + " and " + (names.size() - SHOWN) + " more";
    }
}
