package io.github.horkd.experiment;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.guide.LocalScaling;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One variant in one run, asked about images: every set once. */
public final class Trial {

    private final EvaluationPlan plan;
    private final long seed;
    private final Function<String, PairedImages> sets;
    private final Embeddings probing;
    private final Resolution sees;
    private final Embeddings enrolling;
    private final GalleryCache galleries;
    private final Map<String, KnowledgeSource.Output> probed = new HashMap<>();
    private final Map<String, LocalScaling> scalings = new HashMap<>();

    /** Galleries of several variants, the last few of them. */
    static final class GalleryCache {
        private static final int KEPT = 4;
        private final Map<String, INDArray> kept = new LinkedHashMap<>();
        private final Map<String, double[]> naive = new HashMap<>();

        /** Where sets differ from seed to seed, so do galleries. */
        void clear() {
            kept.clear();
            naive.clear();
        }

        /** What the naive use of a teacher reaches on coarser pictures: the same for all variants. */
        double[] naive(String key, Supplier<double[]> measured) {
            return naive.computeIfAbsent(key, unknown -> measured.get());
        }

        INDArray of(Embeddings way, String set, PairedImages images) {
            String key = way.source().identity() + "/" + way.mirrored() + "/" + set;
            INDArray known = kept.remove(key);
            INDArray rows = known == null ? way.of(images, Resolution.HIGH) : known;
            kept.put(key, rows);
            if (kept.size() > KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
            return rows;
        }
    }

    Trial(
            EvaluationPlan plan,
            long seed,
            Function<String, PairedImages> sets,
            Embeddings probing,
            Resolution sees,
            Embeddings enrolling,
            GalleryCache galleries) {
        this.plan = plan;
        this.seed = seed;
        this.sets = sets;
        this.probing = probing;
        this.sees = sees;
        this.enrolling = enrolling;
        this.galleries = galleries;
    }

    /**
     * The seed of the run.
     *
     * @return what a {@link Seed} follows from
     */
    public long seed() {
        return seed;
    }

    /**
     * A set of the experiment.
     *
     * @param name its name
     * @return its images in this run
     */
    public PairedImages set(String name) {
        return sets.apply(name);
    }

    /**
     * The set whose pictures are probes.
     *
     * @return its name
     */
    public String test() {
        return plan.test();
    }

    /**
     * The set that probes are looked for in.
     *
     * @return its name; empty for all the other pictures of the test
     */
    public String gallerySet() {
        return plan.gallery();
    }

    /**
     * Embeddings by the variant's network, of the view that it is shown.
     *
     * @param set the images
     * @return [N, D]
     */
    public INDArray probes(String set) {
        return output(set).embeddings();
    }

    /**
     * Logits of the test pictures by the variant's network.
     *
     * @return [N, C]; empty for a network without classes
     */
    public Optional<INDArray> logits() {
        return output(test()).logits();
    }

    /**
     * The classes of the logits.
     *
     * @return in order
     */
    public List<String> classes() {
        return probing.source().classes();
    }

    private KnowledgeSource.Output output(String set) {
        return probed.computeIfAbsent(set, name -> probing.outputs(set(name), sees));
    }

    /**
     * Embeddings of the high-resolution view by who makes the gallery, in the space that the variant's network learned.
     *
     * @param set the images
     * @return [N, D]
     */
    public INDArray gallery(String set) {
        return galleries.of(enrolling.toMatch(probing.source()), set, set(set));
    }

    /**
     * What takes away how alike a picture is to everybody, by pictures of people who are neither enrolled nor probes.
     *
     * @param against what probes are matched with
     * @param cohort  the set of those pictures; of more than 4,000, as many count
     * @return the scaling, for galleries and probes of this variant
     */
    public LocalScaling localScaling(Measure.Against against, String cohort) {
        return scalings.computeIfAbsent(
                against + "/" + cohort, key -> LocalScaling.of(against.gallery(this, cohort), probes(cohort)));
    }

    /** The gallery in its maker's own space, where its naive use is best. */
    INDArray rawGallery(String set) {
        return galleries.of(enrolling, set, set(set));
    }

    GalleryCache galleries() {
        return galleries;
    }

    /** Whether probes and gallery can be matched. */
    boolean sharesWidth() {
        return probing.source().embeddingWidth()
                == enrolling.toMatch(probing.source()).source().embeddingWidth();
    }

    /**
     * The labels of a set, in the numbers of the test's classes; classes that the test does not have come behind them.
     *
     * @param set the images
     * @return one an image
     */
    public int[] labels(String set) {
        PairedImages images = set(set);
        Map<String, Integer> numbers = new HashMap<>();
        set(test()).classes().forEach(name -> numbers.put(name, numbers.size()));
        int[] known = images.classes().stream()
                .mapToInt(name -> numbers.computeIfAbsent(name, unknown -> numbers.size()))
                .toArray();
        return IntStream.range(0, images.size())
                .map(images::label)
                .map(label -> label == PairedImages.UNLABELLED ? label : known[label])
                .toArray();
    }

    Resolution sees() {
        return sees;
    }

    Embeddings probing() {
        return probing;
    }

    Embeddings enrolling() {
        return enrolling;
    }
}
