package io.github.horkd.onnx;

/** What an export says of a part it cannot translate. */
final class Unsupported {

    private Unsupported() {}

    static IllegalArgumentException vertex(String name, String what) {
        return new IllegalArgumentException("vertex '" + name + "': " + what
                + " cannot be written as ONNX; the layers that can are listed at OnnxExport."
                + " Replace it, or export a vertex in front of it");
    }
}
