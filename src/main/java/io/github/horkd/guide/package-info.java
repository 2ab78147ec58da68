/** Whoever can be asked about images: the interface, and how it is asked. */
package io.github.horkd.guide;
