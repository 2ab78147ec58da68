/**
 * Files, once. Knows nothing of what they hold.
 *
 * <p>The way of the data: contents → {@link io.github.horkd.internal.file.WholeFile}, a file beside the place, forced to the disk and moved there; or {@link
 * io.github.horkd.internal.file.ResumableFile} where writing takes several runs → {@link io.github.horkd.internal.file.BoundedLines} and {@link
 * io.github.horkd.internal.file.Texts} read no more than a file may hold. {@link io.github.horkd.internal.file.Sha256} tells contents apart.
 */
package io.github.horkd.internal.file;
