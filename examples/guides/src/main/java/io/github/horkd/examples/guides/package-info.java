/** The programs of the guides: one a page, each short enough to be read whole. */
package io.github.horkd.examples.guides;
