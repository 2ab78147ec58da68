package io.github.horkd.experiment;

import io.github.horkd.guide.Scaling;
import io.github.horkd.loss.HybridOrderLoss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The form of an experiment's file: which values are one text there, and what it need not say. */
final class ExperimentForm {

    private ExperimentForm() {}

    /** Between experiments and their files. */
    static Form of(TypeRegistry kinds) {
        return new Form(
                kinds,
                List.of(
                        new Form.Text<>(Seed.class, Seed::parse, Seed::toString),
                        new Form.Text<>(Scaling.class, Scaling::parse, Scaling::toString)),
                Map.of(
                        HybridOrderLoss.Term.class,
                        ExperimentForm::completed,
                        Experiment.class,
                        ExperimentForm::completedExperiment));
    }

    /** A term is called as its loss is, unless it says otherwise, and weighs 1. */
    private static Map<String, Object> completed(Map<String, Object> term) {
        Map<String, Object> all = new LinkedHashMap<>(term);
        all.putIfAbsent("weight", 1);
        if (!all.containsKey("name") && all.get("loss") != null) {
            Object loss = all.get("loss");
            all.put("name", loss instanceof Map<?, ?> said ? String.valueOf(said.get("type")) : String.valueOf(loss));
        }
        return all;
    }

    private static Map<String, Object> completedExperiment(Map<String, Object> said) {
        Map<String, Object> all = new LinkedHashMap<>(said);
        all.putIfAbsent("about", "");
        all.putIfAbsent("teachers", Map.of());
        all.putIfAbsent("networks", List.of());
        all.putIfAbsent("seeds", List.of(1, 2, 3));
        all.putIfAbsent("evaluation", Map.of());
        all.putIfAbsent("keepPictures", false);
        return all;
    }
}
