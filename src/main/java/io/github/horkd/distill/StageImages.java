package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Split;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The images of a stage: what is learned from, what is held out of it. Guides are asked about all of them and the answers are split, so that another seed, which holds out others, asks nothing anew.
 *
 * @param all      as they were given
 * @param learned  which of them are learned from; all, in order, where none is held out
 * @param training what is learned from
 * @param pairs    what early stopping judges by
 * @param held     which of all these pairs are
 * @param people   whom validation recognises
 */
record StageImages(
        PairedImages all,
        int[] learned,
        PairedImages training,
        Optional<HeldOut> pairs,
        int[] held,
        Optional<PairedImages> people) {

    static StageImages of(PairedImages all, Stage stage) {
        TrainingOptions options = stage.options();
        if (options.earlyStopping().active() && options.validation().decides()) {
            throw new IllegalArgumentException("stage " + stage.name()
                    + ": early stopping and validation would both decide which epoch is kept; follow one of them");
        }
        int[] rest = IntStream.range(0, all.size()).toArray();
        PairedImages left = all;
        Optional<PairedImages> people = Optional.empty();
        if (options.validation().people() instanceof Validation.People.Given given) {
            people = Optional.of(given.images());
        } else if (options.validation().people() instanceof Validation.People.HeldOut out) {
            boolean[] absent = heldOut(all, out.share(), stage);
            int[] shown = IntStream.range(0, all.size())
                    .filter(i -> all.label(i) != PairedImages.UNLABELLED && absent[all.label(i)])
                    .toArray();
            rest = IntStream.range(0, all.size())
                    .filter(i -> all.label(i) == PairedImages.UNLABELLED || !absent[all.label(i)])
                    .toArray();
            people = Optional.of(all.subset(shown));
            left = all.subset(rest).withoutUnusedClasses();
        }
        people.ifPresent(images -> wantMates(images, stage));
        if (!options.earlyStopping().active()) {
            return new StageImages(all, rest, left, Optional.empty(), new int[0], people);
        }
        int[] order = rest;
        double learned = 1 - options.earlyStopping().heldOut();
        // Told apart by index: names need not be unique.
        Split split = left.split(learned, options.seed());
        boolean[] trains = new boolean[left.size()];
        int[] trained = Split.trainIndices(left, learned, options.seed());
        IntStream.of(trained).forEach(i -> trains[i] = true);
        int[] held = IntStream.range(0, trains.length).filter(i -> !trains[i]).toArray();
        PairedImages training = split.train();
        PairedImages judged = split.test();
        return new StageImages(
                all,
                IntStream.of(trained).map(i -> order[i]).toArray(),
                training,
                Optional.of(HeldOut.of(judged, stage)),
                IntStream.of(held).map(i -> order[i]).toArray(),
                people);
    }

    /** Whether anything was taken out of all. */
    boolean split() {
        return learned.length < all.size();
    }

    private static boolean[] heldOut(PairedImages all, double share, Stage stage) {
        int[] present = IntStream.range(0, all.size())
                .map(all::label)
                .filter(label -> label != PairedImages.UNLABELLED)
                .distinct()
                .sorted()
                .toArray();
        int count = (int) Math.round(share * present.length);
        if (count < 2 || present.length - count < 2) {
            throw new IllegalArgumentException("stage " + stage.name()
                    + ": validation wants at least 2 people held out and 2 learned from, got " + count + " of "
                    + present.length
                    + " labelled; change the share, or give people of their own with Validation.on(…)");
        }
        SplittableRandom random = new SplittableRandom(stage.options().seed());
        boolean[] absent = new boolean[all.classes().size()];
        for (int i = 0; i < count; i++) {
            int chosen = i + random.nextInt(present.length - i);
            absent[present[chosen]] = true;
            present[chosen] = present[i];
        }
        return absent;
    }

    private static void wantMates(PairedImages images, Stage stage) {
        int[] counts = new int[images.classes().size()];
        IntStream.range(0, images.size())
                .map(images::label)
                .filter(label -> label != PairedImages.UNLABELLED)
                .forEach(label -> counts[label]++);
        long with = IntStream.of(counts).filter(count -> count > 1).count();
        if (with < 1 || IntStream.of(counts).filter(count -> count > 0).count() < 2) {
            throw new IllegalArgumentException("stage " + stage.name()
                    + ": validation wants at least 2 people, one of them with 2 pictures or more, got " + counts.length
                    + " people and " + images.size() + " pictures");
        }
    }
}
