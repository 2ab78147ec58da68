/** CPU speed for any DL4J network, and how many threads it takes. */
package io.github.horkd.accelerate;
