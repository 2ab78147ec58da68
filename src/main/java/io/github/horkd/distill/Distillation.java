package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    /** So much more labels weigh where every image has one; decisions/weak-teacher says why. */
    private static final double FULLY_LABELLED = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Distillation.class);

    private final KnowledgeSource teacher;
    private final List<Stage> stages;
    private final Told told;
    private final TrainingListener listener;
    private final KnowledgeStore knowledge;
    private final Checkpoints checkpoints;

    /**
     * Which options a builder was told, rather than left to us.
     *
     * @param labels       the weight of labels
     * @param schedule     how long and how fast, or a part of it
     * @param augmentation how pairs are moved
     */
    record Told(boolean labels, boolean schedule, boolean augmentation) {}

    Distillation(
            KnowledgeSource teacher,
            List<Stage> stages,
            Told told,
            TrainingListener listener,
            KnowledgeStore knowledge,
            Checkpoints checkpoints) {
        this.teacher = teacher;
        this.stages = List.copyOf(stages);
        this.told = told;
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
     * Runs the stages. Unless {@link DistillationBuilder#labels} says their weight, labels count where there are any: with 1 + 3 · the share of images that have one, for
     * what many labels teach shall not be lost beside a guide. Of images without a single label the student learns from the guide alone, which the log says. Where the guide alone teaches, and nothing else was said, a run takes 5,000 steps of 128 pairs (20 epochs at least, 100 at most) at a
     * learning rate of 8e-3 and a weight decay of 0.1, with small shifts and mirror images.
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
        List<Stage> run = stagesOn(images);
        Map<String, Network> networks =
                Stages.run(run, Map.of(TEACHER, teacher), images, recording, knowledge, checkpoints);
        return new DistillationResult(networks, run, history);
    }

    /** The stages as they are run on these images. */
    private List<Stage> stagesOn(PairedImages images) {
        if (told.labels()) {
            boolean guideAlone =
                    stages.stream().allMatch(stage -> stage.options().labelWeight() == 0);
            return guideAlone ? withoutLabels(images) : stages;
        }
        long labelled = IntStream.range(0, images.size())
                .filter(i -> images.label(i) != PairedImages.UNLABELLED)
                .count();
        if (labelled == 0) {
            LOG.info("distillation: none of the images has a label; learns from the guide alone");
            return withoutLabels(images);
        }
        double weight = 1 + FULLY_LABELLED * labelled / images.size();
        LOG.info(
                "distillation: {} of {} images have a label; labels weigh {}",
                labelled,
                images.size(),
                String.format(Locale.ROOT, "%.2f", weight));
        return stages.stream()
                .map(stage -> stage.withOptions(stage.options().withLabelWeight(weight)))
                .toList();
    }

    private List<Stage> withoutLabels(PairedImages images) {
        return stages.stream().map(stage -> withoutLabels(stage, images)).toList();
    }

    private Stage withoutLabels(Stage stage, PairedImages images) {
        TrainingOptions options = stage.options().withLabelWeight(0);
        if (!told.schedule()) {
            options = options.withSchedule(GuideAlone.schedule(images.size()));
        }
        if (!told.augmentation()) {
            options = options.withAugmentation(GuideAlone.augmentation(teacher, images));
        }
        return stage.withOptions(options);
    }
}
