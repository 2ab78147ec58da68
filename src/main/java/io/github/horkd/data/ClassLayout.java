package io.github.horkd.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the paths of images say: names relative to what was asked for, and the first directory as the class.
 *
 * @param names   relative to the wrapping directory or the one asked for
 * @param labels  an index into the classes, or UNLABELLED
 * @param classes the class directories, sorted
 */
record ClassLayout(List<String> names, int[] labels, List<String> classes) {

    private static final Logger LOG = LoggerFactory.getLogger(ClassLayout.class);

    /** Whether a path lies below a directory, which may be given with or without the archive's wrapping directory. */
    static boolean isUnder(String path, String under) {
        return under.isEmpty() || path.startsWith(under + "/") || path.startsWith(under + "/", path.indexOf('/') + 1);
    }

    static ClassLayout of(List<String> paths, ImageOptions options, Path source) {
        return switch (options.layout()) {
            case UNLABELLED -> unlabelled(inner(paths, options, 2));
            case LIST -> throw new IllegalStateException("a list gives classes itself");
            case FIRST_DIRECTORY ->
                byDirectory(
                        wanted(inner(paths, options, Integer.MAX_VALUE), true, source),
                        source,
                        n -> n.indexOf('/'),
                        true);
            case LEAF_DIRECTORY ->
                byDirectory(wanted(inner(paths, options, 3), true, source), source, n -> n.lastIndexOf('/'), false);
            case CLASS_DIRECTORIES ->
                byDirectory(wanted(inner(paths, options, 3), false, source), source, n -> n.indexOf('/'), false);
        };
    }

    /** What a list says of paths; all of them are on it. */
    static ClassLayout of(List<String> paths, ImageList list) {
        List<String> names = paths.stream().map(list::keyOf).toList();
        Map<String, String> files = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String before = files.put(names.get(i), paths.get(i));
            if (before != null) {
                throw new IllegalArgumentException(list + ": " + names.get(i) + " may be " + before + " or "
                        + paths.get(i) + "; write the directory in the list too, or move one of them away");
            }
        }
        return numbered(names, names.stream().map(list::classOf).toList());
    }

    /** Labels for the names of classes; classes that are numbers keep the order of numbers. */
    static ClassLayout numbered(List<String> names, List<String> classOf) {
        List<String> different = classOf.stream().distinct().toList();
        boolean numbers = different.stream().allMatch(c -> c.matches("\\d{1,18}"));
        List<String> classes = different.stream()
                .sorted(numbers ? Comparator.comparingLong(Long::parseLong) : Comparator.naturalOrder())
                .toList();
        Map<String, Integer> at = new HashMap<>();
        for (int c = 0; c < classes.size(); c++) {
            at.put(classes.get(c), c);
        }
        return new ClassLayout(names, classOf.stream().mapToInt(at::get).toArray(), classes);
    }

    /** Names that look alike: they differ in nothing but case and blanks. Each is a class of its own all the same. */
    static List<List<String>> alike(List<String> names) {
        Map<String, List<String>> byLook = new TreeMap<>();
        names.forEach(name -> byLook.computeIfAbsent(
                        name.strip().replaceAll("[\\s\u00a0]+", " ").toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                .add(name));
        return byLook.values().stream().filter(same -> same.size() > 1).toList();
    }

    static void sayAlike(Object source, List<String> classes) {
        List<List<String>> alike = alike(classes);
        if (!alike.isEmpty()) {
            LOG.warn(
                    "{}: classes whose names differ only in case or blanks, each a class of its own: {}; where one is meant, give them one name",
                    source,
                    FirstFew.of(alike.stream().map(String::valueOf).toList()));
        }
    }

    private static List<String> inner(List<String> paths, ImageOptions options, int parts) {
        return options.under().isEmpty() ? unwrapped(paths, parts) : below(paths, options.under());
    }

    static ClassLayout unlabelled(List<String> names) {
        int[] labels = new int[names.size()];
        Arrays.fill(labels, PairedImages.UNLABELLED);
        return new ClassLayout(names, labels, List.of());
    }

    private static ClassLayout byDirectory(
            List<String> names, Path source, ToIntFunction<String> end, boolean mayBeWrapped) {
        List<String> classOf =
                names.stream().map(n -> n.substring(0, end.applyAsInt(n))).toList();
        List<String> classes = classOf.stream().distinct().sorted().toList();
        if (mayBeWrapped && classes.size() == 1) {
            long within = names.stream()
                    .filter(n -> n.indexOf('/') != n.lastIndexOf('/'))
                    .map(n -> first(rest(n)))
                    .distinct()
                    .count();
            if (within > 1) {
                LOG.warn(
                        "{}: all images are of the one class '{}', in {} directories; if those are the classes, say ImageOptions.under(\"{}\")",
                        source,
                        classes.get(0),
                        within,
                        classes.get(0));
            }
        }
        int[] labels = classOf.stream()
                .mapToInt(c -> Collections.binarySearch(classes, c))
                .toArray();
        return new ClassLayout(names, labels, classes);
    }

    private static List<String> wanted(List<String> names, boolean deep, Path source) {
        List<String> outside = names.stream().filter(n -> n.indexOf('/') < 0).toList();
        if (!outside.isEmpty()) {
            throw new IllegalArgumentException(
                    source + ": wanted every image in the directory of its class, got "
                            + outside.size() + " outside of one: " + FirstFew.of(outside)
                            + "; images without classes are opened with ImageOptions.unlabelled(), classes in a list with ImageOptions.withList(file)");
        }
        List<String> deeper =
                names.stream().filter(n -> n.indexOf('/') != n.lastIndexOf('/')).toList();
        if (!deeper.isEmpty() && !deep) {
            throw new IllegalArgumentException(
                    source + ": wanted class/image, got " + deeper.size()
                            + " images that lie deeper, such as "
                            + deeper.get(0) + "; name the directory of the classes with ImageOptions.under(\""
                            + first(deeper.get(0))
                            + "\"), or take the first directory as the class with ImageOptions.nested(), the last one with leafClasses()");
        }
        return names;
    }

    /** Without the one directory that everything is wrapped in, as long as enough path is left for all. */
    private static List<String> unwrapped(List<String> paths, int parts) {
        List<String> names = paths;
        while (names.stream().allMatch(n -> n.split("/").length >= parts)
                && names.stream().map(ClassLayout::first).distinct().count() == 1) {
            names = names.stream().map(ClassLayout::rest).toList();
        }
        return names;
    }

    private static List<String> below(List<String> paths, String under) {
        List<String> names = new ArrayList<>();
        for (String path : paths) {
            String inner = path.startsWith(under + "/") ? path : rest(path);
            names.add(inner.substring(under.length() + 1));
        }
        return names;
    }

    private static String first(String name) {
        return name.substring(0, name.indexOf('/'));
    }

    private static String rest(String name) {
        return name.substring(name.indexOf('/') + 1);
    }
}
