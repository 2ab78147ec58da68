package io.github.horkd.onnx;

import io.github.horkd.internal.file.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The further files that an ONNX file keeps weights in, found by reading its protocol buffers (onnx.proto3) as far as tensors. They must lie in the
 * folder of the model: a model from elsewhere could name any file of this machine, also by a link.
 */
final class ExternalWeights {

    private static final int DEEPEST = 64;
    private static final byte[] LFS = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

    /** The messages on the way to a tensor, each with the numbers of the fields that lead on. */
    private enum Message {
        MODEL,
        TRAINING,
        FUNCTION,
        GRAPH,
        NODE,
        ATTRIBUTE,
        SPARSE,
        TENSOR,
        ENTRY;

        Message at(long field) {
            return WAY.get(this).get(field);
        }
    }

    private static final Map<Message, Map<Long, Message>> WAY = Map.of(
            Message.MODEL, Map.of(7L, Message.GRAPH, 20L, Message.TRAINING, 25L, Message.FUNCTION),
            Message.TRAINING, Map.of(1L, Message.GRAPH, 2L, Message.GRAPH),
            Message.FUNCTION, Map.of(7L, Message.NODE),
            Message.GRAPH, Map.of(1L, Message.NODE, 5L, Message.TENSOR, 15L, Message.SPARSE),
            Message.NODE, Map.of(5L, Message.ATTRIBUTE),
            Message.ATTRIBUTE,
                    Map.of(
                            5L,
                            Message.TENSOR,
                            6L,
                            Message.GRAPH,
                            10L,
                            Message.TENSOR,
                            11L,
                            Message.GRAPH,
                            22L,
                            Message.SPARSE,
                            23L,
                            Message.SPARSE),
            Message.SPARSE, Map.of(1L, Message.TENSOR, 2L, Message.TENSOR),
            Message.TENSOR, Map.of(13L, Message.ENTRY),
            Message.ENTRY, Map.of());

    private final Path file;
    private final SortedSet<String> locations = new TreeSet<>();
    private final Map<Path, List<Object>> seen = new LinkedHashMap<>();

    private ExternalWeights(Path file) {
        this.file = file;
    }

    /** Reads where the weights are, and refuses those that are missing or elsewhere. */
    static ExternalWeights of(Path file) {
        ExternalWeights weights = new ExternalWeights(file);
        try (FileChannel channel = weights.seen(file)) {
            ByteBuffer bytes =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE));
            if (bytes.remaining() >= LFS.length && bytes.slice(0, LFS.length).equals(ByteBuffer.wrap(LFS))) {
                throw new IOException("it is a pointer of Git LFS, not the model itself; run 'git lfs pull'");
            }
            weights.read(bytes, Message.MODEL, 0);
            for (String location : weights.locations) {
                weights.require(location);
            }
            return weights;
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": no usable ONNX model: " + e.getMessage(), e);
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UncheckedIOException(
                    file + ": no usable ONNX model: it is cut off or damaged", new IOException(e));
        }
    }

    /** Notes which file it is that is looked at; ONNX Runtime opens it by its name once more. */
    private FileChannel seen(Path path) throws IOException {
        seen.put(path, stamp(path));
        return FileChannel.open(path);
    }

    private static List<Object> stamp(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return Arrays.asList(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
    }

    private void read(ByteBuffer bytes, Message message, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("its graphs lie in one another more than " + DEEPEST + " deep");
        }
        String[] entry = new String[2]; // key and value
        WireMessage.each(bytes, (tag, part) -> {
            int field = tag >>> 3;
            if (message == Message.ENTRY && (field == 1 || field == 2)) {
                entry[field - 1] = StandardCharsets.UTF_8.decode(part).toString();
            } else if (message.at(field) != null) {
                read(part, message.at(field), depth + 1);
            }
        });
        if ("location".equals(entry[0]) && entry[1] != null) {
            locations.add(entry[1]);
        }
    }

    private Path folder() {
        return file.toAbsolutePath().getParent();
    }

    private void require(String location) throws IOException {
        Path weights;
        try {
            weights = folder().resolve(location).normalize();
        } catch (InvalidPathException e) {
            throw new IOException("it keeps weights in '" + location + "', which is no name of a file", e);
        }
        if (!Files.isRegularFile(weights)) {
            throw new IOException("its weights '" + location + "' are missing in " + folder());
        }
        if (!weights.startsWith(folder().normalize()) || !weights.toRealPath().startsWith(folder().toRealPath())) {
            throw new IOException("its weights '" + location + "' lie outside of " + folder()
                    + ", perhaps behind a link; where that is meant, copy them beside the model");
        }
        seen.put(weights, stamp(weights));
    }

    /**
     * A digest of the model, of these files and of how it is read.
     *
     * @throws UncheckedIOException when one cannot be read, or is not the one any more that was looked at
     */
    String digest(String options) {
        try {
            Sha256 sha = Sha256.create();
            // A length in front of each, so that no two sets of files run together to the same bytes.
            sha.lengthAndFile(file);
            for (String location : locations) {
                Path weights = folder().resolve(location);
                sha.text("\0" + location + "\0").lengthAndFile(weights);
            }
            for (Map.Entry<Path, List<Object>> each : seen.entrySet()) {
                if (!stamp(each.getKey()).equals(each.getValue())) {
                    throw new IOException(each.getKey().getFileName() + " was replaced meanwhile; open it again");
                }
            }
            return sha.text(options).hex();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": could not be read, " + e.getMessage(), e);
        }
    }
}
