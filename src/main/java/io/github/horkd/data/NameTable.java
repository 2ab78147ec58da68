package io.github.horkd.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A number for each of many names. The names are kept as bytes, one behind the other: a map of a million objects takes several times the memory, and a collector copies
 * each of them several times before it lets it rest. Safe to use from several threads.
 */
final class NameTable {

    /** How many bytes of names lie in one array; no name is longer than a part of it. */
    private static final int CHUNK = 1 << 20;

    private static final int FEWEST = 1 << 10;

    /** The head of a name: its length. */
    private static final int HEAD = 2;

    private static final int LONGEST = (1 << 8 * HEAD) - 1;

    private final List<byte[]> chunks = new ArrayList<>();
    private int used = CHUNK;
    /** Where each name lies: a chunk and a place in it. */
    private long[] places = new long[FEWEST];

    private long[] values = new long[FEWEST];
    private int size;
    /** By the hash of a name: its number among all and one, or 0 where there is none. Never more than half full. */
    private int[] slots = new int[2 * FEWEST];

    /**
     * Sets the number of a name.
     *
     * @return whether the name is new
     * @throws IllegalArgumentException when it has more than 65,535 bytes
     */
    synchronized boolean put(String name, long value) {
        byte[] letters = name.getBytes(StandardCharsets.UTF_8);
        if (letters.length > LONGEST) {
            throw new IllegalArgumentException("name: wanted at most " + LONGEST + " bytes, got " + letters.length
                    + ": " + name.substring(0, 40) + "…");
        }
        int slot = slot(letters);
        if (slots[slot] > 0) {
            values[slots[slot] - 1] = value;
            return false;
        }
        if (size == values.length) {
            grow();
            slot = slot(letters);
        }
        places[size] = keep(letters);
        values[size] = value;
        slots[slot] = ++size;
        return true;
    }

    private long keep(byte[] letters) {
        if (used + HEAD + letters.length > CHUNK) {
            chunks.add(new byte[CHUNK]);
            used = 0;
        }
        byte[] chunk = chunks.get(chunks.size() - 1);
        long place = (chunks.size() - 1L) * CHUNK + used;
        chunk[used] = (byte) letters.length;
        chunk[used + 1] = (byte) (letters.length >> 8);
        System.arraycopy(letters, 0, chunk, used + HEAD, letters.length);
        used += HEAD + letters.length;
        return place;
    }

    private void grow() {
        int more = Math.multiplyExact(values.length, 2);
        places = Arrays.copyOf(places, more);
        values = Arrays.copyOf(values, more);
        slots = new int[Math.multiplyExact(more, 2)];
        for (int i = 0; i < size; i++) {
            slots[slot(letters(i))] = i + 1;
        }
    }

    private byte[] letters(int i) {
        byte[] chunk = chunks.get((int) (places[i] / CHUNK));
        int at = (int) (places[i] % CHUNK);
        return Arrays.copyOfRange(chunk, at + HEAD, at + HEAD + length(chunk, at));
    }

    private static int length(byte[] chunk, int at) {
        return chunk[at] & 0xff | (chunk[at + 1] & 0xff) << 8;
    }

    /** Where the name is, or would be. */
    private int slot(byte[] letters) {
        int mask = slots.length - 1;
        int slot = (int) Seeds.fingerprint(letters) & mask;
        while (slots[slot] > 0 && !isAt(slots[slot] - 1, letters)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private boolean isAt(int i, byte[] letters) {
        byte[] chunk = chunks.get((int) (places[i] / CHUNK));
        int at = (int) (places[i] % CHUNK);
        return length(chunk, at) == letters.length
                && Arrays.equals(chunk, at + HEAD, at + HEAD + letters.length, letters, 0, letters.length);
    }

    synchronized boolean has(String name) {
        return slots[slot(name.getBytes(StandardCharsets.UTF_8))] > 0;
    }

    /** The number of a name that is there. */
    synchronized long value(String name) {
        int found = slots[slot(name.getBytes(StandardCharsets.UTF_8))];
        if (found == 0) {
            throw new IllegalArgumentException(name + ": there is no such name");
        }
        return values[found - 1];
    }

    synchronized int size() {
        return size;
    }

    /** All names, sorted. */
    synchronized List<String> names() {
        String[] names = new String[size];
        Arrays.setAll(names, i -> new String(letters(i), StandardCharsets.UTF_8));
        Arrays.sort(names);
        return List.of(names);
    }
}
