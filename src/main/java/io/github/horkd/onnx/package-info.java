/**
 * ONNX both ways: {@link io.github.horkd.onnx.OnnxGuide} makes a teacher of an ONNX file, {@link io.github.horkd.onnx.OnnxExport} an
 * ONNX file of a student. The dependencies, one each, are optional; what is missing is named when it is needed.
 */
package io.github.horkd.onnx;
