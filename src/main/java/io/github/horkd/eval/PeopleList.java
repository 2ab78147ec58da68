package io.github.horkd.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The people of a protocol file of Labeled Faces in the Wild ({@code people.txt}, {@code peopleDevTrain.txt}, {@code
 * peopleDevTest.txt}). Fields are separated by tabs. The first line holds the number of people (one fold), or the
 * number of folds, each of which then begins with a line that holds its number of people; every other line is a name
 * and a number of images.
 *
 * @param people in the order of the file
 */
public record PeopleList(List<Person> people) {

    public PeopleList {
        people = List.copyOf(people);
    }

    /**
     * One person.
     *
     * @param name   as in the names of the images
     * @param images how many there are
     * @param fold   from 0
     */
    public record Person(String name, int images, int fold) {}

    /**
     * Reads a file.
     *
     * @param file a protocol file
     * @return its people
     * @throws java.io.UncheckedIOException when it cannot be read
     * @throws IllegalArgumentException     when a line is not what its place wants; file and line are named
     */
    public static PeopleList read(Path file) {
        return parse(ProtocolLines.read(file));
    }

    static PeopleList parse(ProtocolLines lines) {
        int head = count(lines, "a number of people, or of folds");
        boolean folded = lines.countFollows();
        int folds = folded ? head : 1;
        Set<String> seen = new LinkedHashSet<>();
        List<Person> people = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            int size = folded ? count(lines, "the number of people of fold " + (fold + 1)) : head;
            for (int i = 0; i < size; i++) {
                String wanted = "a name and a number of images";
                String[] fields = lines.take(wanted);
                if (fields.length != 2) {
                    throw lines.wrong(wanted, fields.length + " fields");
                }
                Person person = new Person(lines.name(fields[0]), lines.number(fields[1], wanted), fold);
                if (!seen.add(person.name())) {
                    throw lines.wrong("a new name", person.name() + " again");
                }
                people.add(person);
            }
        }
        lines.wantEnd(people.size() + " people");
        return new PeopleList(people);
    }

    private static int count(ProtocolLines lines, String wanted) {
        String[] fields = lines.take(wanted);
        if (fields.length != 1) {
            throw lines.wrong(wanted, fields.length + " fields");
        }
        return lines.number(fields[0], wanted);
    }

    /**
     * The names alone.
     *
     * @return in the order of the file, unmodifiable
     */
    public Set<String> names() {
        return people.stream()
                .map(Person::name)
                .collect(Collectors.collectingAndThen(
                        Collectors.toCollection(LinkedHashSet::new), Collections::unmodifiableSet));
    }
}
