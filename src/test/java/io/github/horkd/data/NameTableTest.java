package io.github.horkd.data;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NameTableTest {

    /** As a map does it, over many names of all lengths, some given twice. */
    @Test
    void holdsWhatAMapHolds() {
        NameTable table = new NameTable();
        Map<String, Long> map = new TreeMap<>();
        for (int i = 0; i < 60_000; i++) {
            String name = (i % 7 == 0 ? "José/" : "a") + i % 50_000 + "x".repeat(i % 13);
            assertEquals(map.put(name, (long) i * i) == null, table.put(name, (long) i * i));
        }
        assertEquals(map.size(), table.size());
        assertEquals(List.copyOf(map.keySet()), table.names());
        map.forEach((name, value) -> {
            assertTrue(table.has(name));
            assertEquals(value, table.value(name));
        });
        assertFalse(table.has("somebody else"));
        assertThrows(IllegalArgumentException.class, () -> table.value("somebody else"));
    }

    @Test
    void longNamesEndWhereTheyEnd() {
        NameTable table = new NameTable();
        List<String> names = IntStream.of(0, 1, 255, 256, 4096, 16_384, 65_535)
                .mapToObj("n"::repeat)
                .toList();
        names.forEach(name -> table.put(name, name.length()));
        names.forEach(name -> assertEquals(name.length(), table.value(name)));
        assertThrows(IllegalArgumentException.class, () -> table.put("n".repeat(65_536), 0));
        assertEquals(names, table.names());
    }

    @Test
    void manyThreadsLoseNothing() {
        NameTable table = new NameTable();
        IntStream.range(0, 20_000).parallel().forEach(i -> table.put("picture " + i, i));
        assertEquals(20_000, table.size());
        IntStream.range(0, 20_000).parallel().forEach(i -> assertEquals(i, table.value("picture " + i)));
    }
}
