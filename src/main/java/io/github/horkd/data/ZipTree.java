package io.github.horkd.data;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A zip archive, found by its central directory, so that a truncated one is refused at once. */
record ZipTree(Path archive) implements FileTree {

    private static final Logger LOG = LoggerFactory.getLogger(ZipTree.class);

    @Override
    public void visit(Predicate<String> wanted, Limits limits, Visitor visitor) throws IOException {
        RemainingLimits remaining = new RemainingLimits(limits);
        try (ZipFile zip = ZipFile.builder()
                .setPath(archive)
                .setCharset(StandardCharsets.ISO_8859_1)
                .setUseUnicodeExtraFields(true)
                .get()) {
            Charset unmarked = charset(zip);
            for (Enumeration<ZipArchiveEntry> each = zip.getEntries(); each.hasMoreElements(); ) {
                ZipArchiveEntry entry = each.nextElement();
                remaining.countFile();
                String name = FileTree.normal(name(entry, unmarked));
                if (entry.isDirectory()) {
                    visitor.directory(name);
                } else if (!wanted.test(name)) {
                    visitor.passedOver(name);
                } else {
                    visit(zip, entry, name, remaining, visitor);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("is damaged (" + e.getMessage() + ")", e);
        }
    }

    private static String name(ZipArchiveEntry entry, Charset unmarked) {
        if (entry.getNameSource() == ZipArchiveEntry.NameSource.UNICODE_EXTRA_FIELD) {
            return entry.getName();
        }
        byte[] raw = entry.getRawName();
        String text = ByteNames.utf8(raw);
        return text != null ? text : new String(raw, unmarked);
    }

    /** The character set of names that neither say theirs nor are UTF-8. */
    private Charset charset(ZipFile zip) {
        List<byte[]> odd = new ArrayList<>();
        boolean dos = false;
        for (Enumeration<ZipArchiveEntry> each = zip.getEntries(); each.hasMoreElements(); ) {
            ZipArchiveEntry entry = each.nextElement();
            if (entry.getNameSource() != ZipArchiveEntry.NameSource.UNICODE_EXTRA_FIELD
                    && ByteNames.utf8(entry.getRawName()) == null) {
                odd.add(entry.getRawName());
                dos |= entry.getPlatform() != ZipArchiveEntry.PLATFORM_UNIX;
            }
        }
        if (odd.isEmpty()) {
            return StandardCharsets.UTF_8;
        }
        Charset best = ByteNames.mostPlausible(odd, dos);
        LOG.warn(
                "{}: {} names are not UTF-8 and do not say what they are; read as {}, such as {}; if they mean something else,"
                        + " pack the archive anew with names in UTF-8",
                archive,
                odd.size(),
                best,
                new String(odd.get(0), best));
        return best;
    }

    private static void visit(
            ZipFile zip, ZipArchiveEntry entry, String name, RemainingLimits remaining, Visitor visitor)
            throws IOException {
        byte[] content;
        try {
            content = content(zip, entry, remaining);
            for (int links = 0; entry.isUnixSymlink(); links++) {
                String target = ArchiveLinks.target(name, ByteNames.decode(content));
                entry = target == null || links > ArchiveLinks.LONGEST_CHAIN ? null : zip.getEntry(target);
                if (entry == null) {
                    throw new IOException(
                            "is a link to " + ByteNames.decode(content) + ", which is not in the archive");
                }
                content = content(zip, entry, remaining);
            }
        } catch (RemainingLimits.Exceeded e) {
            throw e;
        } catch (IOException e) {
            visitor.unreadable(name, e);
            return;
        }
        visitor.file(name, content);
    }

    private static byte[] content(ZipFile zip, ZipArchiveEntry entry, RemainingLimits remaining) throws IOException {
        try (InputStream in = remaining.counting(unpacked(zip, entry, remaining))) {
            byte[] content = remaining.read(in);
            // Random access to a zip leaves the checksum to the reader.
            CRC32 crc = new CRC32();
            crc.update(content);
            if (entry.getCrc() >= 0 && entry.getCrc() != crc.getValue()) {
                throw new IOException("its checksum is wrong");
            }
            return content;
        }
    }

    /** Deflated entries are read in one piece and inflated from memory: five times as fast as piece by piece, which small files are. */
    private static InputStream unpacked(ZipFile zip, ZipArchiveEntry entry, RemainingLimits remaining)
            throws IOException {
        if (entry.getMethod() != ZipEntry.DEFLATED
                || entry.getGeneralPurposeBit().usesEncryption()) {
            return zip.getInputStream(entry);
        }
        // One byte more than there is, as zlib wants it where there is no header.
        byte[] packed = new byte[remaining.size(entry.getCompressedSize()) + 1];
        try (InputStream raw = zip.getRawInputStream(entry)) {
            if (raw.readNBytes(packed, 0, packed.length - 1) < packed.length - 1) {
                throw new EOFException("is truncated");
            }
        }
        Inflater inflater = new Inflater(true);
        return new InflaterInputStream(new ByteArrayInputStream(packed), inflater, 1 << 13) {
            @Override
            public void close() throws IOException {
                super.close();
                inflater.end();
            }
        };
    }
}
