/**
 * Recognition with a trained student: a gallery to enrol people or products in and to identify low-resolution probes against.
 *
 * <p>The way of the data: high-resolution images → teacher → {@link io.github.horkd.recognise.GalleryBuilder} → {@link
 * io.github.horkd.recognise.Gallery} → a file; low-resolution images → student → probes → {@link io.github.horkd.recognise.Answers}, where a {@link
 * io.github.horkd.recognise.Threshold} tells somebody from nobody. {@link io.github.horkd.recognise.Recogniser} goes the second way in one call, from a
 * picture to an answer. A {@link io.github.horkd.guide.LocalScaling} takes from similarities how alike both sides are to others. Galleries are immutable and share their blocks of templates with those that are made from
 * them.
 */
package io.github.horkd.recognise;
