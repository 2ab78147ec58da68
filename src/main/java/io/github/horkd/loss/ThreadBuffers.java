package io.github.horkd.loss;

import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Buffers that one thread keeps for one user, so that a warmed-up loss allocates nothing on the Java heap that grows with
 * the batch. A buffer holds at least what was asked for and whatever an earlier call left in it. All of them go when memory
 * runs short.
 */
final class ThreadBuffers {

    private static final ThreadLocal<SoftReference<Map<Class<?>, ThreadBuffers>>> OF_THREAD = new ThreadLocal<>();

    private double[][] doubles = {};
    private float[][] floats = {};
    private int[][] ints = {};
    private double[][][] doubleRows = {};
    private float[][][] floatRows = {};

    /** This thread's buffers for one class; a class must not hold on to them while it calls another loss. */
    static ThreadBuffers of(Class<?> user) {
        return ofThread().computeIfAbsent(user, any -> new ThreadBuffers());
    }

    private static Map<Class<?>, ThreadBuffers> ofThread() {
        SoftReference<Map<Class<?>, ThreadBuffers>> held = OF_THREAD.get();
        Map<Class<?>, ThreadBuffers> buffers = held == null ? null : held.get();
        if (buffers == null) {
            buffers = new HashMap<>();
            OF_THREAD.set(new SoftReference<>(buffers));
        }
        return buffers;
    }

    double[] doubles(int slot, int length) {
        if (slot >= doubles.length) {
            doubles = Arrays.copyOf(doubles, slot + 1);
        }
        if (doubles[slot] == null || doubles[slot].length < length) {
            doubles[slot] = new double[length];
        }
        return doubles[slot];
    }

    float[] floats(int slot, int length) {
        if (slot >= floats.length) {
            floats = Arrays.copyOf(floats, slot + 1);
        }
        if (floats[slot] == null || floats[slot].length < length) {
            floats[slot] = new float[length];
        }
        return floats[slot];
    }

    double[][] doubleRows(int slot, int rows, int length) {
        if (slot >= doubleRows.length) {
            doubleRows = Arrays.copyOf(doubleRows, slot + 1);
        }
        double[][] held = doubleRows[slot];
        if (held == null || held.length < rows || held[0].length < length) {
            doubleRows[slot] = new double[rows][length];
        }
        return doubleRows[slot];
    }

    float[][] floatRows(int slot, int rows, int length) {
        if (slot >= floatRows.length) {
            floatRows = Arrays.copyOf(floatRows, slot + 1);
        }
        float[][] held = floatRows[slot];
        if (held == null || held.length < rows || held[0].length < length) {
            floatRows[slot] = new float[rows][length];
        }
        return floatRows[slot];
    }

    int[] ints(int slot, int length) {
        if (slot >= ints.length) {
            ints = Arrays.copyOf(ints, slot + 1);
        }
        if (ints[slot] == null || ints[slot].length < length) {
            ints[slot] = new int[length];
        }
        return ints[slot];
    }
}
