package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * From a teacher that recognises high-resolution images to a student that recognises low-resolution ones, by way of an assistant where one is asked for.
 * What the builder makes is two {@link Stage}s (one without an assistant), which {@link #stages()} shows. Whoever wants another arrangement writes the
 * list and runs it with {@link Stages}.
 *
 * <p>After Ge et al., "Look One and More: Distilling Hybrid Order Relational Knowledge for Cross-Resolution Image Recognition", AAAI 2020. Weights and
 * schedules are our own defaults, not the paper's.
 */
public final class Distillation {

    /** The name of the guide that is there from the start. */
    public static final String TEACHER = "teacher";
    /** The name of the first stage, where there is an assistant. */
    public static final String ASSISTANT = "assistant";
    /** The name of the last stage. */
    public static final String STUDENT = "student";

    private final KnowledgeSource teacher;
    private final List<Stage> stages;
    private final TrainingListener listener;
    private final KnowledgeStore knowledge;
    private final Checkpoints checkpoints;

    Distillation(
            KnowledgeSource teacher,
            List<Stage> stages,
            TrainingListener listener,
            KnowledgeStore knowledge,
            Checkpoints checkpoints) {
        this.teacher = teacher;
        this.stages = List.copyOf(stages);
        this.listener = listener;
        this.knowledge = knowledge;
        this.checkpoints = checkpoints;
    }

    /**
     * Begins to describe a distillation.
     *
     * @param teacher the frozen guide
     * @return a builder with our defaults
     */
    public static DistillationBuilder from(KnowledgeSource teacher) {
        return new DistillationBuilder(Arguments.present("teacher", teacher));
    }

    /**
     * The stages that are run.
     *
     * @return an immutable list
     */
    public List<Stage> stages() {
        return stages;
    }

    /**
     * Runs the stages.
     *
     * @param images pairs to learn from; images without label are welcome
     * @return the trained networks, and what happened on the way
     * @throws DivergedException when a loss stops being a number, or explodes
     */
    public DistillationResult run(PairedImages images) {
        List<TrainingEvent.EpochFinished> history = new ArrayList<>();
        TrainingListener recording = event -> {
            if (event instanceof TrainingEvent.EpochFinished epoch) {
                history.add(epoch);
            }
            listener.on(event);
        };
        Map<String, Network> networks =
                Stages.run(stages, Map.of(TEACHER, teacher), images, recording, knowledge, checkpoints);
        return new DistillationResult(networks, stages, history);
    }
}
