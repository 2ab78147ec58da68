/** What guides answered, kept in memory or in files. */
package io.github.horkd.knowledge;
