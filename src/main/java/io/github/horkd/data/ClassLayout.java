package io.github.horkd.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What the paths of images say: names relative to what was asked for, and the first directory as the class.
 *
 * @param names   relative to the wrapping directory or the one asked for
 * @param labels  an index into the classes, or UNLABELLED
 * @param classes the class directories, sorted
 */
record ClassLayout(List<String> names, int[] labels, List<String> classes) {

    /** Whether a path lies below a directory, which may be given with or without the archive's wrapping directory. */
    static boolean isUnder(String path, String under) {
        return under.isEmpty() || path.startsWith(under + "/") || path.startsWith(under + "/", path.indexOf('/') + 1);
    }

    static ClassLayout of(List<String> paths, ImageOptions options, Path source) {
        List<String> names = options.under().isEmpty()
                ? unwrapped(paths, options.labelled() ? 3 : 2)
                : below(paths, options.under());
        int[] labels = new int[names.size()];
        if (!options.labelled()) {
            Arrays.fill(labels, PairedImages.UNLABELLED);
            return new ClassLayout(names, labels, List.of());
        }
        check(names, options, source);
        List<String> classes =
                names.stream().map(ClassLayout::first).distinct().sorted().toList();
        for (int i = 0; i < labels.length; i++) {
            labels[i] = Collections.binarySearch(classes, first(names.get(i)));
        }
        return new ClassLayout(names, labels, classes);
    }

    private static void check(List<String> names, ImageOptions options, Path source) {
        List<String> outside = names.stream().filter(n -> n.indexOf('/') < 0).toList();
        if (!outside.isEmpty()) {
            throw new IllegalArgumentException(source + ": wanted every image in the directory of its class, got "
                    + outside.size() + " outside of one: " + FirstFew.of(outside)
                    + "; images without classes are opened with ImageOptions.unlabelled()");
        }
        List<String> deep =
                names.stream().filter(n -> n.indexOf('/') != n.lastIndexOf('/')).toList();
        if (!deep.isEmpty() && !options.deep()) {
            throw new IllegalArgumentException(source + ": wanted class/image, got " + deep.size()
                    + " images that lie deeper, such as "
                    + deep.get(0) + "; name the directory of the classes with ImageOptions.under(\""
                    + first(deep.get(0)) + "\"), or take the first directory as the class with ImageOptions.nested()");
        }
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
