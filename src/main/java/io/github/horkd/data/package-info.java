/**
 * Paired high- and low-resolution images: sources, degradation, augmentation and seeded batches. Needs ND4J and the JDK's imaging.
 */
package io.github.horkd.data;
