package io.github.horkd.loss;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class CriticTest {

    @ParameterizedTest
    @ValueSource(doubles = {-30, -2, -1e-9, 0, 0.3, 5, 30})
    void saysWhatTheFormulasSay(double x) {
        assertEquals(Math.log(1 + Math.exp(x)), Critic.softplus(x), 1e-12);
        assertEquals(1 / (1 + Math.exp(-x)), Critic.logistic(x), 1e-15);
    }

    /** Where e^x is no number any more. */
    @Test
    void holdsFarOut() {
        for (double x : new double[] {800, 1e6}) {
            assertEquals(x, Critic.softplus(x));
            assertEquals(0, Critic.softplus(-x));
            assertEquals(1, Critic.logistic(x));
            assertEquals(0, Critic.logistic(-x));
        }
    }

    /** By products of several terms, of which one logarithm is taken. */
    @Test
    void addsManyTermsOfAnySize() {
        Critic critic = new Critic();
        for (int turn = 0; turn < 2; turn++) {
            critic.begin();
            double sum = 0;
            for (int i = -4000; i <= 4000; i++) {
                double x = i * 0.25; // the products go beyond what a double holds
                sum += Critic.softplus(x);
                assertEquals(Critic.logistic(x), critic.add(x), 1e-13);
            }
            assertEquals(sum, critic.sum(), 1e-9 * sum);
        }
    }
}
