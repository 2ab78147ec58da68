package io.github.horkd.experiment;

import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.distill.TrainingListener;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.knowledge.KnowledgeStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The teachers from outside, open while an experiment runs. They take pictures of any size, which are brought to their own. */
final class OpenedTeachers implements AutoCloseable {

    private static final String JUDGING = "judging";

    private final List<Guide> opened = new ArrayList<>();
    private final Map<String, KnowledgeSource> asked = new LinkedHashMap<>();
    private final Map<String, KnowledgeSource> remembered = new LinkedHashMap<>();

    private boolean mirrored;

    /** Opens all of an experiment's. */
    void open(Experiment experiment, KnowledgeStore store, TrainingListener listener) {
        mirrored = experiment.evaluation().mirrored();
        experiment.teachers().forEach((name, source) -> {
            Guide guide = source.open();
            opened.add(guide);
            KnowledgeSource any = guide.upsampled(source.interpolation());
            asked.put(name, any);
            remembered.put(
                    name,
                    new RememberedSource(
                            any,
                            store,
                            mirrored,
                            (seen, views) ->
                                    listener.on(new TrainingEvent.KnowledgeGathered(JUDGING, name, seen, views))));
        });
    }

    /** Those who are learned from, by name; for a run to add its networks to. */
    Map<String, KnowledgeSource> asked() {
        return new LinkedHashMap<>(asked);
    }

    /** Who makes the gallery: a teacher with what it has said, or the network that a run has. */
    KnowledgeSource enrolling(String name, Map<String, KnowledgeSource> known) {
        return remembered.getOrDefault(name, known.get(name));
    }

    /** Who is shown probes. Where mirror images are added, a teacher in its own space answers with unit rows, as it does in a fitted one: picture and mirror image count alike. */
    KnowledgeSource probing(String name, Map<String, KnowledgeSource> known) {
        KnowledgeSource teacher = remembered.get(name);
        if (teacher == null) {
            return known.get(name).forInference();
        }
        return mirrored ? teacher.in(EmbeddingSpace.raw(teacher.embeddingWidth())) : teacher;
    }

    @Override
    public void close() {
        for (Guide guide : opened) {
            if (guide instanceof AutoCloseable closeable) {
                try {
                    closeable.close();
                } catch (Exception e) {
                    throw new IllegalStateException("a teacher could not be closed (" + e + ")", e);
                }
            }
        }
    }
}
