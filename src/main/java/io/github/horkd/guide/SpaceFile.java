package io.github.horkd.guide;

import io.github.horkd.internal.file.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The file of a space, big-endian:
 * <pre>  8 bytes  "HORKDSPC"
 *  int      version, 1
 *  int      kind: 1 raw, 2 centred, 3 projected
 *  int      D, int K (0 where axes stay), int S, the length of the spectrum
 *  int rows, double mean length, its deviation, mean cosine, effective dimension, int constant dimensions, S doubles: the report
 *  double ρ, D doubles: mean, K doubles: scales, K × D doubles: axes
 *  long     CRC-32C of everything before it</pre>
 * Nothing is allocated on the word of the file: its length must be the one that its counts give.
 */
final class SpaceFile {

    private static final byte[] MAGIC = "HORKDSPC".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int FIXED =
            MAGIC.length + 5 * Integer.BYTES + 2 * Integer.BYTES + 5 * Double.BYTES + Long.BYTES;
    private static final int WIDEST = 1 << 14;

    private SpaceFile() {}

    static void write(EmbeddingSpace space, Path file) {
        byte[] bytes = encoded(space);
        WholeFile.write(file, "the embedding space", out -> out.write(bytes));
    }

    static EmbeddingSpace read(Path file) {
        int most = FIXED + (WIDEST * 3) * Double.BYTES;
        try (InputStream in = Files.newInputStream(file)) {
            int largest = (int) Math.min(most + (long) WIDEST * WIDEST * Double.BYTES, Integer.MAX_VALUE - 9);
            byte[] bytes = in.readNBytes(largest + 1);
            if (bytes.length > largest) {
                throw new IllegalArgumentException("wanted at most " + largest + " bytes, got more");
            }
            return decoded(bytes);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(file + ": no such file", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the embedding space could not be read (" + e + ")", e);
        } catch (IllegalArgumentException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), new IOException(e));
        }
    }

    static byte[] encoded(EmbeddingSpace space) {
        SpaceReport report = space.report();
        int axes = space.axes().scales().length;
        ByteBuffer out = ByteBuffer.allocate(
                Math.toIntExact(size(space.rawWidth(), axes, report.spectrum().size())));
        out.put(MAGIC)
                .putInt(VERSION)
                .putInt(space.kind().ordinal())
                .putInt(space.rawWidth())
                .putInt(axes)
                .putInt(report.spectrum().size());
        out.putInt(report.rows())
                .putDouble(report.meanLength())
                .putDouble(report.lengthDeviation())
                .putDouble(report.meanCosine())
                .putDouble(report.effectiveDimension())
                .putInt(report.constantDimensions());
        report.spectrum().forEach(out::putDouble);
        out.putDouble(space.length());
        put(space.axes().mean(), out);
        put(space.axes().scales(), out);
        put(space.axes().axes(), out);
        out.putLong(sum(out.array(), out.position()));
        return out.array();
    }

    private static long size(int width, int axes, int spectrum) {
        return FIXED + ((long) spectrum + width + axes + (long) axes * width) * Double.BYTES;
    }

    static EmbeddingSpace decoded(byte[] bytes) {
        if (bytes.length < FIXED || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IllegalArgumentException("it is no embedding space written by this library");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).position(MAGIC.length);
        int version = in.getInt();
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "it is of version " + version + ", this library reads version " + VERSION);
        }
        int kind = in.getInt();
        int width = in.getInt();
        int axes = in.getInt();
        int spectrum = in.getInt();
        if (kind < 1
                || kind > 3
                || width < 1
                || width > WIDEST
                || axes < 0
                || axes > width
                || (axes > 0) != (kind == 3)
                || spectrum < 0
                || spectrum > width
                || size(width, axes, spectrum) != bytes.length) {
            throw new IllegalArgumentException("its header states kind " + kind + ", width " + width + ", " + axes
                    + " axes and " + spectrum + " eigenvalues, which do not go with its " + bytes.length + " bytes");
        }
        if (in.getLong(bytes.length - Long.BYTES) != sum(bytes, bytes.length - Long.BYTES)) {
            throw new IllegalArgumentException("its checksum does not agree with it; it is damaged");
        }
        int rows = in.getInt();
        double[] figures = get(4, in);
        int constant = in.getInt();
        List<Double> values = new ArrayList<>();
        for (double value : get(spectrum, in)) {
            values.add(value);
        }
        SpaceReport report =
                new SpaceReport(rows, width, figures[0], figures[1], figures[2], figures[3], constant, values);
        double length = get(1, in)[0];
        double[] mean = get(width, in);
        double[] scales = get(axes, in);
        double[] turned = get(axes * width, in);
        if (!(length > 0) || Arrays.stream(scales).anyMatch(s -> !(s > 0))) {
            throw new IllegalArgumentException("its length or scales are not above 0");
        }
        SpaceAxes map = axes == 0 ? SpaceAxes.centred(mean) : SpaceAxes.projected(mean, turned, scales);
        return new EmbeddingSpace(SpaceMethod.Kind.values()[kind], map, length, report);
    }

    private static void put(double[] values, ByteBuffer out) {
        for (double value : values) {
            out.putDouble(value);
        }
    }

    private static double[] get(int count, ByteBuffer in) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.getDouble();
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException("it holds " + values[i] + ", wanted finite values");
            }
        }
        return values;
    }

    private static long sum(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return sum.getValue();
    }
}
