/** oneDNN called directly: primitives, memory, layouts. */
package io.github.horkd.internal.onednn;
