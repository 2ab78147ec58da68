package io.github.horkd.experiment;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Between records and what JSON and YAML know: maps, lists, texts, numbers. A record is a map by the names of its components. What is of several {@link TypeRegistry} says its {@code type}; a kind
 * with nothing else to say is its name alone. Unknown keys are refused with the nearest known one.
 */
final class Form {

    static final String KIND = "type";

    /** A value that is one text. */
    record Text<T>(Class<T> type, Function<String, T> read, Function<T, String> write) {}

    private final TypeRegistry kinds;
    private final Map<Class<?>, Text<?>> texts;
    private final Map<Class<?>, UnaryOperator<Map<String, Object>>> completed;

    Form(TypeRegistry kinds, List<Text<?>> texts, Map<Class<?>, UnaryOperator<Map<String, Object>>> completed) {
        this.kinds = kinds;
        this.texts = texts.stream().collect(Collectors.toMap(Text::type, text -> text));
        this.completed = completed;
    }

    /** Of records that have no kinds. */
    static Form plain() {
        return new Form(TypeRegistry.none(), List.of(), Map.of());
    }

    /**
     * Makes a value of what a file says.
     *
     * @param at the name of the file, for messages
     */
    <T> T read(Class<T> type, Object tree, String at) {
        return type.cast(value(type, tree, at, null));
    }

    /** The least that reads back as this value. */
    Object write(Object value) {
        return new FormWriter(this).write(value);
    }

    TypeRegistry kinds() {
        return kinds;
    }

    /** How a type is one text; null where it is not. */
    Text<?> text(Class<?> type) {
        return texts.get(type);
    }

    /** A value of a kind from what is said beside its name. */
    Object read(TypeRegistry.Kind kind, Map<String, Object> said) {
        return record(kind.type(), said, "", prototype(kind, said, ""));
    }

    private Object value(Type type, Object tree, String at, Object prototype) {
        if (type instanceof ParameterizedType generic) {
            return generic.getRawType() == List.class
                    ? list(generic.getActualTypeArguments()[0], tree, at)
                    : named(generic.getActualTypeArguments()[1], tree, at);
        }
        Class<?> wanted = (Class<?>) type;
        if (tree == null) {
            throw PlainValue.nothing(at, PlainValue.describe(wanted));
        }
        if (texts.containsKey(wanted)) {
            return PlainValue.checked(at, () -> texts.get(wanted).read().apply(String.valueOf(tree)));
        }
        if (PlainValue.is(wanted)) {
            return PlainValue.read(wanted, tree, at);
        }
        List<TypeRegistry.Kind> possible = kinds.of(wanted);
        return possible.isEmpty() && wanted.isRecord()
                ? record(wanted, tree, at, prototype)
                : ofKind(possible, tree, at);
    }

    private List<Object> list(Type element, Object tree, String at) {
        if (!(tree instanceof List<?> items)) {
            throw PlainValue.wrong(at, "a list", tree);
        }
        List<Object> read = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            read.add(value(element, items.get(i), at + "[" + i + "]", null));
        }
        return read;
    }

    private Map<String, Object> named(Type element, Object tree, String at) {
        Map<String, Object> read = new LinkedHashMap<>();
        map(tree, at).forEach((name, item) -> read.put(name, value(element, item, at + "." + name, null)));
        return read;
    }

    private Object ofKind(List<TypeRegistry.Kind> possible, Object tree, String at) {
        TypeRegistry.Kind only = possible.isEmpty() ? null : possible.get(0);
        if (only != null && only.name().isEmpty()) {
            requireKnown(only.type(), map(tree, at), at);
            return record(only.type(), tree, at, prototype(only, map(tree, at), at));
        }
        Map<String, Object> said = tree instanceof String name ? Map.of(KIND, name) : map(tree, at);
        List<String> names = possible.stream().map(TypeRegistry.Kind::name).toList();
        Object name = said.get(KIND);
        if (name == null) {
            throw new IllegalArgumentException(
                    at + ": wanted a 'type', one of " + String.join(", ", names) + ", got none");
        }
        TypeRegistry.Kind kind = possible.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        at + ": there is no type '" + name + "'" + NearestName.advice(String.valueOf(name), names)));
        Map<String, Object> rest = new LinkedHashMap<>(said);
        rest.remove(KIND);
        requireKnown(kind.type(), rest, at);
        return record(kind.type(), rest, at, prototype(kind, rest, at));
    }

    private Object record(Class<?> type, Object tree, String at, Object prototype) {
        Map<String, Object> said = map(tree, at);
        UnaryOperator<Map<String, Object>> complete = completed.get(type);
        Map<String, Object> given = complete == null ? said : complete.apply(new LinkedHashMap<>(said));
        requireKnown(type, given, at);
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            Object before = prototype == null ? null : component(components[i], prototype);
            if (given.containsKey(name)) {
                values[i] = value(components[i].getGenericType(), given.get(name), at + "." + name, before);
            } else if (prototype != null) {
                values[i] = before;
            } else {
                throw new IllegalArgumentException(
                        at + ": wanted '" + name + "', got " + (given.isEmpty() ? "nothing" : given.keySet()));
            }
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        return PlainValue.checked(at, () -> construct(type, types, values));
    }

    /** Before anything is made of what is said: a key that is misspelt is missing under its right name too. */
    private static void requireKnown(Class<?> type, Map<String, Object> given, String at) {
        Set<String> known = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());
        for (String key : given.keySet()) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException(
                        at + ": there is no key '" + key + "' here" + NearestName.advice(key, known));
            }
        }
    }

    private static Object construct(Class<?> type, Class<?>[] types, Object[] values) {
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    type.getName() + ": wanted a public record, its constructor cannot be called", e);
        }
    }

    static Object component(RecordComponent component, Object owner) {
        try {
            return component.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    owner.getClass().getName() + ": wanted a public record, " + component.getName() + " cannot be read",
                    e);
        }
    }

    private static Object prototype(TypeRegistry.Kind kind, Map<String, Object> said, String at) {
        return kind.prototype() == null
                ? null
                : PlainValue.checked(at, () -> kind.prototype().apply(said));
    }

    static Map<String, Object> map(Object tree, String at) {
        if (!(tree instanceof Map<?, ?> items)) {
            throw PlainValue.wrong(at, "keys and values", tree);
        }
        Map<String, Object> named = new LinkedHashMap<>();
        items.forEach((name, item) -> named.put(String.valueOf(name), item));
        return named;
    }
}
