/**
 * ONNX both ways: a teacher from an ONNX file, a student to an ONNX file. Its dependencies are optional.
 */
package io.github.horkd.onnx;
