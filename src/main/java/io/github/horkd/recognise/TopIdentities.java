package io.github.horkd.recognise;

import java.util.Arrays;

/**
 * The k most similar of many identities by partial selection: a heap of k with the weakest on top, which most
 * candidates never enter. Time O(N log k) at worst, memory O(k).
 */
final class TopIdentities {

    /**
     * Ordered bits of the similarity in front, then the complement of the index: equal similarities fall to the earlier
     * one.
     */
    private final long[] heap;

    private int size;
    /** The similarity on top of a full heap: below it there is no way in. */
    private float least = Float.NEGATIVE_INFINITY;

    TopIdentities(int most) {
        heap = new long[most];
    }

    void offer(int index, float similarity) {
        if (similarity < least) {
            return;
        }
        int bits = Float.floatToIntBits(similarity + 0f);
        long key = (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 32 | Integer.MAX_VALUE - index;
        if (size < heap.length) {
            heap[size++] = key;
            if (size == heap.length) {
                for (int parent = size / 2 - 1; parent >= 0; parent--) {
                    sink(parent);
                }
                least = similarity(heap[0]);
            }
        } else if (key > heap[0]) {
            heap[0] = key;
            sink(0);
            least = similarity(heap[0]);
        }
    }

    private static float similarity(long key) {
        int bits = (int) (key >> 32);
        return Float.intBitsToFloat(bits ^ (bits >> 31 & Integer.MAX_VALUE));
    }

    private void sink(int parent) {
        long key = heap[parent];
        for (int child = 2 * parent + 1; child < size; child = 2 * parent + 1) {
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= key) {
                break;
            }
            heap[parent] = heap[child];
            parent = child;
        }
        heap[parent] = key;
    }

    /** The indices found, the most similar first. */
    int[] ranked() {
        long[] keys = Arrays.copyOf(heap, size);
        Arrays.sort(keys);
        int[] indices = new int[size];
        for (int i = 0; i < size; i++) {
            indices[i] = Integer.MAX_VALUE - (int) keys[size - 1 - i];
        }
        return indices;
    }
}
