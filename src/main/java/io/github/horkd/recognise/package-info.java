/**
 * Recognition with a trained student: a gallery to enrol people or products in and to identify low-resolution probes
 * against.
 */
package io.github.horkd.recognise;
