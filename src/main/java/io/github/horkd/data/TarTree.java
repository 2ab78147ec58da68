package io.github.horkd.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A tar archive, gzipped or not, read from front to back; a second time when there are links to its images. */
record TarTree(Path archive, boolean gzipped) implements FileTree {

    private static final Logger LOG = LoggerFactory.getLogger(TarTree.class);
    private static final int BUFFER = 1 << 16;
    private static final int BLOCK = 512;

    /** What may stand between two entries: padding, long names, extended headers. */
    private static final int LARGEST_HEADER = 1 << 20;

    /** Is given each entry, by its name. */
    private interface Step {
        void entry(TarArchiveEntry entry, String name, TarArchiveInputStream content) throws IOException;
    }

    @Override
    public void visit(Predicate<String> wanted, Limits limits, Visitor visitor) throws IOException {
        if (!gzipped && !isClosed()) {
            throw new IOException("is truncated (a tar archive ends in a block of zeros)");
        }
        Map<String, String> links = new LinkedHashMap<>();
        RemainingLimits remaining = new RemainingLimits(limits);
        walk(remaining, (entry, name, content) -> {
            if (entry.isDirectory()) {
                visitor.directory(name);
            } else if (!wanted.test(name)) {
                visitor.passedOver(name);
            } else if (entry.isLink() || entry.isSymbolicLink()) {
                String text = text(entry.getLinkName());
                String target = entry.isLink() ? FileTree.normal(text) : ArchiveLinks.target(name, text);
                links.put(name, target == null ? "" : target);
            } else if (entry.isSparse() || !entry.isFile()) {
                visitor.unreadable(name, new IOException("is stored in a way that is not read (sparse or special)"));
            } else {
                visit(entry, name, content, remaining, visitor, limits);
            }
        });
        if (!links.isEmpty()) {
            follow(links, limits, visitor);
        }
    }

    /** Reads what links mean, in a second pass. */
    private void follow(Map<String, String> links, Limits limits, Visitor visitor) throws IOException {
        Map<String, List<String>> byTarget = new LinkedHashMap<>();
        links.forEach((link, first) -> {
            String target = first;
            for (int k = 0; k < ArchiveLinks.LONGEST_CHAIN && links.containsKey(target); k++) {
                target = links.get(target);
            }
            byTarget.computeIfAbsent(target, t -> new ArrayList<>()).add(link);
        });
        RemainingLimits remaining = new RemainingLimits(limits);
        walk(remaining, (entry, name, content) -> {
            List<String> meant = entry.isFile() && !entry.isSparse() && !entry.isLink() && !entry.isSymbolicLink()
                    ? byTarget.remove(name)
                    : null;
            if (meant != null) {
                if (entry.getSize() > limits.maxFileBytes()) {
                    meant.forEach(link -> visitor.unreadable(link, tooLarge(limits)));
                } else {
                    byte[] bytes = remaining.read(content);
                    for (String link : meant) {
                        visitor.file(link, bytes);
                    }
                }
            }
        });
        byTarget.forEach((target, lost) -> lost.forEach(link -> visitor.unreadable(
                link,
                new IOException("is a link to " + (target.isEmpty() ? links.get(link) : target)
                        + ", which is no file of the archive"))));
    }

    private void walk(RemainingLimits remaining, Step step) throws IOException {
        boolean guessed = false;
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive), BUFFER);
                InputStream plain = remaining.counting(gzipped ? new GZIPInputStream(file, BUFFER) : file);
                TarArchiveInputStream tar = new TarArchiveInputStream(plain, StandardCharsets.ISO_8859_1.name())) {
            while (true) {
                remaining.atMost(LARGEST_HEADER, "a header between two entries");
                TarArchiveEntry entry = tar.getNextEntry();
                remaining.atMost(Long.MAX_VALUE, "");
                if (entry == null) {
                    break;
                }
                remaining.countFile();
                if (entry.isSparse()) { // Its holes are read as zeros, which no byte of the archive pays for.
                    remaining.countHoles(entry.getRealSize());
                }
                if (!guessed && isGuessed(entry.getName())) {
                    guessed = true;
                    LOG.warn(
                            "{}: names are not UTF-8 and do not say what they are; read as is most plausible, such as"
                                    + " {}; if they mean something else, pack the archive anew with names in UTF-8",
                            archive,
                            text(entry.getName()));
                }
                step.entry(entry, FileTree.normal(text(entry.getName())), tar);
                tar.transferTo(OutputStream.nullOutputStream());
            }
            // To the very end, where gzip keeps its checksum.
            plain.transferTo(OutputStream.nullOutputStream());
        } catch (IllegalArgumentException e) {
            throw new IOException("is damaged (" + e.getMessage() + ")", e);
        }
    }

    /** A name whose bytes came as Latin-1; an extended header's came as UTF-8 already and may have other letters. */
    private static String text(String name) {
        return isBytes(name) ? ByteNames.decode(name.getBytes(StandardCharsets.ISO_8859_1)) : name;
    }

    private static boolean isBytes(String name) {
        return name.chars().allMatch(c -> c < 256);
    }

    private static boolean isGuessed(String name) {
        return isBytes(name) && ByteNames.utf8(name.getBytes(StandardCharsets.ISO_8859_1)) == null;
    }

    private static void visit(
            TarArchiveEntry entry,
            String name,
            TarArchiveInputStream content,
            RemainingLimits remaining,
            Visitor visitor,
            Limits limits)
            throws IOException {
        if (entry.getSize() > limits.maxFileBytes()) {
            visitor.unreadable(name, tooLarge(limits));
            return;
        }
        visitor.file(name, remaining.read(content));
    }

    private static IOException tooLarge(Limits limits) {
        return new IOException("has more than the " + limits.maxFileBytes() + " bytes allowed");
    }

    /** Whether the end is there: cut between two entries, an archive looks like a shorter one. */
    private boolean isClosed() throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(archive)) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            channel.position(Math.max(0, channel.size() - BLOCK));
            while (block.hasRemaining() && channel.read(block) >= 0) {
                // until the block is full or the file ends
            }
            return Arrays.equals(block.array(), new byte[BLOCK]) && !block.hasRemaining();
        }
    }
}
