/** What has to stand on the class path beside the library, looked for once and missed in words. */
package io.github.horkd.internal.setup;
