package io.github.horkd.knowledge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * How a file of knowledge begins, little-endian:
 * <pre>  8 bytes "HORKDKNW"
 *  int     version, 1
 *  int     length of the header in bytes, its checksum included
 *  int     bits a value, 16 or 32
 *  int     D, width of an embedding
 *  int     C, width of logits, 0 without
 *  int     rows a block
 *  long    rows
 *  4 times int length, UTF-8: the guide, digests of the images' names and pixels, the view; the guide's text has a digest of its maps' names and shapes
 *  int     CRC-32C of everything before it</pre>
 * Whoever opens a file knows what its header must be, and compares byte by byte: nothing is computed or allocated on the word of a file. The fields of
 * another header are looked at only to say in which way it is another.
 *
 * @param subject        whose knowledge of what
 * @param precision      of each value
 * @param rows           how many rows
 * @param embeddingWidth D
 * @param logitsWidth    C
 * @param mapsWidth      M, values of the maps behind them, 0 without
 * @param rowsPerBlock   rows that share a checksum
 */
record KnowledgeHeader(
        KnowledgeSubject subject,
        Precision precision,
        long rows,
        int embeddingWidth,
        int logitsWidth,
        int mapsWidth,
        int rowsPerBlock) {

    /** More than any header has. */
    static final int LONGEST = 1 << 16;

    private static final byte[] MAGIC = "HORKDKNW".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int LENGTH_AT = MAGIC.length + Integer.BYTES;
    private static final int TEXTS_AT = LENGTH_AT + 5 * Integer.BYTES + Long.BYTES;
    private static final int SHOWN = 80;

    static KnowledgeHeader of(KnowledgeRequest request, Precision precision) {
        return new KnowledgeHeader(
                KnowledgeSubject.of(request),
                precision,
                request.views(),
                request.embeddingWidth(),
                request.logitsWidth(),
                request.mapsWidth(),
                KnowledgeLayout.rowsPerBlock(precision, request.width()));
    }

    KnowledgeLayout layout() {
        int width = Math.addExact(Math.addExact(embeddingWidth, logitsWidth), mapsWidth);
        return new KnowledgeLayout(precision, rows, width, rowsPerBlock, encoded().length);
    }

    /** What the file is called. Pixels have no part in it: a stale file is replaced. */
    String fileName() {
        return subject.viewName() + "-" + rows + "x" + embeddingWidth + "-"
                + precision.name().toLowerCase(Locale.ROOT) + "-"
                + subject.key().substring(0, 16) + ".knowledge";
    }

    private List<String> texts() {
        return List.of(subject.guide(), subject.names(), subject.pixels(), subject.view());
    }

    byte[] encoded() {
        List<byte[]> texts =
                texts().stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toList();
        int length = TEXTS_AT
                + texts.stream().mapToInt(t -> Integer.BYTES + t.length).sum()
                + Integer.BYTES;
        ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC)
                .putInt(VERSION)
                .putInt(length)
                .putInt(precision.bytes() * Byte.SIZE)
                .putInt(embeddingWidth)
                .putInt(logitsWidth)
                .putInt(rowsPerBlock)
                .putLong(rows);
        texts.forEach(text -> header.putInt(text.length).put(text));
        header.putInt(sum(header.array(), length - Integer.BYTES));
        return header.array();
    }

    private static int sum(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }

    /**
     * Accepts this very header and no other.
     *
     * @param start how a file begins, up to {@link #LONGEST} bytes of it
     * @throws RefusedException when it begins in any other way; it says which
     */
    void require(byte[] start) throws RefusedException {
        byte[] wanted = encoded();
        if (start.length < wanted.length || !Arrays.equals(start, 0, wanted.length, wanted, 0, wanted.length)) {
            throw new RefusedException(difference(start));
        }
    }

    private String difference(byte[] start) {
        if (start.length == 0) {
            return "it is empty";
        }
        int common = Math.min(start.length, MAGIC.length);
        if (!Arrays.equals(start, 0, common, MAGIC, 0, common)) {
            return "it is not knowledge written by this library";
        }
        if (start.length < TEXTS_AT) {
            return "it is cut off within its header";
        }
        ByteBuffer in = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length);
        int version = in.getInt();
        if (version != VERSION) {
            return "it is of version " + version + ", this library reads version " + VERSION;
        }
        int length = in.getInt();
        if (length < TEXTS_AT + Integer.BYTES || length > start.length) {
            return "its header states a length of " + length + " bytes, where there are " + start.length;
        }
        if (in.getInt(length - Integer.BYTES) != sum(start, length - Integer.BYTES)) {
            return "the checksum of its header does not agree with it";
        }
        List<String> found = new ArrayList<>(List.of(
                in.getInt() + " bits a value",
                in.getInt() + " values an embedding",
                in.getInt() + " logits",
                in.getInt() + " rows a block",
                in.getLong() + " rows"));
        for (String part : List.of("guide", "images", "pixels", "view")) {
            int bytes = in.remaining() < Integer.BYTES ? -1 : in.getInt();
            if (bytes < 0 || bytes > length - Integer.BYTES - in.position()) {
                return "its header states a name of its " + part + " of " + bytes + " bytes, where there is no room";
            }
            found.add(part + " " + new String(start, in.position(), bytes, StandardCharsets.UTF_8));
            in.position(in.position() + bytes);
        }
        return firstOther(found);
    }

    /** What a file is about matters more than how it is written. */
    private String firstOther(List<String> found) {
        List<String> wanted = List.of(
                "guide " + subject.guide(),
                "images " + subject.names(),
                "view " + subject.view(),
                "pixels " + subject.pixels(),
                rows + " rows",
                embeddingWidth + " values an embedding",
                logitsWidth + " logits",
                precision.bytes() * Byte.SIZE + " bits a value",
                rowsPerBlock + " rows a block");
        int[] places = {5, 6, 8, 7, 4, 1, 2, 0, 3};
        List<String> why = List.of(
                "it is of another guide",
                "it is of other images",
                "it is of another view",
                "it is stale: the pixels have changed since, under the same names",
                "it has another number of rows",
                "its embeddings have another width",
                "its logits have another width",
                "it has another precision",
                "its blocks have another size");
        for (int i = 0; i < places.length; i++) {
            if (!found.get(places[i]).equals(wanted.get(i))) {
                return why.get(i) + ": wanted " + shown(wanted.get(i)) + ", got " + shown(found.get(places[i]));
            }
        }
        return "its header has something behind what belongs there";
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
