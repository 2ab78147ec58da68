package io.github.horkd.data;

import io.github.horkd.internal.file.ComposedName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Several sources one after another, as one: first all images of the first, then all of the second, and so on. Their views must have the same shapes. Classes
 * are paired by name. Nothing is copied.
 */
public final class JoinedImages implements PairedImages {

    private final List<PairedImages> parts;
    private final int[] starts;
    private final List<String> classes;
    private final int[][] labels;

    private JoinedImages(List<PairedImages> parts) {
        this.parts = parts;
        this.starts = new int[parts.size() + 1];
        this.labels = new int[parts.size()][];
        Map<String, Integer> numbers = new LinkedHashMap<>();
        Map<String, Integer> names = new HashMap<>();
        for (int p = 0; p < parts.size(); p++) {
            PairedImages part = parts.get(p);
            for (Resolution view : Resolution.values()) {
                if (!part.shape(view).equals(parts.get(0).shape(view))) {
                    throw new IllegalArgumentException("joined images: wanted " + view + " views of "
                            + parts.get(0).shape(view) + " as in the first source, got " + part.shape(view)
                            + " in source " + p);
                }
            }
            checkNames(part, p, names);
            starts[p + 1] = Math.addExact(starts[p], part.size());
            labels[p] = part.classes().stream()
                    .map(ComposedName::of)
                    .mapToInt(name -> numbers.computeIfAbsent(name, unknown -> numbers.size()))
                    .toArray();
        }
        this.classes = List.copyOf(numbers.keySet());
        ClassLayout.sayAlike("joined images", classes);
    }

    /** What is known of an image is kept under its name, so two of one name would share it. */
    private static void checkNames(PairedImages part, int number, Map<String, Integer> names) {
        for (int i = 0; i < part.size(); i++) {
            Integer before = names.putIfAbsent(ComposedName.of(part.name(i)), number);
            if (before != null && before != number) {
                throw new IllegalArgumentException("joined images: wanted every image name in one source only, got '"
                        + part.name(i) + "' in sources " + before + " and " + number
                        + "; open them from a common folder above, so that their names begin with different directories,"
                        + " or join each source once");
            }
        }
    }

    /**
     * Joins sources.
     *
     * @param parts the sources, at least one, views of the same shapes, no image name in two of them
     * @return all their images, in this order
     * @throws IllegalArgumentException when there is no source, shapes differ, or an image name is in two sources
     */
    public static JoinedImages of(PairedImages... parts) {
        if (parts.length == 0) {
            throw new IllegalArgumentException("joined images: wanted at least one source, got none");
        }
        return new JoinedImages(List.of(parts));
    }

    @Override
    public int size() {
        return starts[parts.size()];
    }

    @Override
    public ImageShape shape(Resolution resolution) {
        return parts.get(0).shape(resolution);
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public int label(int index) {
        int part = part(index);
        int label = parts.get(part).label(index - starts[part]);
        return label == UNLABELLED ? UNLABELLED : labels[part][label];
    }

    @Override
    public String name(int index) {
        int part = part(index);
        return parts.get(part).name(index - starts[part]);
    }

    @Override
    public LeftOut leftOut() {
        return parts.stream().map(PairedImages::leftOut).reduce(LeftOut.NOTHING, LeftOut::and);
    }

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        int part = part(index);
        parts.get(part).read(index - starts[part], pose, high, highAt, low, lowAt);
    }

    private int part(int index) {
        int found = Arrays.binarySearch(starts, Objects.checkIndex(index, size()));
        int part = found >= 0 ? found : -found - 2;
        while (starts[part + 1] == starts[part]) {
            part++; // an empty source begins where the next one does
        }
        return part;
    }
}
