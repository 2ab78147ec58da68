/**
 * Training: from guides, images and losses to networks.
 *
 * <p>Begin with {@link io.github.horkd.distill.Distillation#from}: a teacher, a student, perhaps an assistant between them. Its builder makes a list of {@link io.github.horkd.distill.Stage}s;
 * whoever wants another arrangement writes the list and runs it with {@link io.github.horkd.distill.Stages}. {@link io.github.horkd.distill.Classifier} trains on labels alone.
 *
 * <p>The way of the data through a stage:
 * <ol>
 *   <li>Each guide is asked once about every image, or the {@link io.github.horkd.knowledge.KnowledgeStore} knows its answers already.
 *   <li>The guide's embedding space is fitted to them: whitened where it is off centre, as it is where not. Losses, banks and later the saved network are in that space.
 *   <li>The learner's graph gets one loss head for labels and some for each guide: over embeddings, logits, feature maps inside. Classes are paired by name. What a guide says of images that it takes for another class is left out.
 *   <li>DL4J's own {@code fit(MultiDataSet)} trains it; the labels are [one-hot, knowledge…].
 *   <li>The training heads are removed; what is left is a plain DL4J network.
 * </ol>
 * What happens is told as {@link io.github.horkd.distill.TrainingEvent}s. A run with {@link io.github.horkd.distill.Checkpoints} goes on where it stopped, to the last bit.
 */
package io.github.horkd.distill;
