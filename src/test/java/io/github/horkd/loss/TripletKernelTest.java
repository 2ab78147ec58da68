package io.github.horkd.loss;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What the loops say against plain arithmetic in double; with fused operations and without. That the pass over a batch is right is in {@link LossContractTest}. */
class TripletKernelTest {

    private final Random random = new Random(5);

    private float[] known() {
        float[] known = new float[TripletKernel.KNOWN];
        for (int j = 0; j < TripletKernel.BLOCK; j++) {
            float learner = 0.3f + random.nextFloat();
            float guide = 0.3f + random.nextFloat();
            if (j % 7 == 3) { // an edge that does not count
                continue;
            }
            known[j + TripletKernel.HALF] = -learner / 2;
            known[j + TripletKernel.INVERSE] = 1 / learner;
            known[j + TripletKernel.GUIDE_HALF] = guide / 2;
            known[j + TripletKernel.GUIDE_INVERSE] = 1 / guide;
        }
        return known;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 100, 255, 256, 257, 511, 512})
    void bothLoopsSayWhatTheFormulaSays(int count) {
        assumeTrue(FusedArithmetic.HERE);
        float[] x = known();
        float[] y = known();
        float e = 0.4f;
        float eGuide = -0.7f;
        float bend = 0.3f;
        float[][] own = new float[2][TripletKernel.SUMMED];
        float[][] edges = new float[2][count];
        for (int turn = 0; turn < 2; turn++) { // a second pair adds to the first
            TripletKernel.fused(e, eGuide, x, y, bend, own[0], edges[0], count);
            TripletKernel.plain(e, eGuide, x, y, bend, own[1], edges[1], count);
        }
        double loss = 0;
        double pull = 0;
        float[] edgesOfI = new float[count];
        float[] edgesOfK = new float[count];
        for (int j = 0; j < count; j++) {
            double ri = x[j + TripletKernel.INVERSE];
            double rk = y[j + TripletKernel.INVERSE];
            double cosine = -(e * ri * rk + x[j] * rk + y[j] * ri);
            double ti = x[j + TripletKernel.GUIDE_INVERSE];
            double tk = y[j + TripletKernel.GUIDE_INVERSE];
            double guide =
                    eGuide * ti * tk + x[j + TripletKernel.GUIDE_HALF] * tk + y[j + TripletKernel.GUIDE_HALF] * ti;
            double slope = 2 * Huber.slope(guide - cosine, bend);
            loss += 2 * 2 * Huber.value(guide - cosine, bend);
            pull += slope * ri * rk;
            edgesOfI[j] = (float) (2 * slope * (rk - cosine * ri));
            edgesOfK[j] = (float) (2 * slope * (ri - cosine * rk));
        }
        for (int way = 0; way < 2; way++) {
            assertEquals(pull, TripletKernel.pull(own[way], new float[TripletKernel.FOLDED], count), 1e-4);
            float[] drained = new float[count];
            assertEquals(loss, TripletKernel.drain(own[way], drained, count), 1e-4);
            assertArrayEquals(edgesOfI, drained, 2e-5f);
            assertArrayEquals(edgesOfK, edges[way], 2e-5f);
            assertEquals(0, TripletKernel.drain(own[way], drained, count), "it begins again from 0");
        }
    }
}
