package io.github.horkd.experiment;

import io.github.horkd.data.PairedImages;
import io.github.horkd.distill.Stage;
import io.github.horkd.guide.KnowledgeSource;
import java.util.Map;

/**
 * What comes between the sets and guides of an experiment and a training that learns from them: many views of every picture, each asked about once; a space or a bank made of some of them.
 * A kind of one's own is a record that implements it, see {@link TypeRegistry}.
 */
public interface Preparation {

    /**
     * Prepares one training.
     *
     * @param plain   as the experiment describes it
     * @param context the run that it is for
     * @return what is trained instead; its stage has the same name
     */
    Prepared of(Prepared plain, PreparationContext context);

    /**
     * A stage with what it learns from.
     *
     * @param stage  who learns, how
     * @param images from which images
     * @param guides held against whom, by name
     */
    record Prepared(Stage stage, PairedImages images, Map<String, KnowledgeSource> guides) {

        /** Copies the map. */
        public Prepared {
            guides = Map.copyOf(guides);
        }
    }

    /** Images and guides as they are. */
    record AsTheyAre() implements Preparation {
        @Override
        public Prepared of(Prepared plain, PreparationContext context) {
            return plain;
        }
    }
}
