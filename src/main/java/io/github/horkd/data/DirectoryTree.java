package io.github.horkd.data;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A directory; symbolic links are followed. */
record DirectoryTree(Path root) implements FileTree {

    @Override
    public void visit(Predicate<String> wanted, Limits limits, Visitor visitor) throws IOException {
        RemainingLimits remaining = new RemainingLimits(limits);
        try (Stream<Path> paths = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
            for (Iterator<Path> each = paths.iterator(); each.hasNext(); ) {
                Path path = each.next();
                if (Files.isRegularFile(path)) {
                    remaining.countFile();
                    String name = root.relativize(path).toString().replace(File.separatorChar, '/');
                    if (wanted.test(name)) {
                        visit(path, name, remaining, visitor);
                    }
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void visit(Path path, String name, RemainingLimits remaining, Visitor visitor)
            throws RemainingLimits.Exceeded {
        byte[] content;
        try (InputStream in = remaining.counting(Files.newInputStream(path))) {
            content = remaining.read(in);
        } catch (RemainingLimits.Exceeded e) {
            throw e;
        } catch (IOException e) {
            visitor.unreadable(name, e);
            return;
        }
        visitor.file(name, content);
    }
}
