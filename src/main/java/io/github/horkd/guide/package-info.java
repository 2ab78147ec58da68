/**
 * Whoever can be asked about images, how it is asked, and the space its answers are compared in.
 *
 * <p>The way of the data:
 * <pre>  images, view, poses → {@link io.github.horkd.guide.KnowledgeSource#outputs} → embeddings, logits
 *    a {@link io.github.horkd.guide.Guide} reads pixels and computes, {@link io.github.horkd.guide.PrecomputedKnowledge} looks names up
 *  → {@link io.github.horkd.guide.Embeddings} asks in batches, checks shapes and values, names the image that is wrong
 *  → {@link io.github.horkd.guide.EmbeddingSpace} centred or whitened unit rows, where learners are taught and matched
 *  → {@link io.github.horkd.guide.LocalScaling} takes from their cosines how alike each side is to pictures of others, where a gallery or an evaluation wants it</pre>
 *
 * <p>A new kind of teacher is one {@code Guide}, or one {@code KnowledgeSource} where there are no pixels, and one line in the contract test
 * ({@code GuideContractTest}). Whoever has embeddings already needs no code: CSV, npy and npz files are read. Needs {@code data} only.
 */
package io.github.horkd.guide;
