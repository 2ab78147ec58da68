package io.github.horkd.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The names by which a file of an experiment calls what has several kinds: sources, selections, degradations, backbones, heads, losses, measures. A kind is a record; its components are the keys
 * of the file. What a file does not say is taken from the kind's prototype. Immutable.
 *
 * <pre>  TypeRegistry.standard().with("drawnFaces", new DrawnPeople(60, 30, 64, 12))        source: {type: drawnFaces, people: 30}</pre>
 */
public final class TypeRegistry {

    /**
     * One kind.
     *
     * @param name      what files call it; empty for a record that has no kinds but defaults
     * @param type      the record that it is
     * @param prototype for what a file says, the record that all else is taken from; null where everything must be said
     */
    record Kind(String name, Class<? extends Record> type, Function<Map<String, Object>, Record> prototype) {}

    private final List<Kind> kinds;

    private TypeRegistry(List<Kind> kinds) {
        this.kinds = List.copyOf(kinds);
    }

    /**
     * All that the library has.
     *
     * @return the kinds
     */
    public static TypeRegistry standard() {
        return StandardTypes.ALL;
    }

    static TypeRegistry none() {
        return new TypeRegistry(List.of());
    }

    /**
     * With a kind of the user's own, of which everything must be said.
     *
     * @param name what files call it
     * @param type a public record that implements what it is a kind of
     * @return a larger set
     */
    public TypeRegistry with(String name, Class<? extends Record> type) {
        return with(new Kind(name, type, null));
    }

    /**
     * With a kind of the user's own.
     *
     * @param name      what files call it
     * @param prototype what a file does not say is taken from it; a public record that implements what it is a kind of
     * @return a larger set
     */
    public TypeRegistry with(String name, Record prototype) {
        return with(new Kind(name, prototype.getClass(), said -> prototype));
    }

    TypeRegistry with(String name, Class<? extends Record> type, Function<Map<String, Object>, Record> prototype) {
        return with(new Kind(name, type, prototype));
    }

    private TypeRegistry with(Kind kind) {
        List<Kind> more = new ArrayList<>(kinds);
        more.add(kind);
        return new TypeRegistry(more);
    }

    /** Those that may stand where something of a type is wanted. */
    List<Kind> of(Class<?> wanted) {
        return kinds.stream()
                .filter(kind -> wanted.isAssignableFrom(kind.type()))
                .toList();
    }
}
