package io.github.horkd.onnx;

import io.github.horkd.internal.file.BoundedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An ONNX model with further outputs: tensors that it computes on the way. What is appended is a second graph that has nothing but these outputs (onnx.proto3: field 7 of a model, of which
 * field 12 are outputs, of which field 1 is the name). Protocol buffers merge a message that comes twice, so it is one graph with all of them; ONNX Runtime finds out their types. A name that is
 * an output already is not appended.
 */
final class MoreOutputs {

    private static final long LARGEST = Integer.MAX_VALUE - (1L << 20);
    private static final int GRAPH = WireMessage.tag(7);
    private static final int OUTPUT = WireMessage.tag(12);
    private static final int NAME = WireMessage.tag(1);

    private MoreOutputs() {}

    /** The model with these outputs; empty when it has them all. */
    static Optional<byte[]> of(Path file, List<String> names) {
        try {
            byte[] model = BoundedFile.bytes(file, LARGEST);
            Set<String> declared = outputs(ByteBuffer.wrap(model));
            List<String> missing =
                    names.stream().filter(name -> !declared.contains(name)).toList();
            if (missing.isEmpty()) {
                return Optional.empty();
            }
            ByteArrayOutputStream graph = new ByteArrayOutputStream();
            for (String name : missing) {
                field(graph, OUTPUT, message(NAME, name.getBytes(StandardCharsets.UTF_8)));
            }
            ByteArrayOutputStream whole = new ByteArrayOutputStream(model.length + graph.size() + 16);
            whole.write(model);
            field(whole, GRAPH, graph.toByteArray());
            return Optional.of(whole.toByteArray());
        } catch (IOException | BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UncheckedIOException(file + ": could not be read: " + e.getMessage(), new IOException(e));
        }
    }

    /** The names of the outputs that a model declares. */
    private static Set<String> outputs(ByteBuffer model) throws IOException {
        Set<String> names = new HashSet<>();
        each(
                model,
                GRAPH,
                graph -> each(
                        graph,
                        OUTPUT,
                        output -> each(
                                output,
                                NAME,
                                name -> names.add(
                                        StandardCharsets.UTF_8.decode(name).toString()))));
        return names;
    }

    private interface Part {
        void read(ByteBuffer bytes) throws IOException;
    }

    /** Reads the parts of a message that have a tag. */
    private static void each(ByteBuffer message, int wanted, Part part) throws IOException {
        WireMessage.each(message, (tag, bytes) -> {
            if (tag == wanted) {
                part.read(bytes);
            }
        });
    }

    private static byte[] message(int tag, byte[] content) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        field(message, tag, content);
        return message.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, int tag, byte[] content) throws IOException {
        number(out, tag);
        number(out, content.length);
        out.write(content);
    }

    private static void number(ByteArrayOutputStream out, int value) {
        int left = value;
        for (; left > 0x7f; left >>>= 7) {
            out.write(left & 0x7f | 0x80);
        }
        out.write(left);
    }
}
