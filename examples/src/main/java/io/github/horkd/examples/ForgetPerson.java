package io.github.horkd.examples;

import io.github.horkd.model.Network;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Deletes a person everywhere below a folder: from galleries, from class directories, and with whatever was computed from pictures and cannot be taken apart
 * by name (knowledge, packed pictures, checkpoints, tables of embeddings), which the next run computes anew without the person. Of experiments, pictures that
 * were copied for a report go, and reports, tables and evaluations that name the person. Networks are named, to be trained anew, and further texts that name
 * the person.
 *
 * <p>{@code mvn -q -f examples -Dexample=ForgetPerson -Ddata=FOLDER -Dperson=NAME} says what it would do, {@code -Dreally=true} does it, there and in the
 * library's own folder of packed pictures. Archives, backups and other machines are yours to look after; so are the blocks of a disk, which keep what was
 * deleted until they are written again.
 */
public final class ForgetPerson {

    /** Files that the library computes from pictures, and makes anew where they are missing. */
    private static final String COMPUTED =
            ".*\\.(knowledge|pixels|checkpoint|checkpoint\\.previous|views|part|npy|transfer)(\\.lock)?";

    /** What an experiment leaves for its reader. */
    private static final Set<String> OF_EXPERIMENTS =
            Set.of("report.html", "evaluation.json", "probes.csv", "gallery.csv");

    private static final String TEXT = ".*\\.(csv|json|ya?ml|html|md|txt)";
    private static final int LARGEST_TEXT = 256 << 20;

    private final String person;
    private final boolean really;
    private final List<String> said = new ArrayList<>();

    private ForgetPerson(String person, boolean really) {
        this.person = person;
        this.really = really;
    }

    public static void main(String[] args) throws IOException {
        String person = System.getProperty("horkd.person", "").strip();
        if (person.isEmpty()) {
            throw new IllegalArgumentException("person: wanted -Dperson=NAME, got nothing");
        }
        boolean really = System.getProperty("horkd.really", "").strip().equals("true");
        Path folder = Settings.ofThisRun().dataOrSay("galleries, knowledge and pictures");
        in(folder, person, really).forEach(System.out::println);
        String told = System.getProperty("horkd.packed", "");
        Path packed = told.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache", "horkd") : Path.of(told);
        if (Files.isDirectory(packed)) {
            in(packed, person, really).forEach(System.out::println);
        }
        if (!really) {
            System.out.println("Nothing was changed; -Dreally=true does it.");
        }
    }

    /** What was done, or would be, a line a file. */
    static List<String> in(Path folder, String person, boolean really) throws IOException {
        ForgetPerson forget = new ForgetPerson(person, really);
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted((a, b) -> b.compareTo(a)).toList(); // what lies in a directory before it
        }
        for (Path path : all) {
            if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                forget.file(path, folder.relativize(path));
            } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && isPerson(path, person)) {
                forget.delete(path, "the person's directory");
            }
        }
        if (forget.said.isEmpty()) {
            forget.said.add(person + ": not found below " + folder);
        }
        return forget.said;
    }

    private static boolean isPerson(Path directory, String person) {
        return directory.getFileName() != null
                && directory.getFileName().toString().equals(person);
    }

    private void file(Path file, Path within) throws IOException {
        String name = file.getFileName().toString();
        boolean own = Stream.iterate(within.getParent(), parent -> parent != null, Path::getParent)
                .anyMatch(parent -> isPerson(parent, person));
        if (own) {
            delete(file, "the person's own");
        } else if (name.matches(COMPUTED)) {
            delete(file, "computed from pictures, made anew when it is wanted");
        } else if (name.endsWith(".gallery")) {
            gallery(file);
        } else if (name.endsWith(".zip")) {
            archive(file);
        } else if (name.endsWith(".onnx")) {
            said.add(file + ": network, does not say whom it saw; train it anew if this person was among them");
        } else if (Files.exists(file.resolveSibling("../run.json"))
                && file.getParent().endsWith("pictures")) {
            delete(file, "copied for a report");
        } else if (name.matches(TEXT) && names(file)) {
            text(file, name);
        }
    }

    private void text(Path file, String name) throws IOException {
        if (OF_EXPERIMENTS.contains(name)) {
            delete(file, "names the person; run the experiment anew without");
        } else {
            said.add(file + ": names the person; edit it by hand");
        }
    }

    /** Whether a text has the name in it, as such or as JSON and HTML write it. */
    private boolean names(Path file) throws IOException {
        if (Files.size(file) > LARGEST_TEXT) {
            said.add(file + ": too large to be looked into");
            return false;
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        String escaped = person.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return text.contains(person) || text.contains(escaped);
    }

    private void gallery(Path file) {
        Gallery gallery = Gallery.load(file);
        if (gallery.localScaling().isPresent()) {
            said.add(file
                    + ": gallery, its local scaling does not say of whose pictures it was made; make it anew if this"
                    + " person was among them");
        }
        GalleryBuilder builder = gallery.toBuilder();
        int templates = builder.remove(person);
        if (templates > 0) {
            say(file, "gallery, " + templates + " templates removed");
            if (really) {
                builder.build().save(file);
            }
        }
    }

    private void archive(Path file) {
        try {
            boolean known = Network.load(file).classes().contains(person);
            said.add(file + ": network, "
                    + (known
                            ? "trained with this person as a class; train it anew without"
                            : "does not say whom it saw; train it anew if this person was among them"));
        } catch (UncheckedIOException noNetwork) {
            said.add(file
                    + ": archive or a network of other classes, not looked into; remove the person from it by hand");
        }
    }

    private void delete(Path path, String why) throws IOException {
        say(path, why + ", deleted");
        if (really) {
            Files.delete(path);
        }
    }

    private void say(Path path, String what) {
        said.add(path + ": " + what);
    }
}
