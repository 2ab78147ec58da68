package io.github.horkd.experiment;

import io.github.horkd.data.PairedImages;
import io.github.horkd.distill.Checkpoints;
import io.github.horkd.distill.GuideLoss;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.Stages;
import io.github.horkd.distill.TrainingListener;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.model.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Trainings one after another, with one seed. Those that learn from the same images run as stages of one run, which share the spaces of their guides.
 *
 * @param seed        of the run
 * @param images      sets by name
 * @param listener    is told what happens
 * @param knowledge   what guides know
 * @param checkpoints where the run is kept
 * @param made        what trainings of the whole experiment are prepared with
 */
record TrainingSequence(
        long seed,
        Function<String, PairedImages> images,
        TrainingListener listener,
        KnowledgeStore knowledge,
        Checkpoints checkpoints,
        Map<Object, Object> made) {

    private static final Preparation AS_THEY_ARE = new Preparation.AsTheyAre();

    /** Asks whoever is known already, and adds what has been trained. */
    void run(List<Training> trainings, Map<String, KnowledgeSource> known) {
        for (int from = 0; from < trainings.size(); ) {
            int to = from + 1;
            while (to < trainings.size() && together(trainings.get(from), trainings.get(to))) {
                to++;
            }
            List<Training> together = trainings.subList(from, to);
            PairedImages learned = together.get(0).learned(images);
            List<Stage> stages = together.stream()
                    .map(training -> training.stage(seed, learned.size(), images))
                    .toList();
            Map<String, KnowledgeSource> guides = asked(stages, known);
            known.putAll(
                    together.size() == 1
                            ? prepared(together.get(0), new Preparation.Prepared(stages.get(0), learned, guides))
                            : Stages.run(stages, guides, learned, listener, knowledge, checkpoints));
            from = to;
        }
    }

    private Map<String, Network> prepared(Training training, Preparation.Prepared plain) {
        PreparationContext context = new PreparationContext(seed, knowledge, listener, made);
        Preparation.Prepared what = training.preparation().of(plain, context);
        if (!what.stage().name().equals(training.name())) {
            throw new IllegalArgumentException(
                    "training " + training.name() + ": wanted a prepared stage of that name, got one called '"
                            + what.stage().name() + "'");
        }
        return Stages.run(List.of(what.stage()), what.guides(), what.images(), listener, knowledge, checkpoints);
    }

    private static boolean together(Training first, Training next) {
        return first.preparation().equals(AS_THEY_ARE)
                && next.preparation().equals(AS_THEY_ARE)
                && next.images().equals(first.images())
                && next.losses().isEmpty() == first.losses().isEmpty();
    }

    private static Map<String, KnowledgeSource> asked(List<Stage> stages, Map<String, KnowledgeSource> known) {
        Map<String, KnowledgeSource> asked = new LinkedHashMap<>();
        for (Stage stage : stages) {
            for (GuideLoss loss : stage.losses()) {
                if (known.containsKey(loss.guide())) {
                    asked.put(loss.guide(), known.get(loss.guide()));
                }
            }
        }
        return asked;
    }
}
