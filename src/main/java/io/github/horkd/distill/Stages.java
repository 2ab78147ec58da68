package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.model.Network;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs stages one after another; what learned in one is a guide to the next, under the stage's name. */
public final class Stages {

    private Stages() {}

    /**
     * Runs stages, every guide being asked anew, without checkpoints.
     *
     * @param stages   in this order
     * @param guides   the guides that are there from the start, by name: usually one, "teacher"
     * @param images   what all of them learn from
     * @param listener is told what happens
     * @return the trained networks by the names of their stages, in order
     * @throws IllegalArgumentException when stages, guides and images do not fit together
     * @throws DivergedException        when a loss stops being a number, or explodes
     */
    public static Map<String, Network> run(
            List<Stage> stages,
            Map<String, ? extends KnowledgeSource> guides,
            PairedImages images,
            TrainingListener listener) {
        return run(stages, guides, images, listener, KnowledgeStore.inMemory(), Checkpoints.none());
    }

    /**
     * Runs stages.
     *
     * @param stages      in this order
     * @param guides      the guides that are there from the start, by name: usually one, "teacher"
     * @param images      what all of them learn from
     * @param listener    is told what happens
     * @param store       keeps what guides know, for this run and others
     * @param checkpoints where the run is kept, so that the same call goes on where it stopped
     * @return the trained networks by the names of their stages, in order
     * @throws IllegalArgumentException when stages, guides and images do not fit together
     * @throws DivergedException        when a loss stops being a number, or explodes
     * @throws UncheckedIOException     when there is no such directory, or nothing can be written to it
     */
    public static Map<String, Network> run(
            List<Stage> stages,
            Map<String, ? extends KnowledgeSource> guides,
            PairedImages images,
            TrainingListener listener,
            KnowledgeStore store,
            Checkpoints checkpoints) {
        checkpoints.directory(); // what is wrong with it is said before anything else
        Set<String> names = new HashSet<>(guides.keySet());
        for (Stage stage : stages) {
            stage.checkPoses();
            for (GuideLoss loss : stage.losses()) {
                if (!names.contains(loss.guide())) {
                    throw new IllegalArgumentException("stage " + stage.name() + ": no guide '" + loss.guide()
                            + "' at that point; there are " + names);
                }
            }
            if (!names.add(stage.name())) {
                throw new IllegalArgumentException("stages: two networks are called '" + stage.name() + "'");
            }
        }
        Map<String, KnowledgeSource> known = new LinkedHashMap<>(guides);
        RunSpaces spaces = new RunSpaces();
        Map<String, Network> trained = new LinkedHashMap<>();
        for (Stage stage : stages) {
            Network network = new StageRun(stage, known, images, listener, store, spaces, checkpoints).run();
            spaces.learned(stage, known, network);
            known.put(stage.name(), network);
            trained.put(stage.name(), network);
        }
        return Collections.unmodifiableMap(trained);
    }
}
