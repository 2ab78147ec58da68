package io.github.horkd.distill;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Sampling;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.guide.Scaling;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.model.Backbone;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Options of a {@link Distillation}; every one has a default but the student. The order in which options are given makes no difference. One that is
 * given twice has its last value. {@link #epochs} and {@link #batchSize} go before what {@link #schedule} says of them.
 */
public final class DistillationBuilder {

    private final KnowledgeSource teacher;
    private Learner assistant;
    private Learner student;
    private Resolution assistantResolution;
    private boolean studentAlsoFromTeacher;
    /** Null: what is recommended for the guide. */
    private BatchLoss loss;

    private GuideBank bank = GuideBank.defaults();
    private boolean everywhere;
    private boolean lossReadsLabels;
    private List<MapTerm> maps = List.of();
    private boolean labelsTold;
    private boolean scheduleTold;
    private boolean augmentationTold;
    private double logitsWeight = 1;
    private double temperature = 4;
    private StageSchedules schedules = StageSchedules.defaults();
    private TrainingOptions options = TrainingOptions.of(schedules.of(0), 1);
    private final List<TrainingListener> listeners = new ArrayList<>(List.of(Listeners.log()));
    private KnowledgeStore knowledge = KnowledgeStore.inMemory();
    private Checkpoints checkpoints = Checkpoints.none();

    DistillationBuilder(KnowledgeSource teacher) {
        this.teacher = teacher;
    }

    /** With an assistant between teacher and student, a new network with a softmax head. Without one the student learns from the teacher directly. */
    public DistillationBuilder assistant(Backbone backbone) {
        return assistant(Learner.of(backbone));
    }

    /** With an assistant between teacher and student. */
    public DistillationBuilder assistant(Learner learner) {
        assistant = Arguments.present("assistant", learner);
        return this;
    }

    /** The resolution that the assistant learns at, high by default; only with an assistant. */
    public DistillationBuilder assistantResolution(Resolution resolution) {
        assistantResolution = Arguments.present("assistantResolution", resolution);
        return this;
    }

    /** The student, a new network with a softmax head. */
    public DistillationBuilder student(Backbone backbone) {
        return student(Learner.of(backbone));
    }

    /** The student, a network of the user's own for instance. */
    public DistillationBuilder student(Learner learner) {
        student = Arguments.present("student", learner);
        return this;
    }

    /** The student is held against the teacher besides the assistant, by the same losses; only with an assistant. */
    public DistillationBuilder studentAlsoFromTeacher() {
        studentAlsoFromTeacher = true;
        return this;
    }

    /** The loss between embeddings, any one; what {@link GuideLoss#recommended} says by default. */
    public DistillationBuilder loss(BatchLoss onEmbeddings) {
        loss = Arguments.present("loss", onEmbeddings);
        return this;
    }

    /** What losses that compare with a bank are handed, unless they have one of their own; what the guide knows of 16,384 images at most by default. */
    public DistillationBuilder bank(GuideBank what) {
        bank = Arguments.present("bank", what);
        return this;
    }

    /**
     * Losses against guides count in full whatever the labels say; see {@link GuideLoss#everywhere()}. By default what a guide says of images that it takes for another class is
     * left out, and the rest weighs less the less it is seen to agree with the labels.
     */
    public DistillationBuilder alsoWhereGuideErrs() {
        everywhere = true;
        return this;
    }

    /** Tells the loss between embeddings the images' labels where it reads classes, see {@link GuideLoss#withLabels}; not by default. */
    public DistillationBuilder lossReadsLabels() {
        lossReadsLabels = true;
        return this;
    }

    /** Losses between feature maps inside teacher and student; none by default, and with an assistant only together with {@link #studentAlsoFromTeacher}. */
    public DistillationBuilder maps(MapTerm... terms) {
        maps = List.of(terms);
        return this;
    }

    /** The weight of the loss over labels: 0 when labels do not count; by default 1 + 3 · the share of images that have one, and 0 where none has. */
    public DistillationBuilder labels(double weight) {
        labelsTold = true;
        options = options.withLabelWeight(weight);
        return this;
    }

    /**
     * The loss between softened logits, over the classes that guide and learner share by name. A guide without logits is no error.
     *
     * @param weight 1 by default; 0 when logits do not count
     * @param softening the temperature T, 4 by default
     */
    public DistillationBuilder softLogits(double weight, double softening) {
        Arguments.weight("softLogits: weight", weight);
        if (!(softening > 0) || Double.isInfinite(softening)) {
            throw new IllegalArgumentException("softLogits: wanted a finite temperature above 0, got " + softening);
        }
        logitsWeight = weight;
        temperature = softening;
        return this;
    }

    /** How long and how fast in every stage; 20 epochs in batches of 64 by default, longer where the guide alone teaches, see {@link Distillation#run}. */
    public DistillationBuilder schedule(Schedule both) {
        scheduleTold = true;
        schedules = schedules.withSchedules(both);
        return this;
    }

    /** How long and how fast for assistant and student; only with an assistant. */
    public DistillationBuilder schedule(Schedule first, Schedule second) {
        scheduleTold = true;
        schedules = schedules.withSchedules(first, second);
        return this;
    }

    /** Passes over the images in every stage, all else as the schedule says. */
    public DistillationBuilder epochs(int both) {
        scheduleTold = true;
        schedules = schedules.withEpochs(both);
        return this;
    }

    /** Passes over the images for assistant and student, all else as the schedules say; only with an assistant. */
    public DistillationBuilder epochs(int first, int second) {
        scheduleTold = true;
        schedules = schedules.withEpochs(first, second);
        return this;
    }

    /** Pairs a step in every stage, at least 2, all else as the schedules say. */
    public DistillationBuilder batchSize(int pairs) {
        scheduleTold = true;
        schedules = schedules.withBatchSize(pairs);
        return this;
    }

    /** How new learners scale intensities; standardised by default. */
    public DistillationBuilder scaling(Scaling how) {
        options = options.withScaling(how);
        return this;
    }

    /** How batches are drawn; shuffled by default. */
    public DistillationBuilder sampling(Sampling how) {
        options = options.withSampling(how);
        return this;
    }

    /** How pairs are moved; not at all by default, a little where the guide alone teaches, see {@link Distillation#run}. What a guide knows is known of the image and its mirror image, not of every other pose. */
    public DistillationBuilder augmentation(Augmentation how) {
        augmentationTold = true;
        options = options.withAugmentation(how);
        return this;
    }

    /** Judges every stage by a held-out part; not by default. */
    public DistillationBuilder earlyStopping(EarlyStopping rule) {
        options = options.withEarlyStopping(rule);
        return this;
    }

    /** Recognises people who are not learned from while a stage learns; not by default. */
    public DistillationBuilder validation(Validation how) {
        options = options.withValidation(how);
        return this;
    }

    /** In which space a guide's embeddings are learned; whitened where they are off centre by default, as they are where not. */
    public DistillationBuilder space(SpaceMethod method) {
        options = options.withSpace(method);
        return this;
    }

    /** In how many poses guides are asked about every image, see {@link TrainingOptions#guidePoses()}; 0 by default. Only with augmentation. */
    public DistillationBuilder guidePoses(int count) {
        options = options.withGuidePoses(count);
        return this;
    }

    /** Seeds weights, batches, augmentation and dropout; 1 by default. The two stages draw from different streams of it. */
    public DistillationBuilder seed(long value) {
        options = options.withSeed(value);
        return this;
    }

    /** Somebody else who is told what happens, besides {@link Listeners#log()} and those of earlier calls. */
    public DistillationBuilder listen(TrainingListener who) {
        listeners.add(Arguments.present("listener", who));
        return this;
    }

    /**
     * Where what guides know is kept; a store of this distillation's own, in memory, by default. Several distillations over the same images may share one.
     * {@link KnowledgeStore#inFolder(Path)} is for knowledge that outlasts the program or is larger than its heap.
     */
    public DistillationBuilder knowledge(KnowledgeStore store) {
        knowledge = Arguments.present("knowledge", store);
        return this;
    }

    /** Keeps the run in a directory that belongs to it alone, see {@link Checkpoints#in}. */
    public DistillationBuilder checkpoints(Path directory) {
        return checkpoints(Checkpoints.in(directory));
    }

    /** Keeps the run, so that the same one goes on where it stopped; not by default. */
    public DistillationBuilder checkpoints(Checkpoints how) {
        checkpoints = Arguments.present("checkpoints", how);
        return this;
    }

    /**
     * Checks the options.
     *
     * @return the distillation, ready to run
     * @throws IllegalArgumentException when there is no student, or an option that only an assistant or an augmentation can follow
     */
    public Distillation build() {
        if (student == null) {
            throw new IllegalArgumentException(
                    "student: wanted a backbone or a network that learns, got none; call student(…)");
        }
        List<Stage> stages = new ArrayList<>();
        List<GuideLoss> losses = new ArrayList<>();
        if (assistant == null) {
            onlyWithAssistant(schedules.perStage(), "a schedule or epochs for each of two stages");
            onlyWithAssistant(assistantResolution != null, "assistantResolution");
            onlyWithAssistant(studentAlsoFromTeacher, "studentAlsoFromTeacher");
        } else {
            Resolution resolution = assistantResolution == null ? Resolution.HIGH : assistantResolution;
            stages.add(new Stage(
                    Distillation.ASSISTANT, assistant, resolution, List.of(against(Distillation.TEACHER)), options(0)));
            losses.add(against(Distillation.ASSISTANT).withResolution(resolution));
        }
        if (assistant == null || studentAlsoFromTeacher) {
            losses.add(against(Distillation.TEACHER).andMaps(maps.toArray(MapTerm[]::new)));
        } else if (!maps.isEmpty()) {
            throw new IllegalArgumentException(
                    "maps: wanted a student that learns from the teacher, got one that learns from the assistant alone; call"
                            + " studentAlsoFromTeacher(), or write the stages");
        }
        stages.add(new Stage(Distillation.STUDENT, student, Resolution.LOW, losses, options(1)));
        stages.forEach(Stage::checkPoses);
        TrainingListener all = Listeners.all(listeners.toArray(TrainingListener[]::new));
        return new Distillation(
                teacher,
                stages,
                new Distillation.Told(labelsTold, scheduleTold, augmentationTold),
                all,
                knowledge,
                checkpoints);
    }

    private static void onlyWithAssistant(boolean asked, String what) {
        if (asked) {
            throw new IllegalArgumentException(
                    what + ": wanted an assistant, got none; call assistant(…), or leave that option out");
        }
    }

    private GuideLoss against(String guide) {
        GuideLoss onEmbeddings =
                (loss == null ? GuideLoss.recommended(guide) : GuideLoss.onEmbeddings(guide, loss)).withBank(bank);
        GuideLoss told = lossReadsLabels ? onEmbeddings.withLabels() : onEmbeddings;
        GuideLoss against =
                !teacher.classes().isEmpty() && logitsWeight > 0 ? told.andLogits(logitsWeight, temperature) : told;
        return everywhere ? against.alsoWhereGuideErrs() : against;
    }

    private TrainingOptions options(int stage) {
        return options.withSchedule(schedules.of(stage)).withSeed(options.seed() * 2 + 1 - stage);
    }
}
