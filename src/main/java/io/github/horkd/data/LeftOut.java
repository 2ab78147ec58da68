package io.github.horkd.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a source found and did not take, and why. Its text is what the warning says: counts and examples.
 *
 * @param files       every file left out, in the order of their names
 * @param directories directories from which no image came, be they empty or full of other things: often lost classes
 */
public record LeftOut(List<File> files, List<String> directories) {

    /** Nothing was left out. */
    public static final LeftOut NOTHING = new LeftOut(List.of(), List.of());

    /** Why a file was left out. */
    public enum Reason {
        /** By its name it is no image of a kind that is read. */
        OTHER_KIND("not images of a kind that is read"),
        /** It is damaged, too large, too small, a link to nothing, or may not be read. */
        UNREADABLE("unreadable"),
        /** The list of images and classes does not name it. */
        NOT_LISTED("not on the list"),
        /** There is no image of its name in the other resolution. */
        NO_PARTNER("without a partner"),
        /** It has no class that can be read. */
        NO_CLASS("without a class"),
        /** Its name, or that of a directory it lies in, begins with a dot; of a directory the name alone is told. */
        HIDDEN("hidden by a dot in front of a name");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    /**
     * One file.
     *
     * @param name   its path below the folder or archive
     * @param reason why it was left out
     * @param detail the same in words; empty where the reason says it all
     */
    public record File(String name, Reason reason, String detail) {

        @Override
        public String toString() {
            return detail.isEmpty() ? name : name + " " + detail;
        }
    }

    /** Copies both lists. */
    public LeftOut {
        files = List.copyOf(files);
        directories = List.copyOf(directories);
    }

    /** Whether everything was taken. */
    public boolean isEmpty() {
        return files.isEmpty() && directories.isEmpty();
    }

    /**
     * How many files were left out for one reason.
     *
     * @param reason the reason
     * @return at least 0
     */
    public long count(Reason reason) {
        return files.stream().filter(f -> f.reason == reason).count();
    }

    /** This and what another source left out. */
    LeftOut and(LeftOut other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        List<File> all = new ArrayList<>(files);
        all.addAll(other.files);
        List<String> both = new ArrayList<>(directories);
        both.addAll(other.directories);
        return new LeftOut(all, both);
    }

    /** Texts and notes beside the directories of the classes, not among images, are expected and not worth a warning. */
    boolean isExpected(Collection<String> images) {
        if (isEmpty()) {
            return true;
        }
        Set<String> withImages = images.stream().map(LeftOut::directory).collect(Collectors.toSet());
        return directories.isEmpty()
                && files.stream()
                        .allMatch(f -> f.reason == Reason.OTHER_KIND
                                && (f.name.indexOf('/') < 0 || !withImages.contains(directory(f.name))));
    }

    private static String directory(String name) {
        return name.substring(0, Math.max(name.lastIndexOf('/'), 0));
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        for (Reason reason : Reason.values()) {
            List<String> named = files.stream()
                    .filter(f -> f.reason == reason)
                    .map(File::toString)
                    .collect(Collectors.toList());
            if (!named.isEmpty()) {
                parts.add(named.size() + " " + reason.text + ": " + FirstFew.of(named));
            }
        }
        if (!directories.isEmpty()) {
            parts.add(directories.size() + " directories without an image: " + FirstFew.of(directories));
        }
        return parts.isEmpty() ? "nothing" : String.join("; ", parts);
    }
}
