/** Files: written beside and moved, digests. */
package io.github.horkd.internal.file;
