package io.github.horkd.data;

import io.github.horkd.internal.file.BoundedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Pairs of pictures and whether both show the same person, as InsightFace ships its verification sets ({@code lfw.bin},
 * {@code cfp_fp.bin}, {@code agedb_30.bin}): a Python pickle of encoded pictures and answers. It is read without Python and
 * without constructing anything; a pickle that holds more is refused by its first foreign instruction.
 *
 * <p>Pair i is images 2i and 2i + 1, named by their numbers in nine digits.
 *
 * @param images the pictures, unlabelled, since a pair says whether two are of one person and not of whom
 * @param same   an answer for each pair
 */
public record VerificationSet(PairedImages images, List<Boolean> same) {

    /** Rejects anything but two pictures for each answer. */
    public VerificationSet {
        same = List.copyOf(same);
        if (images.size() != 2 * same.size()) {
            throw new IllegalArgumentException("verification set: wanted two pictures for each of " + same.size()
                    + " answers, got " + images.size());
        }
    }

    /**
     * Loads a set.
     *
     * @param file        ends in .bin
     * @param highShape   the high-resolution view; its channels decide between gray and colour
     * @param degradation how the low-resolution view is made
     * @return the set
     * @throws UncheckedIOException when the file is no such pickle, is damaged, or has a picture that cannot be read
     */
    public static VerificationSet load(Path file, ImageShape highShape, Degradation degradation) {
        return load(file, highShape, degradation, Limits.defaults());
    }

    /**
     * Loads a set.
     *
     * @param file        ends in .bin
     * @param highShape   the high-resolution view; its channels decide between gray and colour
     * @param degradation how the low-resolution view is made
     * @param limits      what reading may cost; the file itself must have less than 2 GiB
     * @return the set
     * @throws UncheckedIOException when the file is no such pickle, is damaged, or has a picture that cannot be read
     */
    public static VerificationSet load(Path file, ImageShape highShape, Degradation degradation, Limits limits) {
        Pickle pickle = new Pickle(file);
        PairedImages images = ImageFolder.derived(
                pickle,
                file,
                highShape.channels(),
                highShape,
                degradation,
                ImageOptions.defaults().unlabelled().withLimits(limits));
        return new VerificationSet(images, pickle.same);
    }

    /** The first image of each pair. */
    public int[] first() {
        int[] first = new int[same.size()];
        Arrays.setAll(first, i -> 2 * i);
        return first;
    }

    /** The second image of each pair. */
    public int[] second() {
        int[] second = new int[same.size()];
        Arrays.setAll(second, i -> 2 * i + 1);
        return second;
    }

    /** The answer for each pair. */
    public boolean[] answers() {
        boolean[] answers = new boolean[same.size()];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = same.get(i);
        }
        return answers;
    }

    /**
     * Folds in the order of the file, as scikit-learn's {@code KFold} without shuffling makes them and InsightFace uses them.
     *
     * @param count how many, 2 to the number of pairs
     * @return the fold of each pair, 0 … count − 1
     */
    public int[] folds(int count) {
        if (count < 2 || count > same.size()) {
            throw new IllegalArgumentException("folds: wanted 2 to " + same.size() + ", got " + count);
        }
        int[] folds = new int[same.size()];
        int larger = same.size() % count;
        int length = same.size() / count;
        for (int i = 0; i < folds.length; i++) {
            int inLarger = larger * (length + 1);
            folds[i] = i < inLarger ? i / (length + 1) : larger + (i - inLarger) / length;
        }
        return folds;
    }

    /** The pickle as a tree of pictures. */
    private static final class Pickle implements FileTree {

        private final Path file;
        private List<Boolean> same = List.of();

        Pickle(Path file) {
            this.file = file;
        }

        @Override
        public void visit(Predicate<String> wanted, Limits limits, Visitor visitor) throws IOException {
            RemainingLimits remaining = new RemainingLimits(limits);
            byte[] content = content(limits);
            List<?> parts = PickledPairs.read(content);
            if (parts.size() != 2
                    || !(parts.get(0) instanceof List<?> pictures)
                    || !(parts.get(1) instanceof List<?> answers)
                    || !pictures.stream().allMatch(PickledPairs.Slice.class::isInstance)
                    || !answers.stream().allMatch(Boolean.class::isInstance)) {
                throw new IOException(
                        "wanted a pickled tuple of encoded pictures and of answers that are true or false");
            }
            if (pictures.size() != 2 * answers.size()) {
                throw new IOException(
                        "wanted two pictures for each of its " + answers.size() + " answers, got " + pictures.size());
            }
            same = answers.stream().map(Boolean.class::cast).toList();
            for (int i = 0; i < pictures.size(); i++) {
                PickledPairs.Slice slice = (PickledPairs.Slice) pictures.get(i);
                remaining.countFile();
                String name = String.format(Locale.ROOT, "%09d", i);
                if (slice.length() > limits.maxFileBytes()) {
                    visitor.unreadable(
                            name, new IOException("has more than the " + limits.maxFileBytes() + " bytes allowed"));
                } else {
                    remaining.count(slice.length()); // One picture may stand in many places.
                    visitor.file(name, Arrays.copyOfRange(content, slice.from(), slice.from() + slice.length()));
                }
            }
        }

        private byte[] content(Limits limits) throws IOException {
            try {
                return BoundedFile.bytes(file, limits.maxTotalBytes());
            } catch (NoSuchFileException e) {
                throw new IOException("there is no such file", e);
            }
        }

        @Override
        public Optional<ClassLayout> layout(List<String> names, ImageOptions options) {
            return Optional.of(ClassLayout.unlabelled(names));
        }
    }
}
