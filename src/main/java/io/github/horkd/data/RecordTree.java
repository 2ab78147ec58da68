package io.github.horkd.data;

import io.github.horkd.internal.file.BoundedLines;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A file of MXNet's RecordIO, little endian:
 * <pre>  magic ced7230a, kind (3 bits) and length (29 bits), that many bytes, padded with zeros to a multiple of 4
 *  kind 0 is whole; 1 begins, 2 continues and 3 ends a record that had the magic in it, which goes between its parts
 *  record: flag, label (float), number (64 bits), a second number (64 bits); flag floats if it is not 0; the image</pre>
 * Records without an image are InsightFace's: the first says where the list of people begins, that list says whose images are where.
 */
final class RecordTree implements FileTree {

    static final int MAGIC = 0xced7230a;

    private static final int HEADER = 24;
    private static final int LENGTH_BITS = 29;
    private static final int LONGEST_LINE = 200;
    private static final int BUFFER = 1 << 16;

    private final Path file;
    /** The class of each image, by its number. */
    private final NameTable classes = new NameTable();

    private final int part;
    private final int parts;

    RecordTree(Path file) {
        this(file, 0, 1);
    }

    private RecordTree(Path file, int part, int parts) {
        this.file = file;
        this.part = part;
        this.parts = parts;
    }

    @Override
    public Optional<FileTree> part(int number, int count) {
        return Optional.of(new RecordTree(file, number, count));
    }

    static boolean isOne(byte[] head) {
        return head.length >= 8
                && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt() == MAGIC;
    }

    @Override
    public void visit(Predicate<String> wanted, Limits limits, Visitor visitor) throws IOException {
        Optional<Map<Long, Long>> index = index(limits);
        long begin = 0;
        long end = Long.MAX_VALUE;
        if (index.isPresent() && parts > 1) {
            long[] places = index.get().keySet().stream()
                    .mapToLong(Long::longValue)
                    .sorted()
                    .toArray();
            int from = (int) ((long) places.length * part / parts);
            int to = (int) ((long) places.length * (part + 1) / parts);
            begin = part == 0 ? 0 : from < to ? places[from] : Long.MAX_VALUE;
            end = to < places.length ? places[to] : Long.MAX_VALUE;
            long first = begin;
            long last = end;
            index.get().keySet().removeIf(place -> place < first || place >= last);
        }
        RemainingLimits remaining = new RemainingLimits(limits);
        try (FileChannel whole = FileChannel.open(file, StandardOpenOption.READ)) {
            whole.position(Math.min(begin, whole.size()));
            InputStream in = remaining.counting(new BufferedInputStream(Channels.newInputStream(whole), BUFFER));
            Reader reader = new Reader(in, limits.maxFileBytes());
            int found = 0;
            for (long place = begin, ordinal = 0; place < end; ordinal++) {
                byte[] record = reader.next(place);
                if (record == null) {
                    break;
                }
                remaining.countFile();
                if (index.isPresent() || ordinal % parts == part) {
                    Long key = index.isPresent() ? index.get().get(place) : Long.valueOf(ordinal);
                    if (key != null) {
                        found++;
                        image(record, name(key), visitor);
                    } else if (record.length > HEADER) {
                        visitor.passedOver("record at byte " + place);
                    }
                }
                place = reader.place;
            }
            if (index.isPresent() && found < index.get().size()) {
                throw new IOException("does not go with its .idx, which names "
                        + index.get().size() + " places, of which " + found + " begin a record");
            }
        }
    }

    @Override
    public List<Path> sources(Path path) {
        Path index = index();
        return Files.exists(index) ? List.of(file, index) : List.of(file);
    }

    @Override
    public Optional<ClassLayout> layout(List<String> names, ImageOptions options) {
        Map<Long, String> texts = new HashMap<>(); // one for each class, however many images it has
        return Optional.of(
                options.layout() == Layout.UNLABELLED
                        ? ClassLayout.unlabelled(names)
                        : ClassLayout.numbered(
                                names,
                                names.stream()
                                        .map(name -> texts.computeIfAbsent(classes.value(name), l -> Long.toString(l)))
                                        .toList()));
    }

    /** Nine digits, or more where they are needed. */
    private static String name(long number) {
        String digits = Long.toString(number);
        return "0".repeat(Math.max(0, 9 - digits.length())) + digits;
    }

    /** Hands on the image of a record, if it has one. */
    private void image(byte[] record, String name, Visitor visitor) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        long labels = record.length < HEADER ? -1 : in.getInt(0) & 0xffffffffL;
        if (labels < 0 || labels > (record.length - HEADER) / Float.BYTES) {
            visitor.unreadable(
                    name, new IOException("its header of " + record.length + " bytes states " + labels + " labels"));
            return;
        }
        int at = HEADER + (int) labels * Float.BYTES;
        if (at == record.length) {
            return;
        }
        float label = labels == 0 ? in.getFloat(4) : in.getFloat(HEADER);
        if (!(label >= 0 && label <= Integer.MAX_VALUE && label == Math.rint(label))) {
            visitor.unreadable(name, new IOException("has the label " + label + ", wanted a whole number"));
            return;
        }
        classes.put(name, (long) label);
        visitor.file(name, Arrays.copyOfRange(record, at, record.length));
    }

    private Path index() {
        return file.resolveSibling(file.getFileName().toString().replaceAll("\\.rec$", "") + ".idx");
    }

    /** The number of the record at each place, from the file of the same name that ends in .idx; empty when there is none. */
    private Optional<Map<Long, Long>> index(Limits limits) throws IOException {
        Path beside = index();
        if (!Files.isRegularFile(beside)) {
            return Optional.empty();
        }
        Map<Long, Long> numbers = new HashMap<>();
        try (BoundedLines lines = BoundedLines.open(beside, LONGEST_LINE, limits.maxFiles())) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                String[] fields = line.strip().split("\\s+");
                if (fields.length != 2 || !fields[0].matches("\\d{1,9}") || !fields[1].matches("\\d{1,18}")) {
                    throw new IOException(
                            beside.getFileName() + ": line " + lines.number() + ": wanted a number and a place");
                }
                if (numbers.put(Long.parseLong(fields[1]), Long.parseLong(fields[0])) != null) {
                    throw new IOException(beside.getFileName() + ": line " + lines.number() + " names a place twice");
                }
            }
        }
        return Optional.of(numbers);
    }

    /** Record after record. */
    private static final class Reader {

        private final InputStream in;
        private final long longest;
        private long place;

        Reader(InputStream in, long longest) {
            this.in = in;
            this.longest = longest;
        }

        /** The record at a place, put together from its parts; null at the end of the file. */
        byte[] next(long begin) throws IOException {
            place = begin;
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            for (int wanted = 0; ; wanted = 2) {
                byte[] head = in.readNBytes(8);
                if (head.length == 0 && wanted == 0) {
                    return null;
                }
                if (head.length < 8) {
                    throw new EOFException();
                }
                ByteBuffer words = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
                int kind = words.getInt(4) >>> LENGTH_BITS;
                int length = words.getInt(4) & (1 << LENGTH_BITS) - 1;
                boolean fits = wanted == 0 ? kind <= 1 : kind == 2 || kind == 3;
                if (words.getInt(0) != MAGIC || !fits) {
                    throw new IOException("is damaged (no record at byte " + place + ")");
                }
                if (whole.size() + (long) length > longest) {
                    throw new IOException(
                            "has a record of more than the " + longest + " bytes allowed at byte " + begin);
                }
                byte[] part = in.readNBytes(length);
                long pad = -length & 3;
                if (part.length < length || in.readNBytes((int) pad).length < pad) {
                    throw new EOFException();
                }
                place += 8 + length + pad;
                if (kind == 0) {
                    return part;
                }
                whole.writeBytes(part);
                if (kind == 3) {
                    return whole.toByteArray();
                }
                whole.writeBytes(ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(MAGIC)
                        .array());
            }
        }
    }
}
