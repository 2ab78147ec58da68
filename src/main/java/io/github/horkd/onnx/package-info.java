/**
 * ONNX both ways: {@link io.github.horkd.onnx.OnnxGuide} makes a teacher of an ONNX file, {@link io.github.horkd.onnx.OnnxExport} an
 * ONNX file of a student.
 *
 * <p>The way of the data: a file → its graph is read and checked → {@link io.github.horkd.onnx.OnnxGuideBuilder} → ONNX Runtime → embeddings, logits, feature maps. And back: a network →
 * its steps → nodes and weights, in the {@link io.github.horkd.onnx.WeightPrecision} asked for → a file.
 *
 * <p>The dependencies, one each, are optional; what is missing is named when it is needed.
 */
package io.github.horkd.onnx;
