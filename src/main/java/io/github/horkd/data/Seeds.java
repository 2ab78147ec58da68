package io.github.horkd.data;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** Seeds made from seeds, and orders made from seeds. */
final class Seeds {

    private Seeds() {}

    /** A seed for one part of what another seed governs; different parts get unrelated seeds (the SplitMix64 finaliser). */
    static long mix(long seed, long part) {
        long z = seed + (part + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** A number for samples; different ones have different numbers but for one chance in 2⁶⁴. */
    static long fingerprint(byte[] samples) {
        ByteBuffer words = ByteBuffer.wrap(samples);
        long hash = samples.length;
        while (words.remaining() >= Long.BYTES) {
            hash = (hash ^ words.getLong()) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        while (words.hasRemaining()) {
            hash = (hash ^ words.get()) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return mix(hash, 0);
    }

    /** Fisher and Yates, in place. */
    static void shuffle(int[] values, RandomGenerator random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = values[i];
            values[i] = values[j];
            values[j] = swapped;
        }
    }
}
