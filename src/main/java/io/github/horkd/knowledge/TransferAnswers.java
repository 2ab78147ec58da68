package io.github.horkd.knowledge;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.KnowledgeSource;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a guide answered about the images of a transfer set, by their names. A store takes its rows as they lie in the files. */
final class TransferAnswers implements KnowledgeSource {

    private final TransferSet set;
    private final TransferLayout layout;
    private final String identity;

    TransferAnswers(TransferSet set) {
        this.set = set;
        this.layout = set.layout();
        this.identity = "transfer set " + set.digest() + " of " + layout.guide();
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public int embeddingWidth() {
        return layout.width();
    }

    @Override
    public List<String> classes() {
        return layout.classes();
    }

    /** {@inheritDoc} Names are enough. */
    @Override
    public boolean seesPixels() {
        return false;
    }

    @Override
    public void require(PairedImages images, Resolution view) {
        if (images == set) {
            return;
        }
        for (int i = 0; i < images.size(); i++) {
            find(images.name(i));
        }
    }

    private int find(String name) {
        int index = set.find(name);
        if (index < 0) {
            throw new IllegalArgumentException("transfer set: its guide was not asked about '" + name
                    + "'; it knows names such as '" + set.name(0) + "'");
        }
        return index;
    }

    /** {@inheritDoc} Neither pose nor view count: the set has one answer about each of its images. */
    @Override
    public Output outputs(PairedImages images, Resolution view, int[] indices, Pose[] poses) {
        float[][] embeddings = new float[indices.length][layout.width()];
        float[][] logits = new float[indices.length][layout.classes().size()];
        for (int i = 0; i < indices.length; i++) {
            int index = images == set ? indices[i] : find(images.name(indices[i]));
            set.answer(index, 0, embeddings[i], 0, embeddings[i].length);
            set.answer(index, layout.width(), logits[i], 0, logits[i].length);
        }
        return layout.classes().isEmpty() ? Output.of(array(embeddings)) : Output.of(array(embeddings), array(logits));
    }

    private static INDArray array(float[][] rows) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return Nd4j.createFromArray(rows);
        }
    }

    /** Whether each row that is asked for lies in the files. */
    boolean answersWhole(KnowledgeRequest request) {
        return !request.poses().areDrawn();
    }

    /** The rows in their files, about the set's images or about others of their names; the mirror images' too, which are those of the images. */
    KnowledgeRows rows(PairedImages images) {
        int count = images.size();
        int[] places = images == set
                ? null
                : IntStream.range(0, count).map(i -> find(images.name(i))).toArray();
        return new KnowledgeRows() {
            @Override
            public void read(long row, int column, float[] to, int at, int many) {
                int image = (int) (row % count);
                set.answer(places == null ? image : places[image], column, to, at, many);
            }

            @Override
            public void close() {
                // The set is the user's.
            }
        };
    }
}
