package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Scaled softmax cross-entropy over cosines, of which the right class's own is made harder first. */
final class Margins {

    private Margins() {}

    static LossValue lossAndGradient(
            INDArray labels, INDArray cosines, double scale, DoubleUnaryOperator harder, DoubleUnaryOperator slope) {
        int[] classes = ClassLabels.classes(labels, cosines);
        int rows = (int) cosines.size(0);
        int labelled = ClassLabels.labelled(classes, rows);
        int width = (int) cosines.size(1);
        double[] z = ThreadBuffers.of(Margins.class).doubles(0, rows * width);
        ArrayCopy.read(cosines, z);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            int at = i * width;
            if (classes[i] == ClassLabels.UNLABELLED) {
                Arrays.fill(z, at, at + width, 0);
                continue;
            }
            int own = at + classes[i];
            double cosine = z[own];
            z[own] = harder.applyAsDouble(cosine);
            for (int c = at; c < at + width; c++) {
                z[c] *= scale;
            }
            sum += CrossEntropyLoss.crossEntropy(z, at, width, classes[i], 0, scale / labelled);
            z[own] *= slope.applyAsDouble(cosine);
        }
        return new LossValue(labelled == 0 ? 0 : sum / labelled, ArrayCopy.result(z, rows, width, cosines.dataType()));
    }
}
