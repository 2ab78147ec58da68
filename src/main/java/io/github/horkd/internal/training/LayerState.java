package io.github.horkd.internal.training;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.deeplearning4j.nn.api.Layer;

/** Lets one layer object take over everything from another that it stands in for. */
final class LayerState {

    private LayerState() {}

    /**
     * Copies all fields that a type and its supertypes declare, final ones aside.
     *
     * @param from what is replaced
     * @param to   what replaces it
     * @param type a type of both
     */
    static <L extends Layer> void copy(L from, L to, Class<L> type) {
        for (Class<?> declaring = type; declaring != Object.class; declaring = declaring.getSuperclass()) {
            for (Field field : declaring.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isFinal(field.getModifiers())) {
                    copy(field, from, to);
                }
            }
        }
    }

    private static void copy(Field field, Object from, Object to) {
        try {
            field.setAccessible(true);
            field.set(to, field.get(from));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + ": cannot be copied", e);
        }
    }
}
