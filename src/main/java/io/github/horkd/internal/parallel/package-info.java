/** Work shared among threads. */
package io.github.horkd.internal.parallel;
