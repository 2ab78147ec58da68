/**
 * Losses: what a learner answers, held against what a guide knows or against labels. Each is a record with one method that implements DL4J's
 * {@code ILossFunction}, so it works in anyone's own graph and {@code fit} loop. Needs ND4J only.
 *
 * <p>The way of the data: DL4J hands over labels (the guide's side, [N, D_t]) and the learner's answer [N, D_s] →
 * {@link io.github.horkd.loss.BatchLoss} leaves out masked rows → {@link io.github.horkd.loss.BatchLoss#lossAndGradient} → L and ∂L/∂learner → times
 * N and through the activation, back to DL4J.
 *
 * <p>In the frame of the method's orders: the first keeps what a guide knows about one sample, the second about pairs, the third about triplets. A loss <em>within</em> the streams compares
 * relations among the learner's rows with the same relations among the guide's, and is blind to a rotation of either. One <em>across</em> them relates the learner's rows to the guide's: it brings
 * both into one space, which matching across resolutions needs. Over a {@link io.github.horkd.loss.Bank} every sample meets all that the guide knows, not its batch alone.
 *
 * <table>
 * <caption>What looks at what</caption>
 * <tr><th>loss</th><th>order</th><th>streams</th><th>over</th><th>labels</th></tr>
 * <tr><td>{@link io.github.horkd.loss.FeatureLoss}</td><td>1</td><td>across</td><td>sample</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.CosineLoss}</td><td>1</td><td>across</td><td>sample</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.SoftLogitsLoss}</td><td>1, logits</td><td>across</td><td>sample</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.DecoupledLogitsLoss}</td><td>1, logits</td><td>across</td><td>sample</td><td>may</td></tr>
 * <tr><td>{@link io.github.horkd.loss.CorrelationLogitsLoss}</td><td>1, logits; and each class over the samples</td><td>across</td><td>sample and batch</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.DistanceLoss}</td><td>2</td><td>within</td><td>batch</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.SimilarityPreservingLoss}</td><td>2</td><td>within</td><td>batch</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.CorrelationCongruenceLoss}</td><td>2</td><td>within</td><td>batch</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.ProbabilisticTransferLoss}</td><td>2</td><td>within</td><td>batch</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.FalseAcceptRankLoss}</td><td>2</td><td>within, or across</td><td>batch</td><td>may</td></tr>
 * <tr><td>{@link io.github.horkd.loss.CrossStreamLoss}</td><td>2 and up, stated</td><td>across</td><td>batch</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.NeighbourhoodLoss}</td><td>2</td><td>across</td><td>bank, or batch</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.ContrastiveLoss}</td><td>1 and 2</td><td>across</td><td>bank, or batch</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.NoiseContrastiveLoss}</td><td>1 and 2</td><td>across</td><td>bank, or batch</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.ClassCentreLoss}</td><td>2</td><td>across</td><td>bank of class centres</td><td>by the bank</td></tr>
 * <tr><td>{@link io.github.horkd.loss.MovingCentreLoss}</td><td>1, later 2</td><td>across</td><td>centres of all batches so far</td><td>may</td></tr>
 * <tr><td>{@link io.github.horkd.loss.SupervisedContrastiveLoss}</td><td>1 and 2</td><td>across</td><td>batch</td><td>may</td></tr>
 * <tr><td>{@link io.github.horkd.loss.OctupletLoss}</td><td>2</td><td>across and within</td><td>batch</td><td>may</td></tr>
 * <tr><td>{@link io.github.horkd.loss.AngleLoss}</td><td>3</td><td>within</td><td>batch</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.RelationContrastiveLoss}</td><td>2 and 3</td><td>across</td><td>batch</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.HigherOrderLoss}</td><td>3 and up, stated</td><td>within</td><td>batch, drawn tuples</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.CkaLoss}</td><td>whole batch</td><td>within</td><td>batch</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.DarkRankLoss}</td><td>whole batch</td><td>within</td><td>batch</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.HintLoss}</td><td>1, at each place of a feature map</td><td>across</td><td>sample</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.AttentionTransferLoss}</td><td>1, at each place of a feature map</td><td>across</td><td>sample</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.SpatialAffinityLoss}</td><td>2, pairs of places of one map</td><td>within</td><td>sample</td><td>no</td></tr>
 * <tr><td>{@link io.github.horkd.loss.CrossEntropyLoss}</td><td>labels</td><td>–</td><td>sample</td><td>needs</td></tr>
 * <tr><td>{@link io.github.horkd.loss.FocalLoss}</td><td>labels</td><td>–</td><td>sample</td><td>needs</td></tr>
 * <tr><td>{@link io.github.horkd.loss.AdditiveMarginLoss}</td><td>labels</td><td>–</td><td>sample</td><td>needs</td></tr>
 * <tr><td>{@link io.github.horkd.loss.AngularMarginLoss}</td><td>labels</td><td>–</td><td>sample</td><td>needs</td></tr>
 * <tr><td>{@link io.github.horkd.loss.QualityMarginLoss}</td><td>labels</td><td>–</td><td>sample; lengths over the batch</td><td>needs</td></tr>
 * <tr><td>{@link io.github.horkd.loss.MagnitudeMarginLoss}</td><td>labels</td><td>–</td><td>sample</td><td>needs</td></tr>
 * </table>
 *
 * <p>Losses over feature maps stand in the same frame, with places in the stead of samples: a hint and an attention are first order at each place, affinities second order among the
 * places of one picture. They shape the layers and put nothing into one space; besides them a stage wants a loss between embeddings.
 *
 * <p>{@link io.github.horkd.loss.HybridOrderLoss} adds named, weighted terms; {@link io.github.horkd.loss.UnitEmbeddings} puts a loss over unit rows,
 * {@link io.github.horkd.loss.StandardisedLogits} over standardised logits,
 * {@link io.github.horkd.loss.RelationMemory} over the batches before. A new loss is one record here and one line in the contract test; one over feature maps implements
 * {@link io.github.horkd.loss.MapLoss}.
 *
 * @serial exclude
 */
package io.github.horkd.loss;
