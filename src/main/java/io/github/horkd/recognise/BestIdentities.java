package io.github.horkd.recognise;

import java.util.Arrays;

/**
 * The k identities most alike to one probe, each by its best template; equal ones in the order of their numbers. What is offered in which order does not matter.
 */
abstract class BestIdentities {

    /** Up to so many, a sorted list is faster than a value for every identity. */
    private static final int FEW = 64;

    private static final int MOST_VALUES = 1 << 22;

    /** What is below this cannot be among the k any more. */
    float least = Float.NEGATIVE_INFINITY;

    static BestIdentities of(int most, int numbers) {
        return few(most, numbers) ? new Few(most) : new All(most, numbers);
    }

    private static boolean few(int most, int numbers) {
        return most <= FEW && most < numbers;
    }

    /** How many probes at a time keep their memory small. */
    static int probesAtOnce(int most, int numbers) {
        return few(most, numbers)
                ? TemplateSearch.AT_ONCE
                : Math.max(1, Math.min(TemplateSearch.AT_ONCE, MOST_VALUES / Math.max(1, numbers)));
    }

    /** How many sets of them for so many probes keep their memory small. */
    static int setsAtOnce(int probes, int most, int numbers) {
        return few(most, numbers) ? Integer.MAX_VALUE : (int) (MOST_VALUES / Math.max(1, (long) probes * numbers));
    }

    abstract void offer(int number, float similarity);

    /** Calls with each number and similarity, the most alike first. */
    abstract void ranked(Ranked ranked);

    interface Ranked {
        void at(int number, float similarity);
    }

    /** The similarity of one identity, −∞ where nothing was offered; NaN where it may have been forgotten. */
    float similarity(int number) {
        return Float.NaN;
    }

    void addTo(BestIdentities other) {
        ranked(other::offer);
    }

    /** Sorted by falling similarity. */
    private static final class Few extends BestIdentities {

        private final int[] numbers;
        private final float[] similarities;
        private int size;

        Few(int most) {
            numbers = new int[most];
            similarities = new float[most];
        }

        @Override
        void offer(int number, float similarity) {
            int from = size;
            for (int i = 0; i < size; i++) {
                if (numbers[i] == number) {
                    if (similarity <= similarities[i]) {
                        return;
                    }
                    from = i;
                    break;
                }
            }
            if (from == numbers.length) {
                if (!before(similarity, number, from - 1)) {
                    return;
                }
                from--;
            } else if (from == size) {
                size++;
            }
            int at = from;
            while (at > 0 && before(similarity, number, at - 1)) {
                numbers[at] = numbers[at - 1];
                similarities[at] = similarities[at - 1];
                at--;
            }
            numbers[at] = number;
            similarities[at] = similarity;
            if (size == numbers.length) {
                least = similarities[size - 1];
            }
        }

        private boolean before(float similarity, int number, int at) {
            return similarity > similarities[at] || similarity == similarities[at] && number < numbers[at];
        }

        @Override
        void ranked(Ranked ranked) {
            for (int i = 0; i < size; i++) {
                ranked.at(numbers[i], similarities[i]);
            }
        }
    }

    private static final class All extends BestIdentities {

        private final int most;
        private final float[] similarities;

        All(int most, int numbers) {
            this.most = most;
            this.similarities = new float[numbers];
            Arrays.fill(similarities, Float.NEGATIVE_INFINITY);
        }

        @Override
        void offer(int number, float similarity) {
            similarities[number] = Math.max(similarities[number], similarity);
        }

        @Override
        float similarity(int number) {
            return similarities[number];
        }

        @Override
        void ranked(Ranked ranked) {
            TopIdentities top = new TopIdentities(Math.min(most, similarities.length));
            for (int i = 0; i < similarities.length; i++) {
                if (similarities[i] > Float.NEGATIVE_INFINITY) {
                    top.offer(i, similarities[i]);
                }
            }
            for (int number : top.ranked()) {
                ranked.at(number, similarities[number]);
            }
        }
    }
}
