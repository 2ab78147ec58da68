package io.github.horkd.knowledge;

import io.github.horkd.internal.file.PlacedBytes;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Places in files that nobody writes in a test: the arithmetic is compared with whole numbers of any size. */
class KnowledgeLayoutTest {

    private static final int HEADER = 231;

    @ParameterizedTest
    @CsvSource({
        "FLOAT32, 10000000, 512",
        "FLOAT16, 10000000, 512",
        "FLOAT32, 2147483647, 1536",
        "FLOAT16, 1, 1",
        "FLOAT32, 1000000000000, 4096",
        "FLOAT32, 3, 400000"
    })
    void everyPlaceIsExact(Precision precision, long rows, int width) {
        KnowledgeLayout layout =
                new KnowledgeLayout(precision, rows, width, KnowledgeLayout.rowsPerBlock(precision, width), HEADER);
        BigInteger rowBytes =
                BigInteger.valueOf(width).multiply(BigInteger.valueOf(precision == Precision.FLOAT32 ? 4 : 2));
        BigInteger rowsAt = BigInteger.valueOf(layout.rowsAt());
        assertEquals(0, layout.rowsAt() % 4096);
        assertTrue(layout.rowsAt() >= HEADER + 8 * layout.blocks() + 8, "the table has room");
        assertTrue(layout.rowsAt() < HEADER + 8 * layout.blocks() + 8 + 4096, "and no more than that");
        for (long row : new long[] {0, 1, rows / 3, rows / 2, rows - 1, rows}) {
            if (row <= rows) {
                assertEquals(
                        rowsAt.add(BigInteger.valueOf(row).multiply(rowBytes)),
                        BigInteger.valueOf(layout.offset(row)),
                        "row " + row);
            }
        }
        assertEquals(layout.offset(rows), layout.fileBytes());
        assertEquals(
                BigInteger.valueOf(rows),
                BigInteger.valueOf(layout.blocks() - 1)
                        .multiply(BigInteger.valueOf(layout.rowsPerBlock()))
                        .add(BigInteger.valueOf(layout.rowsIn(layout.blocks() - 1))),
                "the blocks hold all rows");
        long blocks = layout.blocksPer(PlacedBytes.Mapping.usual().window());
        assertTrue(blocks * layout.blockBytes() <= Integer.MAX_VALUE, "a mapping is smaller than 2 GiB");
        long perSegment = blocks * layout.rowsPerBlock();
        assertTrue((perSegment - 1) * width + width - 1 <= Integer.MAX_VALUE, "a value's place in a mapping is an int");
        assertTrue((rows - 1) / perSegment < Integer.MAX_VALUE, "so is the number of mappings");
    }

    @Test
    void tenMillionEmbeddingsOf512() {
        KnowledgeLayout whole = new KnowledgeLayout(Precision.FLOAT32, 10_000_000, 512, 512, HEADER);
        assertEquals(20_480_000_000L, whole.fileBytes() - whole.rowsAt());
        assertEquals(19_532, whole.blocks());
        assertEquals(128, whole.rowsIn(19_531));
        assertEquals(whole.rowsAt() + 9_999_999L * 2048, whole.offset(9_999_999));
        KnowledgeLayout half = new KnowledgeLayout(Precision.FLOAT16, 10_000_000, 512, 1024, HEADER);
        assertEquals(10_240_000_000L, half.fileBytes() - half.rowsAt());
    }

    @Test
    void whatDoesNotFitIntoALongIsAnError() {
        KnowledgeLayout layout = new KnowledgeLayout(Precision.FLOAT32, Long.MAX_VALUE, 512, 512, HEADER);
        assertThrows(ArithmeticException.class, layout::fileBytes);
        assertThrows(IllegalArgumentException.class, () -> new KnowledgeLayout(Precision.FLOAT32, 0, 512, 512, HEADER));
    }
}
