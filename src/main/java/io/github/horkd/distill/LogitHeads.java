package io.github.horkd.distill;

import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.model.Network;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Loss heads over logits, of the classes that guide and learner both know by name. Whoever is left out is told of. */
final class LogitHeads {

    private final Stage stage;
    private final Network learner;
    private final List<String> imageClasses;
    private final TrainingListener listener;

    LogitHeads(Stage stage, Network learner, List<String> imageClasses, TrainingListener listener) {
        this.stage = stage;
        this.learner = learner;
        this.imageClasses = imageClasses;
        this.listener = listener;
    }

    /** None when the two share no two classes. */
    List<LossHead> of(GuideLoss loss, KnowledgeSource guide) {
        ClassPairs pairs = ClassPairs.of(guide.classes(), learner.classes());
        if (pairs.shared() < 2) {
            leftOut(
                    loss,
                    guide.classes(),
                    "the learner knows " + (pairs.shared() == 0 ? "none" : "only one")
                            + " of them by name, its own are " + StageClasses.shown(learner.classes())
                            + pairs.nearly());
            return List.of();
        }
        if (!pairs.onlyFirst().isEmpty()) {
            leftOut(loss, pairs.onlyFirst(), "the learner does not know them" + pairs.nearly());
        }
        if (!pairs.onlySecond().isEmpty()) {
            leftOut(loss, pairs.onlySecond(), "the guide does not know them");
        }
        List<String> shared =
                pairs.second().stream().map(learner.classes()::get).toList();
        // The place of each class of the images among the shared ones, −1 for none.
        List<Integer> places = imageClasses.stream().map(shared::indexOf).toList();
        Predicate<Term> classed = term -> loss.labelled() && term.loss().readsClasses();
        return Stream.of(
                        head(loss, pairs, "", classed.negate(), List.of()),
                        head(loss, pairs, "-classed", classed, places))
                .flatMap(Optional::stream)
                .toList();
    }

    private void leftOut(GuideLoss loss, List<String> classes, String why) {
        listener.on(new TrainingEvent.ClassesLeftOut(stage.name(), loss.guide() + ": logits", classes, why));
    }

    private Optional<LossHead> head(
            GuideLoss loss, ClassPairs pairs, String suffix, Predicate<Term> which, List<Integer> classes) {
        boolean all = pairs.onlySecond().isEmpty()
                && IntStream.range(0, pairs.shared())
                        .allMatch(i -> pairs.second().get(i) == i);
        List<Term> terms = loss.onLogits().stream()
                .filter(which)
                .map(t -> all ? t : new Term(t.name(), t.weight(), new ColumnsLoss(t.loss(), pairs.second())))
                .toList();
        return terms.isEmpty()
                ? Optional.empty()
                : Optional.of(new LossHead(
                                loss.guide() + "-logits" + suffix,
                                learner.logitsVertex().orElseThrow(),
                                "",
                                0,
                                new HybridOrderLoss(terms),
                                LossHead.Source.LOGITS,
                                loss.guide(),
                                pairs.first())
                        .withClasses(classes));
    }
}
