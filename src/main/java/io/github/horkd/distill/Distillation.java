package io.github.horkd.distill;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Sampling;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.guide.Scaling;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * From a teacher that recognises high-resolution images to a student that recognises low-resolution ones, by way of an assistant where one is asked for.
 * What the builder makes is two {@link Stage}s (one without an assistant), which {@link #stages()} shows; whoever wants another arrangement writes the
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
    private final Optional<Path> checkpoints;

    private Distillation(
            KnowledgeSource teacher,
            List<Stage> stages,
            TrainingListener listener,
            KnowledgeStore knowledge,
            Optional<Path> checkpoints) {
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
    public static Builder from(KnowledgeSource teacher) {
        return new Builder(Objects.requireNonNull(teacher, "teacher: wanted a guide, got null"));
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
        Map<String, Network> networks = Stages.run(
                stages,
                Map.of(TEACHER, teacher),
                images,
                event -> {
                    if (event instanceof TrainingEvent.EpochFinished epoch) {
                        history.add(epoch);
                    }
                    listener.on(event);
                },
                knowledge,
                checkpoints);
        return new DistillationResult(networks, stages, history);
    }

    /** Options of a distillation; every one has a default but the student. */
    public static final class Builder {

        private final KnowledgeSource teacher;
        private Learner assistant;
        private Learner student;
        private Resolution assistantSees = Resolution.HIGH;
        private HybridOrderLoss loss = HybridOrderLoss.defaults();
        private double labelWeight = 1;
        private double logitsWeight = 1;
        private double temperature = 4;
        private boolean studentAlsoFromTeacher;
        private Schedule schedule = Schedule.epochs(20);
        private Schedule assistantSchedule;
        private Scaling scaling = Scaling.STANDARDISED;
        private Sampling sampling = Sampling.shuffled();
        private Augmentation augmentation = Augmentation.none();
        private EarlyStopping earlyStopping;
        private long seed = 1;
        private TrainingListener listener = Listeners.log();
        private KnowledgeStore knowledge = KnowledgeStore.inMemory();
        private Path checkpoints;

        private Builder(KnowledgeSource teacher) {
            this.teacher = teacher;
        }

        /**
         * With an assistant between teacher and student; without this call the student learns from the teacher directly.
         *
         * @param backbone who learns in the first stage, with a softmax head
         * @return this
         */
        public Builder assistant(Backbone backbone) {
            return assistant(Learner.of(backbone));
        }

        /**
         * With an assistant between teacher and student.
         *
         * @param learner who learns in the first stage
         * @return this
         */
        public Builder assistant(Learner learner) {
            this.assistant = learner;
            return this;
        }

        /**
         * The view that the assistant resolution, high resolution by default.
         *
         * @param resolution the view
         * @return this
         */
        public Builder assistantResolution(Resolution resolution) {
            this.assistantSees = resolution;
            return this;
        }

        /**
         * The student.
         *
         * @param backbone who learns in the last stage, with a softmax head
         * @return this
         */
        public Builder student(Backbone backbone) {
            return student(Learner.of(backbone));
        }

        /**
         * The student with a margin head, or a network of the user's own.
         *
         * @param learner who learns in the last stage
         * @return this
         */
        public Builder student(Learner learner) {
            this.student = learner;
            return this;
        }

        /**
         * A new student with a head of choice; the assistant keeps its own.
         *
         * @param backbone who learns in the last stage
         * @param head     how it tells classes apart
         * @return this
         */
        public Builder student(Backbone backbone, Head head) {
            return student(new Learner.New(backbone, head));
        }

        /**
         * The loss between embeddings.
         *
         * @param hybrid by default {@link HybridOrderLoss#defaults()}
         * @return this
         */
        public Builder loss(HybridOrderLoss hybrid) {
            this.loss = hybrid;
            return this;
        }

        /**
         * The loss over labels.
         *
         * @param weight 1 by default; 0 when labels do not count
         * @return this
         */
        public Builder labels(double weight) {
            this.labelWeight = weight;
            return this;
        }

        /**
         * The loss between softened logits. Used where the guide has logits for the classes of the images; a guide without is no error.
         *
         * @param weight 1 by default; 0 when logits do not count
         * @param temperature T, 4 by default
         * @return this
         */
        public Builder softLogits(double weight, double temperature) {
            this.logitsWeight = weight;
            this.temperature = temperature;
            return this;
        }

        /**
         * Lets the student learn from the teacher besides the assistant, by the same loss.
         *
         * @return this
         */
        public Builder studentAlsoFromTeacher() {
            this.studentAlsoFromTeacher = true;
            return this;
        }

        /**
         * How long and how fast.
         *
         * @param both of every stage
         * @return this
         */
        public Builder schedule(Schedule both) {
            this.schedule = both;
            this.assistantSchedule = null;
            return this;
        }

        /**
         * How long and how fast, stage by stage.
         *
         * @param first  of the assistant
         * @param second of the student
         * @return this
         */
        public Builder schedule(Schedule first, Schedule second) {
            this.assistantSchedule = first;
            this.schedule = second;
            return this;
        }

        /**
         * Passes over the images, all else of the schedule as it stands.
         *
         * @param first  of the assistant
         * @param second of the student
         * @return this
         */
        public Builder epochs(int first, int second) {
            Schedule s = schedule;
            return schedule(
                    new Schedule(first, 0, s.batchSize(), s.learningRate(), s.weightDecay(), s.curve()),
                    new Schedule(second, 0, s.batchSize(), s.learningRate(), s.weightDecay(), s.curve()));
        }

        /**
         * Pairs a step, in every stage.
         *
         * @param pairs at least 2
         * @return this
         */
        public Builder batchSize(int pairs) {
            schedule = schedule.withBatchSize(pairs);
            assistantSchedule = assistantSchedule == null ? null : assistantSchedule.withBatchSize(pairs);
            return this;
        }

        /**
         * How the learners scale intensities; standardised by default.
         *
         * @param how the scaling
         * @return this
         */
        public Builder scaling(Scaling how) {
            this.scaling = how;
            return this;
        }

        /**
         * How batches are drawn; shuffled by default.
         *
         * @param how the sampling
         * @return this
         */
        public Builder sampling(Sampling how) {
            this.sampling = how;
            return this;
        }

        /**
         * How pairs are moved; not at all by default. What a guide knows is known of the image and its mirror image, not of every other pose.
         *
         * @param how the augmentation
         * @return this
         */
        public Builder augmentation(Augmentation how) {
            this.augmentation = how;
            return this;
        }

        /**
         * Stops a stage when a held-out part says so; not by default.
         *
         * @param rule what is held out, and how patient to be
         * @return this
         */
        public Builder earlyStopping(EarlyStopping rule) {
            this.earlyStopping = rule;
            return this;
        }

        /**
         * Seeds weights, batches, augmentation and dropout; 1 by default.
         *
         * @param value any value; the two stages draw from different streams of it
         * @return this
         */
        public Builder seed(long value) {
            this.seed = value;
            return this;
        }

        /**
         * Who is told what happens; by default {@link Listeners#log()}.
         *
         * @param who one listener, or several by {@link Listeners#all}
         * @return this
         */
        public Builder listen(TrainingListener who) {
            this.listener = who;
            return this;
        }

        /**
         * Where what guides saw is kept; a store of this distillation's own, in memory, by default. Several distillations over the same images may
         * share one; {@link KnowledgeStore#inFolder(Path)} is for knowledge that outlasts the program or is larger than its heap.
         *
         * @param store the store
         * @return this
         */
        public Builder knowledge(KnowledgeStore store) {
            this.knowledge = store;
            return this;
        }

        /**
         * Keeps finished stages and the last epoch of an unfinished one, so that the same run goes on where it stopped. A
         * {@link io.github.horkd.loss.RelationMemory} begins empty again.
         *
         * @param directory is there, and belongs to this run alone
         * @return this
         */
        public Builder checkpoints(Path directory) {
            this.checkpoints = directory;
            return this;
        }

        /**
         * Checks the options.
         *
         * @return the distillation, ready to run
         */
        public Distillation build() {
            if (student == null) {
                throw new IllegalArgumentException(
                        "student: wanted a backbone or a network that learns, got none; call student(…)");
            }
            List<Stage> stages = new ArrayList<>();
            List<GuideLoss> losses = new ArrayList<>();
            if (assistant != null) {
                boolean logits = teacher.classes().size() > 0;
                stages.add(stage(
                        ASSISTANT,
                        assistant,
                        assistantSees,
                        List.of(guideLoss(TEACHER, logits)),
                        assistantSchedule == null ? schedule : assistantSchedule,
                        seed * 2 + 1));
                losses.add(guideLoss(ASSISTANT, logits).withResolution(assistantSees));
            }
            if (assistant == null || studentAlsoFromTeacher) {
                losses.add(guideLoss(TEACHER, teacher.classes().size() > 0));
            }
            stages.add(stage(STUDENT, student, Resolution.LOW, losses, schedule, seed * 2));
            return new Distillation(teacher, stages, listener, knowledge, Optional.ofNullable(checkpoints));
        }

        private GuideLoss guideLoss(String guide, boolean logits) {
            GuideLoss guideLoss = GuideLoss.onEmbeddings(guide, loss);
            return logits && logitsWeight > 0 ? guideLoss.andLogits(logitsWeight, temperature) : guideLoss;
        }

        private Stage stage(
                String name,
                Learner learner,
                Resolution resolution,
                List<GuideLoss> losses,
                Schedule how,
                long stageSeed) {
            return new Stage(
                    name,
                    learner,
                    resolution,
                    scaling,
                    labelWeight,
                    losses,
                    how,
                    sampling,
                    augmentation,
                    Optional.ofNullable(earlyStopping),
                    stageSeed);
        }
    }
}
