package io.github.horkd.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class BlockAppenderTest {

    private static final int LONGEST = 9_500_000;

    @TempDir
    Path folder;

    private static byte[] piece(int number) {
        byte[] bytes = new byte[number == 7 ? LONGEST : 40_000 + 1000 * number];
        Arrays.fill(bytes, (byte) (number + 1));
        return bytes;
    }

    /** Pieces lie where they were said to lie, each whole, without a gap, whatever number of threads wrote them. */
    @ParameterizedTest
    @ValueSource(ints = {0, 64, 1 << 21, (1 << 21) + 1})
    void everyPieceIsWhereItWasSaidToBe(int begin) throws IOException {
        Path path = folder.resolve("pieces");
        Map<Integer, Long> places = new ConcurrentHashMap<>();
        long end;
        try (ResumableFile file = ResumableFile.open(path, "wait")) {
            file.write(ByteBuffer.allocate(begin), 0);
            BlockAppender appender = new BlockAppender(file, begin);
            IntStream.range(0, 40).parallel().forEach(i -> {
                byte[] bytes = piece(i);
                int cut = new SplittableRandom(i).nextInt(bytes.length);
                try {
                    places.put(
                            i,
                            appender.append(
                                    ByteBuffer.wrap(bytes, 0, cut), ByteBuffer.wrap(bytes, cut, bytes.length - cut)));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            appender.flush();
            end = appender.end();
        }
        byte[] all = Files.readAllBytes(path);
        assertEquals(end, all.length);
        assertEquals(
                begin + IntStream.range(0, 40).mapToLong(i -> piece(i).length).sum(), end);
        places.forEach((number, place) -> assertArrayEquals(
                piece(number), Arrays.copyOfRange(all, place.intValue(), place.intValue() + piece(number).length)));
    }

    /** What was flushed is in the file, and stays when the rest of its block comes. */
    @Test
    void aBlockGoesOnAfterAFlush() throws IOException {
        Path path = folder.resolve("flushed");
        byte[] half = piece(1);
        try (ResumableFile file = ResumableFile.open(path, "wait")) {
            BlockAppender appender = new BlockAppender(file, 0);
            appender.append(ByteBuffer.wrap(half));
            assertEquals(0, Files.size(path));
            appender.flush();
            assertArrayEquals(half, Files.readAllBytes(path));
            appender.append(ByteBuffer.wrap(piece(7)));
            appender.flush();
        }
        byte[] all = Files.readAllBytes(path);
        assertEquals(half.length + LONGEST, all.length);
        assertArrayEquals(half, Arrays.copyOf(all, half.length));
        assertArrayEquals(piece(7), Arrays.copyOfRange(all, half.length, all.length));
    }
}
