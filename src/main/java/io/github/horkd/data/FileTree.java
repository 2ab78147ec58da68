package io.github.horkd.data;

import io.github.horkd.internal.file.ComposedName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Files below one root: a directory or an archive, read in place. An archive's kind is told by its content. */
interface FileTree {

    /** Bytes of a name and directories in it; no data set has more, and hostile ones cost by both. */
    int LONGEST_NAME = 4096;

    int DEEPEST = 64;

    /** What systems and storages leave in folders of pictures. */
    Set<String> SYSTEM_NAMES = Set.of(
            "thumbs.db",
            "desktop.ini",
            "__macosx",
            "@eadir",
            "@recycle",
            "#recycle",
            "$recycle.bin",
            "system volume information",
            "lost+found");

    /** Names with a dot in front of them in which nobody keeps pictures of a class. */
    Set<String> SYSTEM_DOTS = Set.of(
            ".ds_store",
            ".git",
            ".gitattributes",
            ".gitignore",
            ".gitkeep",
            ".svn",
            ".hg",
            ".idea",
            ".vscode",
            ".venv",
            ".cache",
            ".ipynb_checkpoints",
            ".thumbnails",
            ".@__thumb",
            ".picasa.ini",
            ".picasaoriginals",
            ".nomedia",
            ".directory",
            ".appledouble",
            ".localized",
            ".trashes",
            ".temporaryitems",
            ".fseventsd",
            ".spotlight-v100");

    /**
     * Hands every wanted file to the visitor, in no particular order, from the calling thread.
     *
     * @throws IOException when the tree as a whole is damaged or breaks a limit
     */
    void visit(Predicate<String> wanted, Limits limits, Visitor visitor) throws IOException;

    /** The files and folders whose names, sizes and times of change tell whether the tree is still the same. */
    default List<Path> sources(Path path) {
        return List.of(path);
    }

    /** How the tree itself numbers the classes of its images, once they are read; empty where their paths say it. */
    default Optional<ClassLayout> layout(List<String> names, ImageOptions options) {
        return Optional.empty();
    }

    /** One of several parts that together have every file once; empty when the tree cannot be cut so. */
    default Optional<FileTree> part(int number, int count) {
        return Optional.empty();
    }

    /** What is done with a file; names are relative to the root, composed (NFC), their parts separated by slashes. */
    interface Visitor {

        void file(String name, byte[] content) throws IOException;

        /** A wanted file, or a directory, that cannot be read. */
        void unreadable(String name, IOException why);

        /** A file that was not wanted. */
        default void passedOver(String name) {}

        /** A directory, whether or not anything is in it. */
        default void directory(String name) {}
    }

    static FileTree at(Path path) throws IOException {
        if (Files.notExists(path)) {
            throw new NoSuchFileException(path.toString(), null, "there is no such folder or archive");
        }
        if (Files.isDirectory(path)) {
            return new DirectoryTree(path);
        }
        byte[] head = head(path);
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (begins(head, 0, "PK")) {
            return new ZipTree(path);
        }
        if (begins(head, 0, "\u001f\u008b")) {
            return new TarTree(path, true);
        }
        if (RecordTree.isOne(head)) {
            return new RecordTree(path);
        }
        if (begins(head, 257, "ustar") || name.endsWith(".tar")) {
            return new TarTree(path, false);
        }
        if (name.matches(".*\\.(zip|tgz|gz|tar\\.\\w+)")) {
            String kind = begins(head, 0, "\u00fd7zXZ")
                    ? "is packed by xz"
                    : begins(head, 0, "BZh")
                            ? "is packed by bzip2"
                            : begins(head, 0, "(\u00b5/\u00fd") ? "is packed by zstd" : "is no archive by its content";
            throw new IOException(kind + "; wanted a zip, or a tar that is plain or packed by gzip");
        }
        throw new IOException("wanted a directory, .zip, .tar, .tar.gz or .tgz");
    }

    private static byte[] head(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(512);
        }
    }

    private static boolean begins(byte[] head, int at, String wanted) {
        return head.length >= at + wanted.length()
                && new String(head, at, wanted.length(), StandardCharsets.ISO_8859_1).equals(wanted);
    }

    /** An archive's name for an entry in the common form. Nothing is written by such a name, but it becomes a class. */
    static String normal(String entry) throws IOException {
        if (entry.length() > LONGEST_NAME) {
            throw new IOException("has an entry whose name has " + entry.length() + " letters, wanted at most "
                    + LONGEST_NAME + ": " + entry.substring(0, 40) + "…");
        }
        StringBuilder name = new StringBuilder();
        int parts = 0;
        for (String part : entry.replace('\\', '/').split("/")) {
            if (part.equals("..")) {
                throw new IOException("has the entry '" + entry + "', which leads out of the archive");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                name.append(parts++ == 0 ? "" : "/").append(part);
            }
        }
        if (parts > DEEPEST) {
            throw new IOException("has an entry " + parts + " directories deep, wanted at most " + DEEPEST + ": "
                    + entry.substring(0, 40) + "…");
        }
        return ComposedName.of(name.toString());
    }

    /** Files that systems leave behind (._image.png, __MACOSX, Thumbs.db), and whatever lies behind a dot. */
    static boolean isLitter(String name) {
        return Stream.of(name.split("/"))
                .anyMatch(part -> part.startsWith(".") || SYSTEM_NAMES.contains(part.toLowerCase(Locale.ROOT)));
    }

    /** Litter by nothing but a dot in front of a name: perhaps a class called .NET. */
    static boolean isHidden(String name) {
        return Stream.of(name.split("/"))
                .map(part -> part.toLowerCase(Locale.ROOT))
                .noneMatch(part -> SYSTEM_NAMES.contains(part) || SYSTEM_DOTS.contains(part) || part.startsWith("._"));
    }
}
