package io.github.horkd.experiment;

import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.KnowledgeSource;
import java.util.Map;
import java.util.function.Function;

/** Judges a variant when its networks are there, and writes what comes out of it. */
final class VariantJudge {

    private static final int PICTURES = 24;

    private final Experiment experiment;
    private final OpenedTeachers teachers;
    private final Trial.GalleryCache galleries = new Trial.GalleryCache();

    VariantJudge(Experiment experiment, OpenedTeachers teachers) {
        this.experiment = experiment;
        this.teachers = teachers;
    }

    /** Sets of another seed have other galleries. */
    void forget() {
        galleries.clear();
    }

    /** The name of who makes a variant's gallery. */
    String gallery(Variant variant) {
        return variant.gallery().isEmpty() ? experiment.evaluation().teacher() : variant.gallery();
    }

    void judge(
            Variant variant,
            long seed,
            Function<String, PairedImages> images,
            Map<String, KnowledgeSource> known,
            RunFiles files) {
        EvaluationPlan plan = experiment.evaluation();
        Trial trial = new Trial(
                plan,
                seed,
                images,
                Probing.by(teachers.probing(variant.probed(), known), plan.mirrored(), variant.enlarge()),
                variant.sees(),
                Probing.by(teachers.enrolling(gallery(variant), known), plan.mirrored(), Variant.Enlarge.NO),
                galleries);
        double[] figures = Measure.all(plan.measures(), trial);
        RunDirectory.EvaluationDetails details = new VariantEvaluation(trial).all(plan.sides());
        files.evaluation(details);
        PairedImages test = images.apply(plan.test());
        EmbeddingTable.of(test, trial.probes(plan.test())).write(files.directory, "probes");
        if (trial.sharesWidth()) {
            String enrolled = plan.gallery().isEmpty() ? plan.test() : plan.gallery();
            EmbeddingTable.of(images.apply(enrolled), trial.gallery(enrolled)).write(files.directory, "gallery");
            if (experiment.keepPictures() && seed == experiment.seeds().get(0)) {
                files.pictures(trial, details, PICTURES);
            }
        }
        files.finish(plan.columns(), figures);
    }
}
