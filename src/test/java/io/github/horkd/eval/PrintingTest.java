package io.github.horkd.eval;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PrintingTest {

    @Test
    void spreadIsTheSampleStandardDeviation() {
        Spread spread = Spread.of(1, 2, 3, 4);
        assertEquals(2.5, spread.mean());
        assertEquals(Math.sqrt(5.0 / 3), spread.deviation(), 1e-12);
        assertEquals("2.5 ± 1.3", spread.toString());
        assertEquals("83.50 ± 0.71", Spread.percent(0.83, 0.84).print(2));
        assertEquals("7.0", Spread.of(7).toString());
        assertEquals("n/a", Spread.of().toString());
        assertTrue(Double.isNaN(Spread.of(1, Double.NaN).mean()));
    }

    @Test
    void tablePrintsAlignedAndAsMarkdown() {
        Table table =
                Table.of("row", "top-1").row("student", Spread.of(81.25, 81.75)).row("a|b", 3);
        assertEquals("""
                row           top-1
                student  81.5 ± 0.4
                a|b               3""", table.toString());
        assertEquals("""
                | row | top-1 |
                | --- | --- |
                | student | 81.5 ± 0.4 |
                | a\\|b | 3 |
                """, table.markdown());
        assertThrows(IllegalArgumentException.class, () -> table.row("one cell"));
    }
}
