/**
 * One fork-join for the whole library, and one setting for its threads: {@link io.github.horkd.internal.parallel.ForkJoin}. It stands below everything
 * else and knows no network, no oneDNN and no array. Who needs a thread to know something around its share of the work hands that in.
 *
 * <p>The way of the work: a caller's pieces → {@code SharedWork} → offered to free {@code Worker}s, while the caller takes pieces itself → called off
 * where no worker came → back to the caller when nobody is at work any more.
 *
 * @serial exclude
 */
package io.github.horkd.internal.parallel;
