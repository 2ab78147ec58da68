package io.github.horkd.data;

import io.github.horkd.internal.file.ComposedName;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/** A directory; symbolic links are followed, but not round in a circle. */
record DirectoryTree(Path root) implements FileTree {

    /** A directory to be read, with those it lies in. */
    private record Step(Path path, String name, Object key, Step parent) {

        boolean isWithin(Object other) {
            for (Step step = this; step != null; step = step.parent) {
                if (step.key.equals(other)) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public void visit(Predicate<String> wanted, Limits limits, Visitor visitor) throws IOException {
        RemainingLimits remaining = new RemainingLimits(limits);
        Deque<Step> steps = new ArrayDeque<>();
        steps.push(new Step(root, "", key(root), null));
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(step.path)) {
                for (Path entry : entries) {
                    String name = (step.name.isEmpty() ? "" : step.name + "/") + nameOf(entry);
                    remaining.countFile();
                    visit(entry, name, step, steps, wanted, remaining, visitor);
                }
            } catch (DirectoryIteratorException e) {
                visitor.unreadable(step.name + "/", e.getCause());
            } catch (AccessDeniedException e) {
                IOException why = new IOException("the directory may not be read; give yourself permission", e);
                if (step.parent == null) {
                    throw why;
                }
                visitor.unreadable(step.name + "/", why);
            }
        }
    }

    private static void visit(
            Path path,
            String name,
            Step within,
            Deque<Step> steps,
            Predicate<String> wanted,
            RemainingLimits remaining,
            Visitor visitor)
            throws IOException {
        if (FileTree.isLitter(name)) {
            if (FileTree.isHidden(name)) {
                visitor.passedOver(Files.isDirectory(path) ? name + "/" : name);
            }
            return;
        }
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException e) {
            unreached(path, name, e, wanted, visitor);
            return;
        }
        if (attributes.isDirectory()) {
            Object key = attributes.fileKey() == null ? path.toRealPath() : attributes.fileKey();
            if (within.isWithin(key)) {
                visitor.unreadable(name, new IOException("is a link to a directory that it lies in; remove it"));
            } else {
                visitor.directory(name);
                steps.push(new Step(path, name, key, within));
            }
        } else if (!wanted.test(name)) {
            visitor.passedOver(name);
        } else if (attributes.isRegularFile()) {
            content(path, name, remaining, visitor);
        } else {
            visitor.unreadable(name, new IOException("is no file but a pipe, a socket or a device; remove it"));
        }
    }

    /** A link to nothing, or a circle of links. */
    private static void unreached(Path path, String name, IOException why, Predicate<String> wanted, Visitor visitor) {
        if (!wanted.test(name)) {
            visitor.passedOver(name);
            return;
        }
        String target = "";
        try {
            target = Files.isSymbolicLink(path) ? "is a link to nothing (" + Files.readSymbolicLink(path) + ")" : "";
        } catch (IOException e) {
            why.addSuppressed(e);
        }
        visitor.unreadable(name, target.isEmpty() ? why : new IOException(target, why));
    }

    private static void content(Path path, String name, RemainingLimits remaining, Visitor visitor) throws IOException {
        byte[] content;
        try (InputStream in = remaining.counting(Files.newInputStream(path))) {
            content = remaining.read(in);
        } catch (RemainingLimits.Exceeded e) {
            throw e;
        } catch (AccessDeniedException e) {
            visitor.unreadable(name, new IOException("the file may not be read; give yourself permission", e));
            return;
        } catch (IOException e) {
            visitor.unreadable(name, e);
            return;
        }
        visitor.file(name, content);
    }

    private static Object key(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path.toRealPath() : key;
    }

    /**
     * The name as its bytes say. Under LC_ALL=C, or for a name that is not in the locale's character set, Java's text of a
     * path has ? in it, and two names may become one; the path's URI still has the bytes.
     */
    private static String nameOf(Path path) {
        String text = path.getFileName().toString();
        if (text.indexOf('?') >= 0 || text.indexOf('\ufffd') >= 0) {
            String raw = path.toUri().getRawPath();
            raw = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
            text = ByteNames.decode(unescaped(raw.substring(raw.lastIndexOf('/') + 1)));
        }
        return ComposedName.of(text.replace(File.separatorChar, '/'));
    }

    private static byte[] unescaped(String raw) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '%') {
                bytes.append((char) Integer.parseInt(raw.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.append(raw.charAt(i));
            }
        }
        return bytes.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
