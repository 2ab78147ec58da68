/**
 * Files, once: {@link io.github.horkd.internal.file.WholeFile} writes every file of the library beside its place and moves it there, and {@link
 * io.github.horkd.internal.file.Sha256} tells contents apart. Knows nothing of what the files hold.
 */
package io.github.horkd.internal.file;
