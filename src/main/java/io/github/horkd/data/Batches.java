package io.github.horkd.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Which images make up the batches of an epoch. A plan is a pure function of its seed and the epoch's number: it can be
 * asked for any epoch, in any order, any number of times.
 */
public final class Batches {

    /** Stands for "no cap". */
    private static final int ALL = Integer.MAX_VALUE;

    private final int[] labels;
    private final int classes;
    private final int classesPerBatch;
    private final int imagesPerClass;
    private final int size;
    private final int cap;
    private final boolean keepsRest;
    private final long seed;

    private Batches(
            int[] labels,
            int classes,
            int classesPerBatch,
            int imagesPerClass,
            int size,
            int cap,
            boolean keepsRest,
            long seed) {
        this.labels = labels;
        this.classes = classes;
        this.classesPerBatch = classesPerBatch;
        this.imagesPerClass = imagesPerClass;
        this.size = size;
        this.cap = cap;
        this.keepsRest = keepsRest;
        this.seed = seed;
    }

    /**
     * Every image once an epoch, in random order. What does not fill a batch at the end is left out of that epoch, since
     * relations need their batch; {@link #keepRest()} changes that. Fewer images than a batch, after a cap, make one small batch.
     *
     * @param images the source; images without a label take part
     * @param size   images a batch, at least 1 and at most the source's size
     * @param seed   seeds the order
     * @return the plan
     */
    public static Batches shuffled(PairedImages images, int size, long seed) {
        if (size < 1 || size > images.size()) {
            throw new IllegalArgumentException(
                    "batch size: wanted 1 to the " + images.size() + " images there are, got " + size);
        }
        return new Batches(labels(images), images.classes().size(), 0, 0, size, ALL, false, seed);
    }

    /**
     * P classes with K images each in every batch, and as many batches as the labelled images would fill. Classes take
     * turns in random order, so in the long run small ones are seen as often as large ones; within a class no image
     * returns before all others were seen. A class of fewer than K images repeats some within the batch: combine with
     * an {@link Augmentation}, or leave such classes out with {@link PairedImages#classesWithAtLeast}. Images without a
     * label take no part.
     *
     * @param images         the source
     * @param classes        P, at least 1 and at most the number of classes with a labelled image
     * @param imagesPerClass K, at least 1
     * @param seed           seeds the order
     * @return the plan; its batches have P × K images
     */
    public static Batches balanced(PairedImages images, int classes, int imagesPerClass, long seed) {
        int[] labels = labels(images);
        long present = Arrays.stream(labels)
                .filter(l -> l != PairedImages.UNLABELLED)
                .distinct()
                .count();
        if (classes < 1 || classes > present || imagesPerClass < 1) {
            throw new IllegalArgumentException("balanced batches: wanted 1 to the " + present
                    + " classes with labelled images and at least 1 image of each, got " + classes + " x "
                    + imagesPerClass);
        }
        return new Batches(
                labels,
                images.classes().size(),
                classes,
                imagesPerClass,
                Math.multiplyExact(classes, imagesPerClass),
                ALL,
                false,
                seed);
    }

    /**
     * This plan with the last, smaller batch of an epoch kept. Balanced batches have no rest.
     *
     * @return the changed plan
     */
    public Batches keepRest() {
        return new Batches(labels, classes, classesPerBatch, imagesPerClass, size, cap, true, seed);
    }

    /**
     * This plan with at most some images of any class in one epoch, drawn anew for each epoch: against the few classes
     * that would fill most of it. Images without a label are not limited.
     *
     * @param images how many, at least 1
     * @return the changed plan
     */
    public Batches capPerClass(int images) {
        if (images < 1) {
            throw new IllegalArgumentException("cap per class: wanted at least 1 image, got " + images);
        }
        return new Batches(labels, classes, classesPerBatch, imagesPerClass, size, images, keepsRest, seed);
    }

    /**
     * The seed of this plan.
     *
     * @return as it was given
     */
    public long seed() {
        return seed;
    }

    /**
     * Images in a full batch.
     *
     * @return at least 1
     */
    public int size() {
        return size;
    }

    /**
     * How many batches every epoch has.
     *
     * @return at least 1
     */
    public int count() {
        int[] counts = new int[classes + 1];
        for (int label : labels) {
            counts[label + 1]++;
        }
        long images = IntStream.rangeClosed(1, classes)
                .mapToLong(c -> Math.min(counts[c], cap))
                .sum();
        if (classesPerBatch == 0) {
            images += counts[0];
        }
        return (int) Math.max(1, keepsRest && classesPerBatch == 0 ? (images + size - 1) / size : images / size);
    }

    /**
     * The batches of one epoch.
     *
     * @param epoch any number; equal numbers give equal batches
     * @return indices into the source, batch by batch
     */
    public List<int[]> epoch(int epoch) {
        long epochSeed = Seeds.mix(seed, epoch);
        return classesPerBatch == 0 ? shuffled(epochSeed) : balanced(epochSeed);
    }

    private List<int[]> shuffled(long epochSeed) {
        int[] order = IntStream.range(0, labels.length).toArray();
        Seeds.shuffle(order, new SplittableRandom(epochSeed));
        int[] taken = new int[classes];
        int[] capped = Arrays.stream(order)
                .filter(i -> labels[i] == PairedImages.UNLABELLED || taken[labels[i]]++ < cap)
                .toArray();
        List<int[]> batches = new ArrayList<>();
        for (int b = 0; b < count(); b++) {
            batches.add(Arrays.copyOfRange(capped, b * size, Math.min((b + 1) * size, capped.length)));
        }
        return batches;
    }

    private List<int[]> balanced(long epochSeed) {
        List<CyclicShuffle> byClass = new ArrayList<>();
        int[][] members = members();
        for (int c = 0; c < classes; c++) {
            if (members[c].length > 0) {
                byClass.add(new CyclicShuffle(members[c], cap, new SplittableRandom(Seeds.mix(epochSeed, c))));
            }
        }
        CyclicShuffle turns =
                new CyclicShuffle(IntStream.range(0, byClass.size()).toArray(), ALL, new SplittableRandom(epochSeed));
        List<int[]> batches = new ArrayList<>();
        for (int b = 0; b < count(); b++) {
            int[] batch = new int[size];
            int at = 0;
            for (int turn : turns.draw(classesPerBatch)) {
                for (int index : byClass.get(turn).draw(imagesPerClass)) {
                    batch[at++] = index;
                }
            }
            batches.add(batch);
        }
        return batches;
    }

    /** The images of every class, found in one pass: there may be as many classes as people in a city. */
    private int[][] members() {
        int[] counts = new int[classes];
        for (int label : labels) {
            if (label != PairedImages.UNLABELLED) {
                counts[label]++;
            }
        }
        int[][] members = new int[classes][];
        Arrays.setAll(members, c -> new int[counts[c]]);
        for (int i = labels.length - 1; i >= 0; i--) {
            if (labels[i] != PairedImages.UNLABELLED) {
                members[labels[i]][--counts[labels[i]]] = i;
            }
        }
        return members;
    }

    private static int[] labels(PairedImages images) {
        return IntStream.range(0, images.size()).map(images::label).toArray();
    }
}
