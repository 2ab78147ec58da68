package io.github.horkd.experiment;

import io.github.horkd.data.Resolution;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One variant with one seed, or the networks that all variants share; a directory of its own. While it runs, everything up to the last epoch is there.
 *
 * @param directory  where it is
 * @param variant    the variant's name; {@link #SHARED} for networks that are not one variant's
 * @param seed       of the run; of a variant that is the same for all seeds, the first one
 * @param state      how far it is
 * @param seconds    it took
 * @param figures    by the names of the manifest's columns, in percent; empty until it is finished
 * @param networks   those that it trained, in order
 * @param epochs     every epoch of every stage, in order; of a run that was gone on with, too
 * @param validation what held-out people said while it learned; empty without {@code validation}
 * @param matching   curves of the final matching: "HR-LR" and "LR-LR" as far as the variant has them; empty until it is finished
 * @param byResolution the same network on coarser pictures; empty where it was not asked for
 * @param answers    what was answered about each of up to 2,000 test pictures; empty until it is finished
 */
public record RunResult(
        Path directory,
        String variant,
        long seed,
        RunState state,
        double seconds,
        Map<String, Double> figures,
        List<TrainedNetwork> networks,
        List<Epoch> epochs,
        List<ValidationPoint> validation,
        List<MatchingCurves> matching,
        List<AtResolution> byResolution,
        List<Answer> answers) {

    /** The {@link #variant} of networks that several variants share, a teacher for instance. */
    public static final String SHARED = "";

    /** Copies the lists. */
    public RunResult {
        networks = List.copyOf(networks);
        epochs = List.copyOf(epochs);
        validation = List.copyOf(validation);
        matching = List.copyOf(matching);
        byResolution = List.copyOf(byResolution);
        answers = List.copyOf(answers);
    }

    /**
     * A network that a run trained.
     *
     * @param name            of its stage
     * @param file            in the run's directory
     * @param onnx            in the run's directory; empty where none was written
     * @param parameters      how many it has
     * @param bytes           of the file
     * @param seconds         its training took, without what an earlier, interrupted run did
     * @param bestEpoch       whose parameters it has
     * @param imagesPerSecond through the network, 64 at a time on this machine; NaN where it was not measured
     */
    public record TrainedNetwork(
            String name,
            String file,
            String onnx,
            long parameters,
            long bytes,
            double seconds,
            int bestEpoch,
            double imagesPerSecond) {}

    /**
     * One epoch of one stage.
     *
     * @param stage          its name
     * @param epoch          from 1
     * @param epochs         planned in all
     * @param loss           the weighted sum of all terms
     * @param heldOutLoss    NaN where no pairs were held out
     * @param learningRate   of the last step
     * @param pairsPerSecond pairs trained on
     * @param terms          every term by name, raw and weighted
     */
    public record Epoch(
            String stage,
            int epoch,
            int epochs,
            double loss,
            double heldOutLoss,
            double learningRate,
            double pairsPerSecond,
            List<TermValue> terms) {

        /** Copies the list. */
        public Epoch {
            terms = List.copyOf(terms);
        }
    }

    /**
     * How well people who are not learned from were recognised at some epoch, as shares of 1.
     *
     * @param stage        its name
     * @param epoch        0 before the first one
     * @param rankOne      probes of the learner whose nearest picture in the gallery is of the same person
     * @param auc          area under the curve of the learner
     * @param naiveRankOne the same of the naive use of the teacher; NaN where there is none
     * @param naiveAuc     the same of the naive use of the teacher; NaN where there is none
     * @param followed     whether this epoch is the best so far by the figure that the stage follows; false where it follows none
     */
    public record ValidationPoint(
            String stage,
            int epoch,
            double rankOne,
            double auc,
            double naiveRankOne,
            double naiveAuc,
            boolean followed) {}

    /**
     * How well scores tell people apart, and how well they find them.
     *
     * @param name      HR-LR: low-resolution probes against the high-resolution gallery; LR-LR: within low resolution; HR-HR
     * @param auc       area under the ROC curve, 0…1
     * @param eer       equal error rate, 0…1
     * @param roc       corners of the curve, 300 at most; {@code falseReject = 1 − trueAccept} gives the DET curve
     * @param cmc       entry k − 1 is the share of probes found within the first k, up to 50 entries
     * @param openSet   half of the people enrolled, the others strangers; empty with fewer than four people
     * @param scores    cosines of pairs of the same person and of others
     */
    public record MatchingCurves(
            String name,
            double auc,
            double eer,
            List<Corner> roc,
            List<Double> cmc,
            List<Corner> openSet,
            Histogram scores) {

        /** Copies the lists. */
        public MatchingCurves {
            roc = List.copyOf(roc);
            cmc = List.copyOf(cmc);
            openSet = List.copyOf(openSet);
        }
    }

    /**
     * A corner of a curve.
     *
     * @param threshold   scores from this on are accepted
     * @param falseAccept share of pairs of other people accepted (FAR); of an open set, of strangers taken for somebody (FPIR)
     * @param trueAccept  share of pairs of the same person accepted (TAR); of an open set, of known people found (DIR)
     */
    public record Corner(double threshold, double falseAccept, double trueAccept) {}

    /**
     * Shares of cosines by equal bins from −1 to 1.
     *
     * @param same  of pairs of the same person, sum 1
     * @param other of pairs of different people, sum 1
     */
    public record Histogram(List<Double> same, List<Double> other) {

        /** Copies the lists. */
        public Histogram {
            same = List.copyOf(same);
            other = List.copyOf(other);
        }
    }

    /**
     * The same network on pictures of fewer pixels, enlarged to what it takes; shares of 1.
     *
     * @param side         pixels of the coarser picture's height
     * @param rankOne      of the variant's network, across resolutions
     * @param auc          of the variant's network, across resolutions
     * @param naiveRankOne of its teacher on the same pictures enlarged; NaN where there is none
     * @param naiveAuc     of its teacher on the same pictures enlarged; NaN where there is none
     */
    public record AtResolution(int side, double rankOne, double auc, double naiveRankOne, double naiveAuc) {}

    /**
     * What was answered about one test picture.
     *
     * @param picture its name
     * @param person  who it shows
     * @param right   whether the nearest picture of the gallery is of the same person
     * @param nearest up to five pictures of the gallery, nearest first, one a person
     */
    public record Answer(String picture, String person, boolean right, List<Neighbour> nearest) {

        /** Copies the list. */
        public Answer {
            nearest = List.copyOf(nearest);
        }
    }

    /**
     * A picture of the gallery.
     *
     * @param picture its name
     * @param person  who it shows
     * @param cosine  to the probe
     */
    public record Neighbour(String picture, String person, double cosine) {}

    /**
     * The embeddings of the test pictures by the variant's network, as far as they were kept.
     *
     * @return the table of {@code probes.npy} and {@code probes.csv}
     * @throws java.io.UncheckedIOException when it is not there or damaged
     */
    public EmbeddingTable probes() {
        return EmbeddingTable.read(directory, "probes");
    }

    /**
     * The embeddings that the probes were matched against.
     *
     * @return the table of {@code gallery.npy} and {@code gallery.csv}
     * @throws java.io.UncheckedIOException when it is not there or damaged
     */
    public EmbeddingTable gallery() {
        return EmbeddingTable.read(directory, "gallery");
    }

    /**
     * A picture that was copied into the directory, where the experiment asks for it: some of the test, and the nearest of the gallery to them.
     *
     * @param name its name, as in {@link #answers}
     * @param view which
     * @return a PNG file; empty where it was not copied
     */
    public Optional<Path> picture(String name, Resolution view) {
        return Optional.of(RunFiles.pictureFile(directory, name, view)).filter(Files::exists);
    }
}
