package io.github.horkd.distill;

import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import io.github.horkd.model.Network;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** What happens while a network learns. The set is closed: a listener may switch over it. */
public sealed interface TrainingEvent {

    /**
     * The stage that it happens in.
     *
     * @return the stage's name
     */
    String stage();

    /**
     * A stage begins.
     *
     * @param stage     its name
     * @param learner   the network that learns, still untrained
     * @param pairs     how many pairs it learns from
     * @param epochs    how many passes are planned; the last may be a part of one
     * @param steps     how many optimiser steps are planned
     * @param batchSize pairs a step
     */
    record StageStarted(String stage, Network learner, int pairs, int epochs, int steps, int batchSize)
            implements TrainingEvent {}

    /**
     * The graph that a stage trains is there: the learner with its loss heads, before the first step. DL4J's own listeners may be added to it ({@link
     * Listeners#dl4j}). It is gone when the stage ends; what is changed in it is learned from.
     *
     * @param stage its name
     * @param graph what DL4J will fit
     */
    record GraphBuilt(String stage, ComputationGraph graph) implements TrainingEvent {}

    /**
     * A stage goes on from where an earlier run stopped.
     *
     * @param stage its name
     * @param epoch the first epoch that is run now, from 1
     */
    record StageResumed(String stage, int epoch) implements TrainingEvent {}

    /**
     * A stage was finished by an earlier run; its network was loaded.
     *
     * @param stage   its name
     * @param network the network as it was saved
     */
    record StageSkipped(String stage, Network network) implements TrainingEvent {}

    /**
     * Some classes have no partner of their name on the other side, so they are left out of a loss.
     *
     * @param stage   its name
     * @param what    what they are left out of: "labels", or a guide's logits
     * @param classes their names
     * @param why     who does not know them
     */
    record ClassesLeftOut(String stage, String what, List<String> classes, String why) implements TrainingEvent {

        /** Copies the list. */
        public ClassesLeftOut {
            classes = List.copyOf(classes);
        }
    }

    /**
     * A frozen guide was asked about some more images. Does not happen when its answers are known already.
     *
     * @param stage the stage that needs to know
     * @param guide the guide's name
     * @param seen  views that it was asked about so far, those before an interruption included
     * @param views views in all
     */
    record KnowledgeGathered(String stage, String guide, int seen, int views) implements TrainingEvent {}

    /**
     * The space in which a guide's embeddings are learned is known.
     *
     * @param stage the stage that learns in it
     * @param guide the guide's name
     * @param space with what was found about the guide's own embeddings ({@link EmbeddingSpace#report()})
     */
    record SpaceFitted(String stage, String guide, EmbeddingSpace space) implements TrainingEvent {}

    /**
     * A guide does not agree with all labels. What it says of the other images is left out of the losses against it, and these weigh less.
     *
     * @param stage    the stage that learns from it
     * @param guide    the guide's name
     * @param labelled images with a label that the guide knows
     * @param agreed   those of them that it takes for that class
     * @param trust    the share of their weight that the losses begin with, 0…1; it falls to its fifth power over the stage
     */
    record GuideDisagrees(String stage, String guide, int labelled, int agreed, double trust)
            implements TrainingEvent {}

    /**
     * Losses hold a learner against several guides value by value, and the embeddings of these lie in different spaces: the learner's can lie in one of them at most.
     *
     * @param stage  the stage that learns from them
     * @param guides their names
     */
    record SpacesDiffer(String stage, List<String> guides) implements TrainingEvent {

        /** Copies the list. */
        public SpacesDiffer {
            guides = List.copyOf(guides);
        }
    }

    /**
     * The bank that a loss was handed before the stage holds none of the training images looked at, as their guide's embeddings reach the loss. That is meant where a bank holds
     * strangers; otherwise its rows come from another guide, view or space.
     *
     * @param stage  the stage
     * @param guide  the guide's name
     * @param term   the name of the loss
     * @param space  in which the guide's embeddings are learned
     */
    record UnrelatedBank(String stage, String guide, String term, EmbeddingSpace space) implements TrainingEvent {}

    /**
     * One optimiser step is done.
     *
     * @param stage its name
     * @param epoch from 1
     * @param step  from 1, over the whole stage
     * @param steps planned in all
     * @param loss  the weighted sum of all terms on this batch
     */
    record StepFinished(String stage, int epoch, int step, int steps, double loss) implements TrainingEvent {}

    /**
     * One pass over the images is done.
     *
     * @param stage           its name
     * @param epoch           from 1
     * @param epochs          planned in all
     * @param loss            the weighted sum of all terms, mean over the steps of this epoch
     * @param terms           every term by name, raw and weighted, mean over the steps of this epoch
     * @param heldOutLoss     the loss on held-out pairs; empty without {@link EarlyStopping}
     * @param learningRate    of the last step
     * @param pairsPerSecond  pairs trained on, over the time of this epoch
     * @param timeLeft        for the rest of the stage at this pace
     */
    record EpochFinished(
            String stage,
            int epoch,
            int epochs,
            double loss,
            List<TermValue> terms,
            OptionalDouble heldOutLoss,
            double learningRate,
            double pairsPerSecond,
            Duration timeLeft)
            implements TrainingEvent {

        /** Copies the list. */
        public EpochFinished {
            terms = List.copyOf(terms);
        }
    }

    /**
     * People who are not learned from were recognised ({@link Validation}). Comes once before the first epoch. All figures are shares of 1.
     *
     * @param stage        its name
     * @param epoch        after which; 0 before the first
     * @param matching     HR-LR: probes of the learner against a gallery of its guide; LR-LR or HR-HR: within the learner's own resolution
     * @param rankOne      probes whose nearest picture is of the same person
     * @param auc          area under the curve of all pairs, one person one vote
     * @param naiveRankOne the same by the guide alone, given enlarged pictures; NaN where it cannot be
     * @param naiveAuc     the same by the guide alone, given enlarged pictures; NaN where it cannot be
     * @param best         whether it is the best so far by the figure that is followed; false where none is
     */
    record Validated(
            String stage,
            int epoch,
            String matching,
            double rankOne,
            double auc,
            double naiveRankOne,
            double naiveAuc,
            boolean best)
            implements TrainingEvent {}

    /**
     * A stage is done.
     *
     * @param stage     its name
     * @param network   the trained network
     * @param bestEpoch the epoch whose parameters it has, from 1
     * @param took      how long the stage took, knowledge included
     */
    record StageFinished(String stage, Network network, int bestEpoch, Duration took) implements TrainingEvent {}
}
