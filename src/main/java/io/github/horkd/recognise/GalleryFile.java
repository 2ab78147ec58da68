package io.github.horkd.recognise;

import io.github.horkd.internal.file.WholeFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The file of a gallery, big-endian:
 * <pre>  8 bytes  "HORKDGAL"
 *  int      version, 1
 *  int      length of the description in bytes
 *           description: byte PerIdentity, int width, int guides, each a name; int identities,
 *           each a name and how many templates it has, an int
 *           templates × width floats, row after row, unit length
 *  long     CRC-32C of everything before it</pre>
 * A name is two bytes of length and modified UTF-8, as {@link DataOutputStream#writeUTF} has it. Nothing is allocated
 * on the word of the file: every count is held against the length of the file first.
 */
final class GalleryFile {

    static final int LONGEST_NAME = 1_000;

    private static final byte[] MAGIC = "HORKDGAL".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int FRAME = MAGIC.length + Integer.BYTES + Integer.BYTES + Long.BYTES;
    private static final int CHUNK = 1 << 16;
    /** What one Java array holds at most. */
    private static final int MOST_VALUES = Integer.MAX_VALUE - 8;

    private GalleryFile() {}

    static void write(Gallery gallery, Path file) {
        WholeFile.write(file, "the gallery", beside -> {
            CheckedOutputStream summed = new CheckedOutputStream(beside, new CRC32C());
            DataOutputStream out = new DataOutputStream(summed);
            byte[] description = description(gallery);
            out.write(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(description.length);
            out.write(description);
            writeRows(out, gallery.unitRows());
            out.writeLong(summed.getChecksum().getValue());
        });
    }

    private static byte[] description(Gallery gallery) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(gallery.perIdentity().ordinal());
        out.writeInt(gallery.width());
        out.writeInt(gallery.guides().size());
        for (String guide : gallery.guides()) {
            out.writeUTF(guide);
        }
        out.writeInt(gallery.identities().size());
        for (int i = 0; i < gallery.identities().size(); i++) {
            out.writeUTF(gallery.identities().get(i));
            out.writeInt(gallery.starts()[i + 1] - gallery.starts()[i]);
        }
        return bytes.toByteArray();
    }

    private static void writeRows(OutputStream out, float[] rows) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (int at = 0; at < rows.length; ) {
            int size = Math.min(CHUNK / Float.BYTES, rows.length - at);
            chunk.asFloatBuffer().put(rows, at, size);
            out.write(chunk.array(), 0, size * Float.BYTES);
            at += size;
        }
    }

    static Gallery read(Path file) {
        try (InputStream raw = Files.newInputStream(file)) {
            return read(file, raw, Files.size(file));
        } catch (EOFException e) {
            throw damaged(file, "it is cut off", e);
        } catch (UTFDataFormatException e) {
            throw damaged(file, "it holds a name that is no text", e);
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
        if (version != VERSION) {
            throw damaged(file, "it is of version " + version + ", this library reads version " + VERSION, null);
        }
        int described = in.readInt();
        if (described < 0 || described > length - FRAME) {
            throw damaged(file, "it is cut off", null);
        }
        Description description = Description.of(file, in.readNBytes(described));
        long wanted = FRAME + described + description.bytes();
        if (length != wanted) {
            throw damaged(
                    file,
                    (length < wanted ? "it is cut off" : "it is longer than it says") + ": wanted " + wanted
                            + " bytes, got " + length,
                    null);
        }
        float[] rows = new float[(int) (description.bytes() / Float.BYTES)];
        readRows(in, rows);
        long sum = summed.getChecksum().getValue();
        if (in.readLong() != sum) {
            throw damaged(file, "its checksum does not agree with its contents", null);
        }
        return new Gallery(
                description.guides,
                description.width,
                description.perIdentity,
                description.identities,
                description.starts(),
                rows);
    }

    private static void readRows(DataInputStream in, float[] rows) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int at = 0; at < rows.length; ) {
            int size = Math.min(CHUNK / Float.BYTES, rows.length - at);
            in.readFully(chunk, 0, size * Float.BYTES);
            ByteBuffer.wrap(chunk).asFloatBuffer().get(rows, at, size);
            at += size;
        }
    }

    private static UncheckedIOException damaged(Path file, String what, IOException cause) {
        String message = file + ": wanted a gallery, but " + what;
        return new UncheckedIOException(message, cause == null ? new IOException(message) : cause);
    }

    private record Description(
            PerIdentity perIdentity, int width, List<String> guides, List<String> identities, List<Integer> counts) {

        static Description of(Path file, byte[] bytes) throws IOException {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            int perIdentity = in.readUnsignedByte();
            int width = in.readInt();
            if (perIdentity >= PerIdentity.values().length || width < 1) {
                throw damaged(file, "its description makes no sense", null);
            }
            // Names are added as they are read, so a false count ends at the end of the description.
            List<String> guides = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                guides.add(in.readUTF());
            }
            Set<String> identities = new LinkedHashSet<>();
            List<Integer> counts = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                boolean fresh = identities.add(in.readUTF());
                counts.add(in.readInt());
                if (!fresh || counts.get(counts.size() - 1) < 1) {
                    throw damaged(file, "its description makes no sense", null);
                }
            }
            if (in.read() >= 0 || guides.isEmpty()) {
                throw damaged(file, "its description makes no sense", null);
            }
            long templates = counts.stream().mapToLong(Integer::longValue).sum();
            if (templates > MOST_VALUES / width) {
                throw damaged(
                        file,
                        "it says to hold more than fits into one: " + templates + " templates of width " + width,
                        null);
            }
            return new Description(PerIdentity.values()[perIdentity], width, guides, List.copyOf(identities), counts);
        }

        long bytes() {
            return (long) starts()[counts.size()] * width * Float.BYTES;
        }

        int[] starts() {
            int[] starts = new int[counts.size() + 1];
            for (int i = 0; i < counts.size(); i++) {
                starts[i + 1] = starts[i] + counts.get(i);
            }
            return starts;
        }
    }
}
