/**
 * How good networks are, and how sure that is.
 *
 * <p>The way of the data: images → {@link io.github.horkd.guide.Embeddings} → [N, D] and labels → similarities, block by block → the figures. {@link
 * io.github.horkd.eval.Evaluation} goes the whole way for a teacher, its student, the two across resolutions, and the naive use of the teacher; each figure
 * is also there for embeddings or scores that anyone made:
 * <ul>
 *   <li>classification: {@link io.github.horkd.eval.TopOne}, classes paired by name;</li>
 *   <li>closed-set identification: {@link io.github.horkd.eval.Identification};</li>
 *   <li>open-set identification: {@link io.github.horkd.eval.OpenSetIdentification}, DIR at FPIR;</li>
 *   <li>verification: {@link io.github.horkd.eval.Verification} of listed or of all pairs, ROC, DET, EER, minDCF, and {@link
 *       io.github.horkd.eval.FoldAccuracy} over folds;</li>
 *   <li>retrieval: {@link io.github.horkd.eval.Retrieval}, R@K, mAP, R-precision;</li>
 *   <li>protocols: {@link io.github.horkd.eval.PairList} and {@link io.github.horkd.eval.PeopleList}, as Labeled Faces in the Wild has them;</li>
 *   <li>certainty: {@link io.github.horkd.eval.Interval}, {@link io.github.horkd.eval.PairedBootstrap}, {@link io.github.horkd.eval.Spread}.</li>
 * </ul>
 * What cannot be measured is not a number, and what was left out is counted.
 */
package io.github.horkd.eval;
