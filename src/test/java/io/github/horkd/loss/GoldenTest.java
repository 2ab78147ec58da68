package io.github.horkd.loss;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Values and gradients of an independent implementation in float64; every file states the definitions. */
class GoldenTest {

    private static final Map<String, BatchLoss> EMBEDDINGS = Map.of(
            "first_mse", FeatureLoss.squared(),
            "first_l1", FeatureLoss.absolute(),
            "first_huber_delta1", FeatureLoss.huber(1),
            "first_huber_delta0.5", FeatureLoss.huber(0.5),
            "first_normalized_sq", CosineLoss.squaredDistance(),
            "rkd_distance", DistanceLoss.rkdCompatible(),
            "rkd_angle_safe", AngleLoss.rkdCompatible());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "random_b4_d8",
                "random_b4_d128",
                "duplicate_both_b4_d8",
                "duplicate_both_b4_d128",
                "duplicate_student_b4_d8",
                "duplicate_teacher_b4_d8",
                "dims_s8_t128_b4",
                "dims_s128_t8_b4"
            })
    void matches(String name) throws IOException {
        JsonNode file = read(name);
        INDArray guide = matrix(file.get("teacher"));
        INDArray learner = matrix(file.get("student"));
        int checked = 0;
        for (var each : EMBEDDINGS.entrySet()) {
            JsonNode golden = file.get("losses").get(each.getKey());
            if (golden != null) {
                check(each.getKey(), golden, each.getValue().lossAndGradient(guide, learner));
                checked++;
            }
        }
        INDArray logits = matrix(file.get("student_logits"));
        check(
                "kd_kl_T4",
                file.get("losses").get("kd_kl_T4"),
                new SoftLogitsLoss(4).lossAndGradient(matrix(file.get("teacher_logits")), logits));
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, 4, logits.size(1));
        INDArray numbers = Nd4j.zeros(DataType.DOUBLE, 4, 1);
        for (int i = 0; i < 4; i++) {
            labels.putScalar(i, file.get("labels").get(i).asInt(), 1);
            numbers.putScalar(i, 0, file.get("labels").get(i).asInt());
        }
        JsonNode crossEntropy = file.get("losses").get("cross_entropy");
        check("one-hot", crossEntropy, CrossEntropyLoss.plain().lossAndGradient(labels, logits));
        check("class numbers", crossEntropy, CrossEntropyLoss.plain().lossAndGradient(numbers, logits));
        assertTrue(checked >= (name.startsWith("dims") ? 2 : 7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dims_s8_t128_b4", "dims_s128_t8_b4"})
    void learnedProjectionInFrontOfFeatureLoss(String name) throws IOException {
        JsonNode file = read(name);
        JsonNode golden = file.get("losses").get("projected_mse");
        INDArray projection = matrix(file.get("projection"));
        INDArray learner = matrix(file.get("student"));
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .graphBuilder()
                .addInputs("embedding")
                .addLayer(
                        "projection",
                        new DenseLayer.Builder()
                                .nIn(projection.size(1))
                                .nOut(projection.size(0))
                                .hasBias(false)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "embedding")
                .addLayer(
                        "loss",
                        new LossLayer.Builder(FeatureLoss.squared())
                                .activation(Activation.IDENTITY)
                                .build(),
                        "projection")
                .setOutputs("loss")
                .build());
        graph.init();
        graph.getLayer("projection").setParam("W", projection.transpose().dup());
        graph.setInputs(learner);
        graph.setLabels(matrix(file.get("teacher")));
        graph.computeGradientAndScore();
        assertEquals(golden.get("value").asDouble(), graph.score(), 1e-10);
        assertRows(
                matrix(golden.get("grad_projection")).transpose().div(1),
                graph.gradient().gradientForVariable().get("projection_W").div(4));
        INDArray answer = learner.mmul(projection.transpose());
        assertRows(
                matrix(golden.get("grad")),
                FeatureLoss.squared()
                        .lossAndGradient(matrix(file.get("teacher")), answer)
                        .gradient()
                        .mmul(projection));
    }

    @Test
    void publishedAngleGradientThroughZeroEdgesIsTheOneThingNotReproduced() throws IOException {
        JsonNode file = read("duplicate_student_b4_d8");
        JsonNode published = file.get("losses").get("rkd_angle");
        assertTrue(matrix(published.get("grad")).norm2Number().doubleValue() > 1e8);
        LossValue ours =
                AngleLoss.rkdCompatible().lossAndGradient(matrix(file.get("teacher")), matrix(file.get("student")));
        assertEquals(published.get("value").asDouble(), ours.value(), 1e-10);
        assertTrue(ours.gradient().norm2Number().doubleValue() < 1);
    }

    /** The losses that came later, by PyTorch's autograd: {@code later_losses.py}. */
    @Test
    void laterLossesMatch() throws IOException {
        JsonNode file = read("later_losses");
        JsonNode losses = file.get("losses");
        INDArray guide = matrix(file.get("guide"));
        INDArray learner = matrix(file.get("learner"));
        INDArray guideLogits = matrix(file.get("guide_logits"));
        INDArray logits = matrix(file.get("learner_logits"));
        INDArray labels = column(file.get("labels"));
        List<Double> weights = new ArrayList<>();
        file.get("class_weights").forEach(weight -> weights.add(weight.asDouble()));
        INDArray classed = Nd4j.hstack(guide, labels);
        Bank bank = Bank.of(matrix(file.get("bank")));
        Map<String, LossValue> ours = new HashMap<>(Map.of(
                "neighbourhood", NeighbourhoodLoss.at(0.2).lossAndGradient(guide, learner, bank),
                "neighbourhood_without_own",
                        NeighbourhoodLoss.at(0.2).withoutOwnRow().lossAndGradient(guide, learner, bank),
                "contrastive", ContrastiveLoss.at(0.2).lossAndGradient(guide, learner, bank),
                "standardised_soft_logits",
                        new StandardisedLogits(new SoftLogitsLoss(2)).lossAndGradient(guideLogits, logits),
                "decoupled", DecoupledLogitsLoss.published().lossAndGradient(guideLogits, logits),
                "decoupled_labelled",
                        new DecoupledLogitsLoss(2, 0.5, 3).lossAndGradient(Nd4j.hstack(guideLogits, labels), logits),
                "correlation", new CorrelationLogitsLoss(2, 1, 3).lossAndGradient(guideLogits, logits),
                "focal", new FocalLoss(1.5, weights).lossAndGradient(labels, logits),
                "supervised_contrastive", new SupervisedContrastiveLoss(0.2).lossAndGradient(classed, learner),
                "octuplet", new OctupletLoss(0.5).lossAndGradient(classed, learner)));
        ours.put(
                "class_centre",
                ClassCentreLoss.at(0.2)
                        .withMargin(0.1)
                        .lossAndGradient(
                                guide, learner, Bank.of(matrix(file.get("bank")), numbers(file.get("bank_classes")))));
        ours.put("noise_contrastive", NoiseContrastiveLoss.at(0.2).lossAndGradient(guide, learner, bank));
        ours.put(
                "noise_contrastive_stated",
                NoiseContrastiveLoss.at(0.2).withNoise(1.5).lossAndGradient(guide, learner, bank));
        ours.put("relation_contrastive", RelationContrastiveLoss.at(0.2).lossAndGradient(guide, learner));
        ours.put(
                "relation_contrastive_stated",
                new RelationContrastiveLoss(0.2, 1.5, 5).lossAndGradient(guide, learner));
        FalseAcceptRankLoss rank = new FalseAcceptRankLoss(List.of(0.2, 0.5), 0.1, 0.5, false);
        ours.put("false_accept_rank", rank.lossAndGradient(classed, learner));
        ours.put("false_accept_rank_across", rank.acrossTheStreams().lossAndGradient(classed, learner));
        MovingCentreLoss centres = new MovingCentreLoss(0.2, 0.1);
        centres.lossAndGradient(
                Nd4j.hstack(matrix(file.get("earlier_guide")), column(file.get("earlier_labels"))),
                matrix(file.get("earlier_learner")));
        centres.lossAndGradient(classed, learner.add(1)); // asked twice about one step, the last answer counts
        ours.put("moving_centres", centres.lossAndGradient(classed, learner));
        INDArray normed = matrix(file.get("normed_cosines"));
        INDArray oneHot = Nd4j.zeros(DataType.DOUBLE, 5, 4);
        for (int i = 0; i < 5; i++) {
            oneHot.putScalar(i, file.get("labels").get(i).asInt(), 1);
        }
        ours.put("quality_margin", new QualityMarginLoss(8, 0.4, 0.333).lossAndGradient(oneHot, normed));
        INDArray guideMaps = matrix(file.get("guide_maps"));
        INDArray learnerMaps = matrix(file.get("learner_maps"));
        Map.of(
                        "hint", HintLoss.ofGuidesSpread(),
                        "hint_plain", HintLoss.plain(),
                        "attention", new AttentionTransferLoss(),
                        "affinity", SpatialAffinityLoss.defaults())
                .forEach((name, loss) -> ours.put(
                        name,
                        loss.between(new MapShape(3, 6, 5), new MapShape(3, 4, 3))
                                .lossAndGradient(guideMaps, learnerMaps)));
        ours.put("magnitude_margin", new MagnitudeMarginLoss(8, 0.2, 0.5, 1, 5, 3).lossAndGradient(oneHot, normed));
        assertEquals(losses.size(), ours.size());
        ours.forEach((name, value) -> check(name, losses.get(name), value));
    }

    private static void check(String what, JsonNode golden, LossValue value) {
        assertEquals(golden.get("value").asDouble(), value.value(), 1e-10, what);
        INDArray gradient = matrix(golden.get("grad"));
        for (int i = 0; i < gradient.rows(); i++) {
            assertArrayEquals(
                    gradient.getRow(i).toDoubleVector(),
                    value.gradient().getRow(i).toDoubleVector(),
                    1e-10,
                    what);
        }
    }

    private static void assertRows(INDArray wanted, INDArray got) {
        assertArrayEquals(wanted.shape(), got.shape());
        assertEquals(0, wanted.distance2(got), 1e-10);
    }

    private static JsonNode read(String name) throws IOException {
        try (InputStream in = GoldenTest.class.getResourceAsStream("/golden/" + name + ".json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static int[] numbers(JsonNode values) {
        return java.util.stream.IntStream.range(0, values.size())
                .map(i -> values.get(i).asInt())
                .toArray();
    }

    private static INDArray column(JsonNode values) {
        return Nd4j.createFromArray(numbers(values)).castTo(DataType.DOUBLE).reshape(values.size(), 1);
    }

    private static INDArray matrix(JsonNode rows) {
        double[][] values = new double[rows.size()][rows.get(0).size()];
        for (int i = 0; i < values.length; i++) {
            for (int d = 0; d < values[i].length; d++) {
                values[i][d] = rows.get(i).get(d).asDouble();
            }
        }
        return Nd4j.createFromArray(values);
    }
}
