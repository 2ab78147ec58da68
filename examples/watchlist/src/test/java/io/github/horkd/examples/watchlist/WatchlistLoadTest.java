package io.github.horkd.examples.watchlist;

import io.github.horkd.examples.Footprint;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertTrue;

class WatchlistLoadTest {

    @Test
    void aLittleLoadIsAnsweredAndLeavesNothing() throws Exception {
        List<Footprint> looks = WatchlistLoad.run(0.1, Double.POSITIVE_INFINITY);
        assertTrue(looks.get(looks.size() - 1).work() > 0);
    }
}
