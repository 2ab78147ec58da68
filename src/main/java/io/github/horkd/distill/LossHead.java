package io.github.horkd.distill;

import io.github.horkd.loss.HybridOrderLoss;

/**
 * One loss head of a training graph: what it looks at, and what it is compared with.
 *
 * @param name    of the head's vertex
 * @param vertex  of the learner that the head is put on
 * @param project width of a learned linear map between the vertex and the loss; 0 for none
 * @param loss    the loss
 * @param source  what it is compared with
 * @param guide   whose knowledge that is; empty for labels
 */
record LossHead(String name, String vertex, int project, HybridOrderLoss loss, Source source, String guide) {

    enum Source {
        LABELS,
        EMBEDDINGS,
        LOGITS
    }
}
