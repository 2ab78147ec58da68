/**
 * What sources of knowledge answered, asked once and kept: in memory, or in files that may be larger than the heap.
 *
 * <p>The way of the data:
 * <pre>  source, images, view, {@link io.github.horkd.knowledge.KnownPoses}
 *  → {@link io.github.horkd.knowledge.KnowledgeStore} kept already, in this program or in a file of before?  then no question is asked
 *  → asked in batches by {@link io.github.horkd.guide.Embeddings}, block after block into a file with checksums; an interrupted build goes on
 *  → {@link io.github.horkd.knowledge.Knowledge} rows of a batch, by image and pose</pre>
 *
 * <p>{@link io.github.horkd.knowledge.TransferSet} is the way for more pictures than the disk holds decoded: files are read once, and low views and answers are kept together.
 *
 * <p>Knows nothing of stages and losses. Needs {@code guide} and {@code data}.
 */
package io.github.horkd.knowledge;
