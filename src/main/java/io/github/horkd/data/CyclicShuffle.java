package io.github.horkd.data;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Values given in random order, and shuffled anew each time they run out. */
final class CyclicShuffle {

    private final int[] values;
    private final RandomGenerator random;
    private int given;

    CyclicShuffle(int[] values, int most, RandomGenerator random) {
        this.random = random;
        Seeds.shuffle(values, random);
        this.values = values.length > most ? Arrays.copyOf(values, most) : values;
    }

    /** Some values, all different where there are enough of them. */
    int[] draw(int count) {
        int[] drawn = new int[count];
        for (int at = 0; at < count; ) {
            if (given == values.length) {
                Seeds.shuffle(values, random);
                moveBack(Arrays.copyOf(drawn, at));
                given = 0;
            }
            int taken = Math.min(count - at, values.length - given);
            System.arraycopy(values, given, drawn, at, taken);
            given += taken;
            at += taken;
        }
        return drawn;
    }

    /** Puts values of the running draw behind the others, so that none comes twice before all have come. */
    private void moveBack(int[] late) {
        Arrays.sort(late);
        int[] ordered = IntStream.concat(
                        Arrays.stream(values).filter(v -> Arrays.binarySearch(late, v) < 0),
                        Arrays.stream(values).filter(v -> Arrays.binarySearch(late, v) >= 0))
                .toArray();
        System.arraycopy(ordered, 0, values, 0, values.length);
    }
}
