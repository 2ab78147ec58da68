package io.github.horkd.experiment;

import io.github.horkd.distill.GuideLoss;
import java.util.ArrayList;
import java.util.List;

/** What of an experiment differs from seed to seed. What does not is opened, trained and judged once. */
record SeedUse(Experiment experiment) {

    boolean set(String name) {
        ImageSet set = experiment.data().get(name);
        return set.varies() || set.source() instanceof ImageSource.SetNamed other && set(other.name());
    }

    /** A teacher, a shared network, or one of a variant's own. */
    boolean network(String name, List<Training> own) {
        if (experiment.teachers().containsKey(name)) {
            return false;
        }
        List<Training> all = new ArrayList<>(experiment.networks());
        all.addAll(own);
        return all.stream()
                .filter(training -> training.name().equals(name))
                .findFirst()
                .map(training -> training(training, own))
                .orElse(false);
    }

    private boolean training(Training training, List<Training> own) {
        return training.seed().varies()
                || ImageSet.varies(training.preparation())
                || set(training.images())
                || !training.watch().images().isEmpty() && set(training.watch().images())
                || training.losses().stream().map(GuideLoss::guide).anyMatch(guide -> network(guide, own));
    }

    boolean variant(Variant variant) {
        EvaluationPlan plan = experiment.evaluation();
        String gallery = variant.gallery().isEmpty() ? plan.teacher() : variant.gallery();
        return plan.measures().stream().anyMatch(ImageSet::varies)
                || set(plan.test())
                || !plan.gallery().isEmpty() && set(plan.gallery())
                || network(variant.probed(), variant.trainings())
                || network(gallery, variant.trainings())
                || variant.trainings().stream().anyMatch(training -> training(training, variant.trainings()));
    }
}
