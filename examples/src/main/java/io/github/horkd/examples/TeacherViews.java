package io.github.horkd.examples;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.AugmentedPool;
import io.github.horkd.data.BlendedImages;
import io.github.horkd.data.JoinedImages;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.RenderedLowViews;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.guide.PrecomputedKnowledge;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.loss.Bank;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.indexing.SpecifiedIndex;

/**
 * Many views of unlabelled pictures, each of which a teacher is asked about once: the picture as it is, posed, and mixed with another one. Any part of the pictures
 * can then be trained on without asking again.
 */
final class TeacherViews {

    private static final Augmentation POSES = Augmentation.none()
            .flip()
            .shift(5)
            .rotate(0.14)
            .scale(0.1)
            .contrast(0.2)
            .brightness(0.05);
    private static final double EDGES = 0.4;

    private final PairedImages all;
    private final PairedImages views;
    /** The pictures that each view is made of. */
    private final int[][] pictures;

    /**
     * Draws the views.
     *
     * @param images the pictures
     * @param posed  posed views a picture, at least 1
     * @param mixed  mixtures a picture, 0 for none
     */
    TeacherViews(PairedImages images, int posed, int mixed, long seed) {
        int n = images.size();
        var moved = new AugmentedPool(images, posed, POSES, seed);
        var blended =
                new BlendedImages(new AugmentedPool(images, Math.max(mixed, 1), POSES, seed + 1), EDGES, seed + 2);
        all = mixed == 0 ? JoinedImages.of(images, moved) : JoinedImages.of(images, moved, blended);
        pictures = IntStream.range(0, all.size())
                .mapToObj(v -> v < n * (1 + posed)
                        ? new int[] {v % n}
                        : Arrays.stream(blended.parts(v - n * (1 + posed)))
                                .map(p -> p % n)
                                .toArray())
                .toArray(int[][]::new);
        views = RenderedLowViews.of(all);
    }

    /** How many views there are. */
    int size() {
        return all.size();
    }

    /** What a teacher says of all views, a row a view. */
    INDArray ask(KnowledgeSource teacher, KnowledgeStore store, IntConsumer progress) {
        Knowledge knowledge = store.of(teacher, all, Resolution.HIGH, KnownPoses.asIs(), progress);
        int[] indices = IntStream.range(0, all.size()).toArray();
        Pose[] asIs = new Pose[indices.length];
        Arrays.fill(asIs, Pose.IDENTITY);
        return knowledge.embeddings(indices, asIs);
    }

    /** The answers about the pictures as they are. */
    INDArray pictures(INDArray answers, IntPredicate allowed) {
        return rows(
                answers,
                IntStream.range(0, pictures.length)
                        .filter(v -> asItIs(v) && allowed.test(v))
                        .toArray());
    }

    /** So many of the pictures, drawn with a seed; 0: all. */
    IntPredicate some(int count, long seed) {
        if (count == 0) {
            return i -> true;
        }
        List<Integer> drawn = new ArrayList<>();
        for (int v = 0; v < pictures.length; v++) {
            if (asItIs(v)) {
                drawn.add(v);
            }
        }
        Collections.shuffle(drawn, new Random(seed));
        return Set.copyOf(drawn.subList(0, Math.min(count, drawn.size())))::contains;
    }

    private boolean asItIs(int view) {
        return pictures[view].length == 1 && pictures[view][0] == view;
    }

    /** The views that are made of pictures that are allowed alone. */
    PairedImages images(IntPredicate allowed) {
        return views.subset(kept(allowed));
    }

    /** A teacher's answers about these. */
    PrecomputedKnowledge knowledge(INDArray answers, IntPredicate allowed) {
        PairedImages images = images(allowed);
        var names = IntStream.range(0, images.size()).mapToObj(images::name).toList();
        return PrecomputedKnowledge.of(names, rows(answers, kept(allowed)));
    }

    /** What it says of the pictures as they are, in a space; the views are known to be theirs. */
    Bank bank(INDArray answers, IntPredicate allowed, EmbeddingSpace space) {
        int[] kept = kept(allowed);
        int[] place = new int[pictures.length];
        int count = 0;
        for (int v : kept) {
            if (asItIs(v)) {
                place[v] = count++;
            }
        }
        INDArray targets = space.apply(rows(answers, kept));
        return Bank.of(targets.get(NDArrayIndex.interval(0, count), NDArrayIndex.all()))
                .withViews(
                        targets,
                        IntStream.of(kept)
                                .mapToObj(v -> Arrays.stream(pictures[v])
                                        .map(p -> place[p])
                                        .toArray())
                                .toArray(int[][]::new));
    }

    private int[] kept(IntPredicate allowed) {
        return IntStream.range(0, pictures.length)
                .filter(v -> Arrays.stream(pictures[v]).allMatch(allowed))
                .toArray();
    }

    private static INDArray rows(INDArray answers, int[] which) {
        return answers.get(
                new SpecifiedIndex(Arrays.stream(which).asLongStream().toArray()), NDArrayIndex.all());
    }
}
