package io.github.horkd.internal.inference;

import java.util.List;

/** A step that is rare or small enough to be done by plain Java on values in their plain order. */
record PlanInJava(Work work) implements PlanStep {

    /** The work on one batch. */
    @FunctionalInterface
    interface Work {

        /**
         * Fills a result.
         *
         * @param inputs each input's values, images one after the other, each of them channels, lines, columns
         * @param result where to write, in the same order
         * @param images how many
         */
        void run(float[][] inputs, float[] result, int images);
    }

    @Override
    public InferencePass.Value addTo(PassBuilder pass, List<InferencePass.Value> inputs, PlanSides result) {
        List<InferencePass.Value> plain = inputs.stream().map(pass::plain).toList();
        InferencePass.Value to = pass.createPlain(result);
        float[][] values =
                plain.stream().map(value -> new float[value.length()]).toArray(float[][]::new);
        float[] made = new float[to.length()];
        pass.run(() -> {
            for (int i = 0; i < values.length; i++) {
                plain.get(i).read(values[i]);
            }
            work.run(values, made, pass.images());
            to.write(made);
        });
        return pass.ordered(to);
    }
}
