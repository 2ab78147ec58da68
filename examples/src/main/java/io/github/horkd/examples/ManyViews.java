package io.github.horkd.examples;

import io.github.horkd.data.PairedImages;
import io.github.horkd.distill.GuideLoss;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.eval.PeopleList;
import io.github.horkd.experiment.Preparation;
import io.github.horkd.experiment.PreparationContext;
import io.github.horkd.experiment.Seed;
import io.github.horkd.guide.EmbeddingRows;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.loss.Bank;
import io.github.horkd.loss.HybridOrderLoss.Term;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Many views of every picture, each of which the teacher is asked about once ({@link TeacherViews}). Its space is fitted on what it says of the pictures as they are, and these are the bank of
 * every loss. Where labels do not count they are hidden.
 *
 * @param guide    the teacher's name
 * @param posed    posed views a picture
 * @param mixed    mixtures a picture; 0 for none
 * @param seed     draws the views
 * @param pictures how many pictures there are to learn from; 0: all
 * @param drawn    draws these
 * @param folds    LFW's {@code people.txt}, people by fold; empty for none
 * @param left     the fold whose people are left out
 */
public record ManyViews(String guide, int posed, int mixed, long seed, int pictures, Seed drawn, Path folds, Seed left)
        implements Preparation {

    /** What trainings of a run share. */
    private record Key(PairedImages images, int posed, int mixed, long seed, String teacher) {}

    /** Eight poses and six mixtures of all pictures. */
    static final ManyViews USUAL = new ManyViews("teacher", 8, 6, 7, 0, Seed.fixed(0), Path.of(""), Seed.fixed(-1));

    @Override
    public Prepared of(Prepared plain, PreparationContext context) {
        PairedImages images = plain.images();
        TeacherViews views = context.once(
                new Key(images, posed, mixed, seed, ""),
                TeacherViews.class,
                () -> new TeacherViews(images, posed, mixed, seed));
        IntPredicate known = known(images, context.seed());
        IntPredicate allowed = known.and(views.some(pictures, drawn.of(context.seed())));
        Stage stage = plain.stage();
        PairedImages some = views.images(allowed);
        PairedImages learned =
                stage.options().labelWeight() > 0 ? some.withoutUnusedClasses() : some.withoutLabels(i -> true);
        KnowledgeSource teacher = plain.guides().get(guide);
        if (teacher == null) {
            return new Prepared(stage, learned, plain.guides());
        }
        INDArray answers = context.once(
                new Key(images, posed, mixed, seed, teacher.identity()),
                INDArray.class,
                () -> views.ask(
                        teacher,
                        context.knowledge(),
                        seen -> context.listener()
                                .on(new TrainingEvent.KnowledgeGathered(stage.name(), guide, seen, views.size()))));
        EmbeddingSpace space = EmbeddingSpace.fit(
                EmbeddingRows.of(views.pictures(answers, known)),
                stage.options().space());
        Map<String, KnowledgeSource> guides = new HashMap<>(plain.guides());
        guides.put(guide, views.knowledge(answers, allowed).in(space));
        Bank bank = views.bank(answers, allowed, space);
        GuideLoss[] losses =
                stage.losses().stream().map(loss -> banked(loss, bank)).toArray(GuideLoss[]::new);
        return new Prepared(stage.withLosses(stage.options().labelWeight(), losses), learned, guides);
    }

    private IntPredicate known(PairedImages images, long run) {
        if (folds.toString().isEmpty()) {
            return i -> true;
        }
        long fold = left.of(run);
        Set<String> strangers = PeopleList.read(folds).people().stream()
                .filter(person -> person.fold() == fold)
                .map(PeopleList.Person::name)
                .collect(Collectors.toSet());
        return i -> !strangers.contains(images.classes().get(images.label(i)));
    }

    private static GuideLoss banked(GuideLoss loss, Bank bank) {
        return new GuideLoss(
                loss.guide(),
                loss.resolution(),
                loss.onEmbeddings().stream()
                        .map(term ->
                                new Term(term.name(), term.weight(), term.loss().withBank(bank)))
                        .toList(),
                loss.bank(),
                loss.onLogits(),
                loss.everywhere(),
                loss.labelled(),
                loss.onMaps());
    }
}
