package io.github.horkd.examples;

import io.github.horkd.data.PairedImages;
import io.github.horkd.eval.PairList;
import io.github.horkd.eval.PeopleList;
import io.github.horkd.experiment.Selection;
import io.github.horkd.experiment.SourceContext;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The pictures that LFW's View 1 judges by: those that its pairs name, and all of the test's people. Only the test's people keep their labels, so that figures over all pairs are about them.
 *
 * @param people       the test's people
 * @param pairs        lists of pairs, the one that gives the threshold too
 * @param everyPicture whether all pictures of the test's people are taken, or those in a pair alone
 */
public record JudgedFaces(Path people, List<Path> pairs, boolean everyPicture) implements Selection {

    /** Copies the list. */
    public JudgedFaces {
        pairs = List.copyOf(pairs);
    }

    @Override
    public PairedImages of(PairedImages images, SourceContext context) {
        Set<String> names = PeopleList.read(people).names();
        Set<String> paired = new HashSet<>();
        for (Path list : pairs) {
            PairList.read(list).pairs().forEach(pair -> {
                paired.add("%s_%04d.".formatted(pair.firstName(), pair.firstNumber()));
                paired.add("%s_%04d.".formatted(pair.secondName(), pair.secondNumber()));
            });
        }
        IntPredicate ofTest = i -> names.contains(images.classes().get(images.label(i)));
        PairedImages judged =
                images.where(i -> everyPicture && ofTest.test(i) || paired.contains(file(images.name(i))));
        return judged.withoutLabels(i -> !names.contains(judged.classes().get(judged.label(i))));
    }

    private static String file(String name) {
        String plain = name.substring(name.lastIndexOf('/') + 1);
        return plain.substring(0, plain.lastIndexOf('.') + 1);
    }
}
