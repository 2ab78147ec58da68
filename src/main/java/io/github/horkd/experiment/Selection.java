package io.github.horkd.experiment;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.AugmentedPool;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.MixedResolution;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Split;
import io.github.horkd.eval.PeopleList;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.slf4j.LoggerFactory;

/** What is taken of images, or made of them. A kind of one's own is a record that implements it, see {@link TypeRegistry}. */
public interface Selection {

    /**
     * Takes it.
     *
     * @param images  of what
     * @param context the run that they are for
     * @return the images, fewer, without some labels, or moved
     */
    PairedImages of(PairedImages images, SourceContext context);

    /** A side of a split. */
    enum Side {
        /** What is learned from. */
        TRAIN,
        /** What is judged by. */
        TEST;

        PairedImages of(Split split) {
            return this == TRAIN ? split.train() : split.test();
        }
    }

    /**
     * The first so many.
     *
     * @param count how many
     */
    record First(int count) implements Selection {
        @Override
        public PairedImages of(PairedImages images, SourceContext context) {
            return images.subset(
                    IntStream.range(0, Math.min(count, images.size())).toArray());
        }
    }

    /**
     * A part of a split in which every class is on both sides.
     *
     * @param side  which part
     * @param share of the training part, between 0 and 1
     * @param seed  of the split
     */
    record Part(Side side, double share, Seed seed) implements Selection {
        @Override
        public PairedImages of(PairedImages images, SourceContext context) {
            return side.of(images.split(share, seed.of(context.seed())));
        }
    }

    /**
     * A part of a split that keeps people apart.
     *
     * @param side  which part
     * @param share of the training part, between 0 and 1
     * @param seed  of the split
     */
    record PartOfPeople(Side side, double share, Seed seed) implements Selection {
        @Override
        public PairedImages of(PairedImages images, SourceContext context) {
            return side.of(images.splitByClass(share, seed.of(context.seed())));
        }
    }

    /**
     * Images by their names.
     *
     * @param matching a regular expression that is found in the name
     */
    record Named(String matching) implements Selection {
        @Override
        public PairedImages of(PairedImages images, SourceContext context) {
            Pattern pattern = Pattern.compile(matching);
            return images.where(i -> pattern.matcher(images.name(i)).find());
        }
    }

    /**
     * Classes of a list of people.
     *
     * @param list a file of the LFW format
     */
    record People(Path list) implements Selection {
        @Override
        public PairedImages of(PairedImages images, SourceContext context) {
            Set<String> names = PeopleList.read(list).names();
            return images.where(i -> images.label(i) != PairedImages.UNLABELLED
                    && names.contains(images.classes().get(images.label(i))));
        }
    }

    /**
     * Classes with so many images.
     *
     * @param images at least
     */
    record AtLeast(int images) implements Selection {
        @Override
        public PairedImages of(PairedImages all, SourceContext context) {
            PairedImages enough = all.classesWithAtLeast(images);
            int before = all.classes().size();
            int after = enough.classes().size();
            if (after < 2) {
                throw new IllegalArgumentException("data: wanted at least 2 classes with " + images
                        + " pictures or more, got " + after + " among the " + before);
            }
            if (after < before) {
                LoggerFactory.getLogger(AtLeast.class)
                        .warn(
                                "left out, having fewer than {} pictures: {} of {} classes",
                                images,
                                before - after,
                                before);
            }
            return enough;
        }
    }

    /** Hides all labels. */
    record WithoutLabels() implements Selection {
        @Override
        public PairedImages of(PairedImages images, SourceContext context) {
            return images.withoutLabels(i -> true);
        }
    }

    /**
     * Keeps the labels of images by their names, and hides the others.
     *
     * @param matching a regular expression that is found in the name
     */
    record LabelsNamed(String matching) implements Selection {
        @Override
        public PairedImages of(PairedImages images, SourceContext context) {
            Pattern pattern = Pattern.compile(matching);
            return images.withoutLabels(i -> !pattern.matcher(images.name(i)).find());
        }
    }

    /**
     * Keeps the labels of the first so many images, and hides the others.
     *
     * @param count how many
     */
    record LabelsOfFirst(int count) implements Selection {
        @Override
        public PairedImages of(PairedImages images, SourceContext context) {
            return images.withoutLabels(i -> i >= count);
        }
    }

    /**
     * Keeps the label of every n-th image of each class, beginning with its first, and hides the others.
     *
     * @param nth 5 for a fifth of the labels
     */
    record LabelsOfEvery(int nth) implements Selection {
        @Override
        public PairedImages of(PairedImages images, SourceContext context) {
            int[] seen = new int[images.classes().size()];
            boolean[] kept = new boolean[images.size()];
            for (int i = 0; i < kept.length; i++) {
                kept[i] = images.label(i) != PairedImages.UNLABELLED && seen[images.label(i)]++ % nth == 0;
            }
            return images.withoutLabels(i -> !kept[i]);
        }
    }

    /**
     * Moved copies, drawn once.
     *
     * @param copies       of every image
     * @param augmentation how they are moved
     * @param seed         of the drawing
     */
    record Pool(int copies, Augmentation augmentation, Seed seed) implements Selection {
        @Override
        public PairedImages of(PairedImages images, SourceContext context) {
            return new AugmentedPool(images, copies, augmentation, seed.of(context.seed()));
        }
    }

    /**
     * Every other high-resolution view is made of the low one: for a network that serves both.
     *
     * @param interpolation how the low view is enlarged
     */
    record Mixed(Interpolation interpolation) implements Selection {
        @Override
        public PairedImages of(PairedImages images, SourceContext context) {
            return new MixedResolution(images, interpolation);
        }
    }
}
