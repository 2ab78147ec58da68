package io.github.horkd.onnx;

/** A library that only this package needs and that is optional in Maven's sense. */
enum Dependency {
    RUNTIME("ai.onnxruntime.OrtEnvironment", "ONNX Runtime", "com.microsoft.onnxruntime:onnxruntime:1.24.2"),
    PROTOS("org.tribuo.util.onnx.ONNXOperator", "Tribuo's ONNX utilities", "org.tribuo:tribuo-util-onnx:4.3.2");

    private final String witness;
    private final String title;
    private final String coordinates;

    Dependency(String witness, String title, String coordinates) {
        this.witness = witness;
        this.title = title;
        this.coordinates = coordinates;
    }

    /** Group, artifact and version, as Maven writes them. */
    String coordinates() {
        return coordinates;
    }

    String version() {
        return coordinates.substring(coordinates.lastIndexOf(':') + 1);
    }

    /** Says what to add to the pom, instead of a NoClassDefFoundError from somewhere deep. */
    void require(String what) {
        try {
            Class.forName(witness, false, Dependency.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalStateException(
                    what + " needs " + title + ", which is not on the class path; add the dependency " + coordinates,
                    e);
        }
    }
}
