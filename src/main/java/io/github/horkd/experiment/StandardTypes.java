package io.github.horkd.experiment;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Sampling;
import io.github.horkd.distill.EarlyStopping;
import io.github.horkd.distill.GuideBank;
import io.github.horkd.distill.GuideLoss;
import io.github.horkd.distill.Schedule;
import io.github.horkd.eval.PairWeight;
import io.github.horkd.guide.Scaling;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.loss.AdditiveMarginLoss;
import io.github.horkd.loss.AngleLoss;
import io.github.horkd.loss.AngularMarginLoss;
import io.github.horkd.loss.AttentionTransferLoss;
import io.github.horkd.loss.CkaLoss;
import io.github.horkd.loss.ClassCentreLoss;
import io.github.horkd.loss.ContrastiveLoss;
import io.github.horkd.loss.CorrelationCongruenceLoss;
import io.github.horkd.loss.CorrelationLogitsLoss;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.CrossEntropyLoss;
import io.github.horkd.loss.CrossStreamLoss;
import io.github.horkd.loss.DarkRankLoss;
import io.github.horkd.loss.DecoupledLogitsLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.FalseAcceptRankLoss;
import io.github.horkd.loss.FeatureLoss;
import io.github.horkd.loss.FocalLoss;
import io.github.horkd.loss.HigherOrderLoss;
import io.github.horkd.loss.HintLoss;
import io.github.horkd.loss.MagnitudeMarginLoss;
import io.github.horkd.loss.NeighbourhoodLoss;
import io.github.horkd.loss.NoiseContrastiveLoss;
import io.github.horkd.loss.OctupletLoss;
import io.github.horkd.loss.ProbabilisticTransferLoss;
import io.github.horkd.loss.QualityMarginLoss;
import io.github.horkd.loss.RelationContrastiveLoss;
import io.github.horkd.loss.SimilarityPreservingLoss;
import io.github.horkd.loss.SoftLogitsLoss;
import io.github.horkd.loss.SpatialAffinityLoss;
import io.github.horkd.loss.StandardisedLogits;
import io.github.horkd.loss.SupervisedContrastiveLoss;
import io.github.horkd.loss.UnitEmbeddings;
import io.github.horkd.model.Head;
import io.github.horkd.model.Plain;
import io.github.horkd.model.Residual;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the library has of every kind, and what a file need not say. */
final class StandardTypes {

    private static final Path NOWHERE = Path.of("");
    private static final Set<String> EPOCHS = Set.of("epochs", "steps");

    static final TypeRegistry ALL = measures(losses(parts(images(TypeRegistry.none()))));

    private StandardTypes() {}

    private static TypeRegistry images(TypeRegistry kinds) {
        return kinds.with("downscaleTo", DegradationStep.DownscaleTo.class)
                .with("blur", DegradationStep.Blur.class)
                .with("noise", DegradationStep.Noise.class)
                .with("jpeg", DegradationStep.Jpeg.class)
                .with("set", ImageSource.SetNamed.class)
                .with("folder", ImageSource.Folder.class, said -> {
                    need(said, "path", "height", "width");
                    return new ImageSource.Folder(NOWHERE, 1, 1, 1, List.of(), ImageSource.Layout.CLASS, "", "");
                })
                .with("idx", ImageSource.Idx.class, said -> {
                    need(said, "images", "labels");
                    return new ImageSource.Idx(NOWHERE, NOWHERE, List.of());
                })
                .with("first", Selection.First.class)
                .with("part", Selection.Part.class)
                .with("partOfPeople", Selection.PartOfPeople.class)
                .with("named", Selection.Named.class)
                .with("people", Selection.People.class)
                .with("atLeast", Selection.AtLeast.class)
                .with("withoutLabels", Selection.WithoutLabels.class)
                .with("labelsNamed", Selection.LabelsNamed.class)
                .with("labelsOfFirst", Selection.LabelsOfFirst.class)
                .with("labelsOfEvery", Selection.LabelsOfEvery.class)
                .with("pool", Selection.Pool.class)
                .with("mixed", new Selection.Mixed(Interpolation.BICUBIC))
                .with("", ImageSet.class, said -> {
                    need(said, "source");
                    return ImageSet.ofSet("");
                })
                .with("network", TeacherSource.Saved.class)
                .with("onnx", TeacherSource.Onnx.class, said -> {
                    need(said, "path");
                    return new TeacherSource.Onnx(NOWHERE, Scaling.ZERO_ONE, 3, 16);
                });
    }

    private static TypeRegistry parts(TypeRegistry kinds) {
        return kinds.with("residual", Residual.class, said -> {
                    need(said, "width", "embeddingWidth");
                    return new Residual(16, List.of(), 64, 0, 1);
                })
                .with("plain", Plain.class, said -> {
                    need(said, "width", "embeddingWidth");
                    return new Plain(16, List.of(), 64, 0);
                })
                .with("softmax", new Head.Softmax())
                .with("cosFace", Head.CosFace.class)
                .with("arcFace", Head.ArcFace.class)
                .with("adaFace", Head.AdaFace.class)
                .with("magFace", Head.MagFace.class)
                .with("", Schedule.class, said -> {
                    if (EPOCHS.stream().filter(said::containsKey).count() != 1) {
                        throw new IllegalArgumentException("wanted either 'epochs' or 'steps'");
                    }
                    return said.containsKey("steps") ? Schedule.steps(1) : Schedule.epochs(1);
                })
                .with("", Augmentation.class, said -> Augmentation.none())
                .with("", EarlyStopping.class, said -> EarlyStopping.none())
                .with("", Training.Watch.class, said -> Training.Watch.nobody())
                .with("", GuideBank.class, said -> GuideBank.defaults())
                .with("", GuideLoss.class, said -> {
                    need(said, "guide");
                    return GuideLoss.recommended("teacher");
                })
                .with("shuffled", Sampling.shuffled())
                .with("balanced", Sampling.class, said -> {
                    need(said, "classes", "imagesPerClass");
                    return Sampling.balanced(2, 2);
                })
                .with("raw", SpaceMethod.raw())
                .with("centred", SpaceMethod.centred())
                .with("whitened", SpaceMethod.whitened())
                .with("automatic", SpaceMethod.automatic())
                .with("whitenedWhereOffCentre", SpaceMethod.whitenedWhereOffCentre())
                .with("principal", SpaceMethod.class, said -> {
                    need(said, "dimensions");
                    return SpaceMethod.principal(1);
                })
                .with("asTheyAre", new Preparation.AsTheyAre())
                .with("", Training.class, said -> {
                    need(said, "name", "seed", "backbone", "schedule");
                    return Defaults.TRAINING;
                })
                .with("", Variant.class, said -> {
                    need(said, "name");
                    need(said, said.containsKey("network") ? "network" : "trainings");
                    return new Variant(
                            "-",
                            said.containsKey("network") ? List.of() : List.of(Defaults.TRAINING),
                            said.containsKey("network") ? "-" : "",
                            Resolution.LOW,
                            Variant.Enlarge.NO,
                            "");
                })
                .with("", EvaluationPlan.class, said -> Defaults.PLAN);
    }

    private static TypeRegistry losses(TypeRegistry kinds) {
        return kinds.with("cosine", CosineLoss.squaredDistance())
                .with("distance", DistanceLoss.guideScaled())
                .with("rkdDistance", DistanceLoss.rkdCompatible())
                .with("angle", AngleLoss.guideScaled())
                .with("rkdAngle", AngleLoss.rkdCompatible())
                .with("higherOrder", HigherOrderLoss.class)
                .with("crossStream", CrossStreamLoss.class)
                .with("onUnitEmbeddings", UnitEmbeddings.class)
                .with("contrastive", ContrastiveLoss.at(0.1))
                .with("neighbourhood", NeighbourhoodLoss.at(0.1))
                .with("classCentre", ClassCentreLoss.class)
                .with("softLogits", new SoftLogitsLoss(4))
                .with("decoupledLogits", DecoupledLogitsLoss.class)
                .with("correlationLogits", CorrelationLogitsLoss.class)
                .with("standardisedLogits", StandardisedLogits.class)
                .with("supervisedContrastive", SupervisedContrastiveLoss.class)
                .with("octuplet", OctupletLoss.class)
                .with("darkRank", DarkRankLoss.class)
                .with("cka", new CkaLoss())
                .with("probabilisticTransfer", new ProbabilisticTransferLoss())
                .with("similarityPreserving", new SimilarityPreservingLoss())
                .with("feature", FeatureLoss.class)
                .with("hint", HintLoss.class)
                .with("attentionTransfer", new AttentionTransferLoss())
                .with("spatialAffinity", SpatialAffinityLoss.class)
                .with("noiseContrastive", NoiseContrastiveLoss.class)
                .with("relationContrastive", RelationContrastiveLoss.class)
                .with("falseAcceptRank", FalseAcceptRankLoss.class)
                .with("correlationCongruence", CorrelationCongruenceLoss.class)
                .with("crossEntropy", CrossEntropyLoss.class)
                .with("focal", FocalLoss.class)
                .with("additiveMargin", AdditiveMarginLoss.class)
                .with("angularMargin", AngularMarginLoss.class)
                .with("qualityMargin", QualityMarginLoss.class)
                .with("magnitudeMargin", MagnitudeMarginLoss.class);
    }

    private static TypeRegistry measures(TypeRegistry kinds) {
        return kinds.with("topOne", new Measure.TopOneShare("top-1"))
                .with("rank", new Measure.Rank("cross-resolution rank-1", 1, Measure.Against.ACROSS, 0))
                .with("nearest", new Measure.Nearest("rank-1", 0))
                .with("oneEnrolled", new Measure.OneEnrolled("open rank-1", Measure.Against.ACROSS))
                .with(
                        "allPairs",
                        new Measure.AllPairs(
                                "AUC", Measure.Figure.AUC, 1e-2, Measure.Against.ACROSS, 0, PairWeight.PER_PERSON, ""))
                .with("listedPairs", Measure.ListedPairs.class, said -> {
                    need(said, "set", "pairs", "threshold");
                    return new Measure.ListedPairs("", "", NOWHERE, NOWHERE, 1e-2, Measure.Against.WITHIN, "");
                });
    }

    private static void need(Map<String, Object> said, String... keys) {
        for (String key : keys) {
            if (!said.containsKey(key)) {
                throw new IllegalArgumentException(
                        "wanted '" + key + "', got " + (said.isEmpty() ? "nothing" : String.join(", ", said.keySet())));
            }
        }
    }

    /** What a file need not say of the larger parts. */
    private static final class Defaults {
        static final Training TRAINING = Training.of(
                io.github.horkd.distill.Stage.onLabels(
                        "-", new Residual(16, List.of(), 64, 0, 1), Resolution.LOW, Schedule.epochs(20), 1),
                "train",
                Seed.ofRun());
        static final EvaluationPlan PLAN = new EvaluationPlan(
                "test",
                "",
                "teacher",
                false,
                List.of(
                        new Measure.Rank("cross-resolution rank-1", 1, Measure.Against.ACROSS, 0),
                        new Measure.AllPairs(
                                "cross-resolution AUC",
                                Measure.Figure.AUC,
                                1e-2,
                                Measure.Against.ACROSS,
                                0,
                                PairWeight.PER_PERSON,
                                "")),
                List.of());
    }
}
