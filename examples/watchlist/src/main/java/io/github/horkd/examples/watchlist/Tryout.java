package io.github.horkd.examples.watchlist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A picture that the page offers to whoever has none at hand.
 *
 * @param person whom it shows, by name
 * @param sharp  whether it is there to be enrolled; else to be asked about
 * @param png    the bytes of a PNG file
 */
record Tryout(String person, boolean sharp, byte[] png) {

    private static final Pattern NAME = Pattern.compile("(\\w+)-(sharp|small)(-\\d+)?\\.png");

    /** The pictures of a folder, those of one person together, in the order of the names. */
    static List<Tryout> of(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.sorted(
                            Comparator.comparing(file -> file.getFileName().toString()))
                    .toList();
        }
        List<Tryout> all = new ArrayList<>();
        for (Path file : files) {
            Matcher name = NAME.matcher(file.getFileName().toString());
            if (name.matches()) {
                all.add(new Tryout(name.group(1), name.group(2).equals("sharp"), Files.readAllBytes(file)));
            }
        }
        return List.copyOf(all);
    }
}
