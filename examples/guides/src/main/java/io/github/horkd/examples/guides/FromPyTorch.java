package io.github.horkd.examples.guides;

import io.github.horkd.loss.AngleLoss;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.SoftLogitsLoss;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The guide "Moving from PyTorch": the published losses under our names, and their values on a batch of four that can be computed there too. */
public final class FromPyTorch {

    private FromPyTorch() {}

    /** Four rows of three: torch.tensor([[1, 0, 0], [0, 2, 0], [0, 0, 3], [1, 1, 1]]). */
    static INDArray teacher() {
        return Nd4j.createFromArray(new float[][] {{1, 0, 0}, {0, 2, 0}, {0, 0, 3}, {1, 1, 1}});
    }

    /** torch.tensor([[1, 1, 0], [0, 1, 1], [1, 0, 2], [2, 1, 0]]). */
    static INDArray student() {
        return Nd4j.createFromArray(new float[][] {{1, 1, 0}, {0, 1, 1}, {1, 0, 2}, {2, 1, 0}});
    }

    static Map<String, Double> values() {
        BatchLoss rkd = HybridOrderLoss.of(
                new HybridOrderLoss.Term("distance", 25, DistanceLoss.rkdCompatible()),
                new HybridOrderLoss.Term("angle", 50, AngleLoss.rkdCompatible()));
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("RkdDistance", DistanceLoss.rkdCompatible().valueOf(teacher(), student()));
        values.put("RKdAngle", AngleLoss.rkdCompatible().valueOf(teacher(), student()));
        values.put("25 RkdDistance + 50 RKdAngle", rkd.valueOf(teacher(), student()));
        values.put("KDLoss, temperature 4", new SoftLogitsLoss(4).valueOf(teacher(), student()));
        values.put("1 - cosine_similarity", CosineLoss.oneMinusCosine().valueOf(teacher(), student()));
        return values;
    }

    public static void main(String[] args) {
        values().forEach((name, value) -> System.out.printf("%-30s %.6f%n", name, value));
    }
}
