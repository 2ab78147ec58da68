package io.github.horkd.experiment;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a value as maps, lists and plain values; a key that its kind would fill in by itself is left out. */
final class FormWriter {

    private final Form form;

    FormWriter(Form form) {
        this.form = form;
    }

    /** The least that reads back as this value. */
    Object write(Object value) {
        if (value instanceof List<?> items) {
            return items.stream().map(this::write).toList();
        }
        if (value instanceof Map<?, ?> items) {
            Map<String, Object> written = new LinkedHashMap<>();
            items.forEach((name, item) -> written.put(String.valueOf(name), write(item)));
            return written;
        }
        Form.Text<?> text = form.text(value.getClass());
        if (text != null) {
            return written(text, value);
        }
        if (value instanceof Enum<?> constant) {
            return PlainValue.word(constant);
        }
        if (value instanceof Record record) {
            return write(record);
        }
        if (value instanceof Path) {
            return value.toString();
        }
        if (value instanceof String || value instanceof Boolean || value instanceof Number) {
            return value;
        }
        throw new IllegalArgumentException(value.getClass().getName()
                + ": an experiment can only be written of records, lists and plain values, got " + value);
    }

    private static <T> String written(Form.Text<T> text, Object value) {
        return text.write().apply(text.type().cast(value));
    }

    private Object write(Record value) {
        List<TypeRegistry.Kind> possible = form.kinds().of(value.getClass()).stream()
                .filter(kind -> kind.type() == value.getClass())
                .toList();
        if (possible.isEmpty()) {
            return all(value);
        }
        Map<String, Object> shortest = null;
        for (TypeRegistry.Kind kind : possible) {
            Map<String, Object> tried = least(value, kind);
            shortest = shortest == null || tried.size() < shortest.size() ? tried : shortest;
        }
        return shortest.size() == 1 && shortest.containsKey(Form.KIND) ? shortest.get(Form.KIND) : shortest;
    }

    private Map<String, Object> all(Record value) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            all.put(component.getName(), write(Form.component(component, value)));
        }
        return all;
    }

    /** Leaves out every key without which the same value is read. */
    private Map<String, Object> least(Record value, TypeRegistry.Kind kind) {
        Map<String, Object> said = all(value);
        for (String key : List.copyOf(said.keySet())) {
            Map<String, Object> without = new LinkedHashMap<>(said);
            without.remove(key);
            try {
                if (kind.prototype() != null && value.equals(form.read(kind, without))) {
                    said = without;
                }
            } catch (IllegalArgumentException e) {
                // It cannot do without this key, which stays.
            }
        }
        if (kind.name().isEmpty()) {
            return said;
        }
        Map<String, Object> named = new LinkedHashMap<>();
        named.put(Form.KIND, kind.name());
        named.putAll(said);
        return named;
    }
}
