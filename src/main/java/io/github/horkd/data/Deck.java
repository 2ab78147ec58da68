package io.github.horkd.data;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Cards dealt in random order, and shuffled again when they run out. */
final class Deck {

    private final int[] cards;
    private final RandomGenerator random;
    private int dealt;

    Deck(int[] cards, int most, RandomGenerator random) {
        this.random = random;
        Seeds.shuffle(cards, random);
        this.cards = cards.length > most ? Arrays.copyOf(cards, most) : cards;
    }

    /** Some cards, all different where there are enough of them. */
    int[] draw(int count) {
        int[] drawn = new int[count];
        for (int at = 0; at < count; ) {
            if (dealt == cards.length) {
                Seeds.shuffle(cards, random);
                moveBack(Arrays.copyOf(drawn, at));
                dealt = 0;
            }
            int taken = Math.min(count - at, cards.length - dealt);
            System.arraycopy(cards, dealt, drawn, at, taken);
            dealt += taken;
            at += taken;
        }
        return drawn;
    }

    /** Puts cards of the running draw behind the others, so that none comes twice before all have come. */
    private void moveBack(int[] late) {
        Arrays.sort(late);
        int[] ordered = IntStream.concat(
                        Arrays.stream(cards).filter(c -> Arrays.binarySearch(late, c) < 0),
                        Arrays.stream(cards).filter(c -> Arrays.binarySearch(late, c) >= 0))
                .toArray();
        System.arraycopy(ordered, 0, cards, 0, cards.length);
    }
}
