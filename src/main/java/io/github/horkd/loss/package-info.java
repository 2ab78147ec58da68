/**
 * Losses: what a learner answers, held against what a guide knows or against labels. Each is a record with one method that implements DL4J's
 * {@code ILossFunction}, so it works in anyone's own graph and {@code fit} loop. Needs ND4J only.
 *
 * <p>The way of the data: DL4J hands over labels (the guide's side, [N, D_t]) and the learner's answer [N, D_s] →
 * {@link io.github.horkd.loss.BatchLoss} leaves out masked rows → {@link io.github.horkd.loss.BatchLoss#lossAndGradient} → L and ∂L/∂learner → times
 * N and through the activation, back to DL4J.
 *
 * <table>
 * <caption>What looks at what</caption>
 * <tr><th>order</th><th>within a stream, over the batch</th><th>across the streams</th></tr>
 * <tr><td>1: a sample</td><td></td><td>{@link io.github.horkd.loss.FeatureLoss}, {@link io.github.horkd.loss.CosineLoss},
 *   {@link io.github.horkd.loss.SoftLogitsLoss}, {@link io.github.horkd.loss.DecoupledLogitsLoss}, {@link io.github.horkd.loss.CorrelationLogitsLoss}</td></tr>
 * <tr><td>2: pairs</td><td>{@link io.github.horkd.loss.DistanceLoss}, {@link io.github.horkd.loss.SimilarityPreservingLoss},
 *   {@link io.github.horkd.loss.CorrelationCongruenceLoss}, {@link io.github.horkd.loss.ProbabilisticTransferLoss}</td>
 *   <td>{@link io.github.horkd.loss.CrossStreamLoss} over the batch; over a {@link io.github.horkd.loss.Bank}:
 *   {@link io.github.horkd.loss.NeighbourhoodLoss}, {@link io.github.horkd.loss.ContrastiveLoss}, {@link io.github.horkd.loss.ClassCentreLoss}; over the batch, with labels:
 *   {@link io.github.horkd.loss.SupervisedContrastiveLoss}, {@link io.github.horkd.loss.OctupletLoss}</td></tr>
 * <tr><td>3: triplets</td><td>{@link io.github.horkd.loss.AngleLoss}</td><td>{@link io.github.horkd.loss.CrossStreamLoss}</td></tr>
 * <tr><td>k: larger groups</td><td>{@link io.github.horkd.loss.HigherOrderLoss}</td><td>{@link io.github.horkd.loss.CrossStreamLoss}</td></tr>
 * <tr><td>the whole batch</td><td>{@link io.github.horkd.loss.CkaLoss}, {@link io.github.horkd.loss.DarkRankLoss}</td><td></td></tr>
 * <tr><td>labels</td><td></td><td>{@link io.github.horkd.loss.CrossEntropyLoss}, {@link io.github.horkd.loss.FocalLoss}, {@link io.github.horkd.loss.AdditiveMarginLoss},
 *   {@link io.github.horkd.loss.AngularMarginLoss}</td></tr>
 * </table>
 *
 * <p>{@link io.github.horkd.loss.HybridOrderLoss} adds named, weighted terms; {@link io.github.horkd.loss.UnitEmbeddings} puts a loss over unit rows,
 * {@link io.github.horkd.loss.StandardisedLogits} over standardised logits,
 * {@link io.github.horkd.loss.RelationMemory} over the batches before. A new loss is one record here and one line in the contract test.
 *
 * @serial exclude
 */
package io.github.horkd.loss;
