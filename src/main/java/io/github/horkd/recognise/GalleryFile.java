package io.github.horkd.recognise;

import io.github.horkd.internal.file.WholeFile;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The file of a gallery, big-endian:
 * <pre>  8 bytes  "HORKDGAL"
 *  int      version, 2, or 3 with a local scaling
 *  int      length of the description in bytes
 *           description: {@link GalleryDescription}
 *           templates × width floats, row after row, unit length as exactly as the precision has it
 *  long     CRC-32C of everything before it</pre>
 * Nothing is allocated on the word of the file: every count is held against the length of the file first.
 */
final class GalleryFile {

    private static final byte[] MAGIC = "HORKDGAL".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 3;
    /** Galleries of plain cosines, which libraries of before read too. */
    private static final int PLAIN = 2;

    private static final int FRAME = MAGIC.length + Integer.BYTES + Integer.BYTES + Long.BYTES;
    private static final int CHUNK = 1 << 16;
    /** How far from 1 the length of a template may be: eight bits a value move it by up to a hundredth. */
    private static final double UNIT = 0.02;

    private GalleryFile() {}

    static void write(Gallery gallery, Path file) {
        WholeFile.write(file, "the gallery", beside -> {
            CheckedOutputStream summed = new CheckedOutputStream(beside, new CRC32C());
            DataOutputStream out = new DataOutputStream(summed);
            byte[] description = GalleryDescription.bytes(gallery);
            out.write(MAGIC);
            out.writeInt(gallery.localScaling().isPresent() ? VERSION : PLAIN);
            out.writeInt(description.length);
            out.write(description);
            writeRows(out, gallery);
            out.writeLong(summed.getChecksum().getValue());
        });
    }

    private static void writeRows(OutputStream out, Gallery gallery) throws IOException {
        ByteBuffer row = ByteBuffer.allocate(gallery.width() * Float.BYTES);
        try {
            gallery.forEachTemplate((identity, values) -> {
                row.asFloatBuffer().put(values);
                try {
                    out.write(row.array());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    static Gallery read(Path file) {
        // The length is that of the file opened: another one may be moved to its place meanwhile.
        try (FileChannel opened = FileChannel.open(file, StandardOpenOption.READ);
                InputStream raw = new BufferedInputStream(Channels.newInputStream(opened), CHUNK)) {
            return read(file, raw, opened.size());
        } catch (EOFException e) {
            throw damaged(file, "it is cut off", e);
        } catch (UTFDataFormatException e) {
            throw damaged(file, "it holds a name that is no text", e);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(file + ": no such file", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the gallery could not be read (" + e + ")", e);
        }
    }

    private static Gallery read(Path file, InputStream raw, long length) throws IOException {
        CheckedInputStream summed = new CheckedInputStream(raw, new CRC32C());
        DataInputStream in = new DataInputStream(summed);
        if (!Arrays.equals(MAGIC, in.readNBytes(MAGIC.length))) {
            throw damaged(file, "it is not a gallery written by this library", null);
        }
        int version = in.readInt();
        if (version < 1 || version > VERSION) {
            throw damaged(file, "it is of version " + version + ", this library reads versions 1 to " + VERSION, null);
        }
        int described = in.readInt();
        if (described < 0 || described > length - FRAME) {
            throw damaged(file, "it is cut off", null);
        }
        GalleryDescription description = GalleryDescription.of(file, version, in.readNBytes(described));
        long wanted = FRAME + described + description.rowBytes();
        if (length != wanted) {
            throw damaged(
                    file,
                    (length < wanted ? "it is cut off" : "it is longer than it says") + ": wanted " + wanted
                            + " bytes, got " + length,
                    null);
        }
        Gallery gallery = readRows(file, in, description);
        long sum = summed.getChecksum().getValue();
        if (in.readLong() != sum) {
            throw damaged(file, "its checksum does not agree with its contents", null);
        }
        return gallery;
    }

    private static Gallery readRows(Path file, DataInputStream in, GalleryDescription description) throws IOException {
        int width = description.width();
        GalleryBuilder builder = new GalleryBuilder(
                description.perIdentity(),
                new Members(description.members()),
                new IdentityTable(),
                new TemplateRows(description.precision(), width),
                new TemplateRows(description.precision(), width),
                description.scaling());
        byte[] bytes = new byte[width * Float.BYTES];
        float[] row = new float[width];
        for (int i = 0; i < description.identities().size(); i++) {
            String identity = description.identities().get(i);
            for (int left = description.counts().get(i); left > 0; left--) {
                in.readFully(bytes);
                ByteBuffer.wrap(bytes).asFloatBuffer().get(row);
                requireUnit(file, identity, row);
                builder.add(identity, row, 0);
            }
        }
        return builder.build();
    }

    private static void requireUnit(Path file, String identity, float[] row) {
        double squares = 0;
        for (float value : row) {
            squares += (double) value * value;
        }
        if (!(Math.abs(Math.sqrt(squares) - 1) <= UNIT)) {
            throw damaged(
                    file, "a template of " + identity + " is of length " + Math.sqrt(squares) + " instead of 1", null);
        }
    }

    static UncheckedIOException damaged(Path file, String what, IOException cause) {
        String message = file + ": wanted a gallery, but " + what;
        return new UncheckedIOException(message, cause == null ? new IOException(message) : cause);
    }
}
