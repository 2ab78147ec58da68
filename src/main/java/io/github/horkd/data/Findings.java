package io.github.horkd.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** What was found beside the images while a folder or an archive was read. */
final class Findings {

    private final ImageOptions options;
    private final Optional<ImageList> list;
    private final Map<String, String> failures = new ConcurrentSkipListMap<>();
    private final List<LeftOut.File> passedOver = new ArrayList<>();
    private final Set<String> directories = new TreeSet<>();

    Findings(ImageOptions options, Optional<ImageList> list) {
        this.options = options;
        this.list = list;
    }

    /** Whether a file is to be read, by its name. */
    boolean isWanted(String name) {
        return ImageDecoder.isImage(name)
                && !FileTree.isLitter(name)
                && ClassLayout.isUnder(name, options.under())
                && (list.isEmpty() || list.get().keyOf(name) != null);
    }

    /** May be called by any thread, unlike the others. */
    void failed(String name, String why) {
        failures.put(name, why);
    }

    void unreadable(String name, IOException why) {
        if (ClassLayout.isUnder(name, options.under())) {
            failures.put(name, "cannot be read (" + why.getMessage() + ")");
        }
    }

    void passedOver(String name) {
        boolean isImage = ImageDecoder.isImage(name);
        if (FileTree.isLitter(name)) {
            if (FileTree.isHidden(name)
                    && (isImage || name.endsWith("/"))
                    && ClassLayout.isUnder(name, options.under())) {
                passedOver.add(new LeftOut.File(name, LeftOut.Reason.HIDDEN, ""));
            }
        } else if (ClassLayout.isUnder(name, options.under())) {
            passedOver.add(new LeftOut.File(name, isImage ? LeftOut.Reason.NOT_LISTED : LeftOut.Reason.OTHER_KIND, ""));
        }
    }

    void directory(String name) {
        if (!name.isEmpty() && !FileTree.isLitter(name)) {
            directories.add(name);
        }
    }

    /**
     * What is left out beside the images.
     *
     * @throws IOException when there is no image, or one cannot be used and such are not to be skipped
     */
    LeftOut leftOut(Collection<String> images) throws IOException {
        list.ifPresent(l -> {
            Set<String> missing = new TreeSet<>(l.paths());
            Stream.concat(images.stream(), failures.keySet().stream())
                    .map(l::keyOf)
                    .filter(key -> key != null)
                    .forEach(missing::remove);
            missing.forEach(name -> failures.put(name, "is listed and not there"));
        });
        if (!failures.isEmpty() && !options.skips()) {
            List<String> named = failures.entrySet().stream()
                    .map(e -> e.getKey() + " " + e.getValue())
                    .toList();
            throw new IOException(failures.size() + " of " + (failures.size() + images.size())
                    + " images cannot be used: " + FirstFew.of(named)
                    + "; repair or remove them, or leave them out with ImageOptions.skipUnreadable()");
        }
        List<LeftOut.File> files = new ArrayList<>(passedOver);
        failures.forEach((name, why) -> files.add(new LeftOut.File(name, LeftOut.Reason.UNREADABLE, why)));
        files.sort(Comparator.comparing(LeftOut.File::name));
        LeftOut leftOut = new LeftOut(files, withoutImages(images, files));
        if (images.isEmpty()) {
            throw new IOException("no readable images" + (options.under().isEmpty() ? "" : " under " + options.under())
                    + " (looked for " + String.join(", ", ImageDecoder.EXTENSIONS) + ")"
                    + (leftOut.isEmpty() ? "" : "; there is " + leftOut));
        }
        return leftOut;
    }

    private List<String> withoutImages(Collection<String> images, List<LeftOut.File> files) {
        if (list.isPresent()) {
            return List.of();
        }
        Set<String> withImages = new HashSet<>();
        images.forEach(name -> parents(name).forEach(withImages::add));
        Set<String> all = new TreeSet<>(directories);
        files.forEach(file -> parents(file.name()).findFirst().ifPresent(all::add));
        return all.stream()
                .filter(d -> !withImages.contains(d) && ClassLayout.isUnder(d + "/", options.under()))
                // The outermost ones say it.
                .filter(d -> parents(d).allMatch(withImages::contains))
                .toList();
    }

    /** The directories that a path lies in, the nearest first. */
    private static Stream<String> parents(String path) {
        return Stream.iterate(path.lastIndexOf('/'), at -> at > 0, at -> path.lastIndexOf('/', at - 1))
                .map(at -> path.substring(0, at));
    }
}
