package io.github.horkd.experiment;

import java.util.Arrays;
import java.util.List;

/**
 * Images of an experiment, by description.
 *
 * @param source     where they come from
 * @param selections what is taken of them, one after the other
 */
public record ImageSet(ImageSource source, List<Selection> selections) {

    /** Checks that there is a source. */
    public ImageSet {
        if (source == null) {
            throw new IllegalArgumentException("source: wanted where images come from, got none");
        }
        selections = List.copyOf(selections);
    }

    /**
     * Images from a source.
     *
     * @param source     where they come from
     * @param selections what is taken of them, one after the other
     * @return the set
     */
    public static ImageSet of(ImageSource source, Selection... selections) {
        return new ImageSet(source, List.of(selections));
    }

    /**
     * A part of another set.
     *
     * @param name       the other set's name
     * @param selections what is taken of it, one after the other
     * @return the set
     */
    public static ImageSet ofSet(String name, Selection... selections) {
        return of(new ImageSource.SetNamed(name), selections);
    }

    /** Whether its own description has seeds that differ from run to run. */
    boolean varies() {
        return varies(this);
    }

    /** Whether a part of a description has such seeds. */
    static boolean varies(Object value) {
        if (value instanceof Seed seed) {
            return seed.varies();
        }
        if (value instanceof List<?> items) {
            return items.stream().anyMatch(ImageSet::varies);
        }
        return value instanceof Record record
                && Arrays.stream(record.getClass().getRecordComponents())
                        .map(component -> Form.component(component, record))
                        .anyMatch(ImageSet::varies);
    }
}
