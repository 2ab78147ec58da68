package io.github.horkd.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A zip archive, found by its central directory, so that a truncated one is refused at once. */
record ZipTree(Path archive) implements FileTree {

    @Override
    public void visit(Predicate<String> wanted, Limits limits, Visitor visitor) throws IOException {
        RemainingLimits remaining = new RemainingLimits(limits);
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends ZipEntry> each = zip.entries(); each.hasMoreElements(); ) {
                ZipEntry entry = each.nextElement();
                remaining.countFile();
                String name = FileTree.normal(entry.getName());
                if (!entry.isDirectory() && wanted.test(name)) {
                    visit(zip, entry, name, remaining, visitor);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("is damaged (" + e.getMessage() + ")", e);
        }
    }

    private static void visit(ZipFile zip, ZipEntry entry, String name, RemainingLimits remaining, Visitor visitor)
            throws RemainingLimits.Exceeded {
        byte[] content;
        try (InputStream in = remaining.counting(zip.getInputStream(entry))) {
            content = remaining.read(in);
            // Random access to a zip leaves the checksum to the reader.
            CRC32 crc = new CRC32();
            crc.update(content);
            if (entry.getCrc() >= 0 && entry.getCrc() != crc.getValue()) {
                throw new IOException("its checksum is wrong");
            }
        } catch (RemainingLimits.Exceeded e) {
            throw e;
        } catch (IOException e) {
            visitor.unreadable(name, e);
            return;
        }
        visitor.file(name, content);
    }
}
