/**
 * What has to stand on the class path beside the library, looked for once and missed in words.
 *
 * <p>The way of the data: a class that is not found → which part it belongs to → a message that names the dependency to add.
 */
package io.github.horkd.internal.setup;
