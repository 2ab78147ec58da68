package io.github.horkd.internal.inference;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A step at its place in an {@link InferencePlan}.
 *
 * @param name   of what it makes
 * @param step   how
 * @param inputs the names of what it makes that of
 * @param sides  what comes out
 */
record PlanNode(String name, PlanStep step, List<String> inputs, PlanSides sides) {

    /**
     * Fewer steps for the same: a convolution takes in the sum behind it, and any step the function of each value behind it.
     *
     * @param nodes in the order of computation
     * @param kept  names that must stay
     */
    static List<PlanNode> fused(List<PlanNode> nodes, Set<String> kept) {
        List<PlanNode> result = new ArrayList<>(nodes);
        for (int i = 0; i < result.size(); i++) {
            PlanNode node = result.get(i);
            for (int in = node.inputs.size() - 1; in >= 0; in--) {
                Optional<PlanNode> both = merged(node, in, result, kept);
                if (both.isPresent()) {
                    String gone = node.inputs.get(in);
                    result.set(i, both.get());
                    result.removeIf(other -> other.name.equals(gone));
                    i--; // One before it is gone.
                    break;
                }
            }
        }
        return result;
    }

    private static Optional<PlanNode> merged(PlanNode node, int in, List<PlanNode> nodes, Set<String> kept) {
        String name = node.inputs.get(in);
        long readers = nodes.stream()
                .flatMap(other -> other.inputs.stream())
                .filter(name::equals)
                .count();
        PlanNode before = nodes.stream()
                .filter(other -> other.name.equals(name))
                .findFirst()
                .orElse(null);
        if (before == null || readers != 1 || kept.contains(name)) {
            return Optional.empty();
        }
        if (node.step instanceof PlanFunction function) {
            return before.step.then(function).map(step -> new PlanNode(node.name, step, before.inputs, node.sides));
        }
        if (node.step instanceof PlanBinary binary && binary.isPlainSum()) {
            return before.step
                    .plusAnother()
                    .map(step -> new PlanNode(
                            node.name, step, List.of(before.inputs.get(0), node.inputs.get(1 - in)), node.sides));
        }
        return Optional.empty();
    }

    /** Those that some others need, in the order of computation. */
    static List<PlanNode> neededFor(List<String> names, List<PlanNode> nodes) {
        Set<String> needed = new HashSet<>(names);
        List<PlanNode> result = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (needed.contains(nodes.get(i).name)) {
                needed.addAll(nodes.get(i).inputs);
                result.add(0, nodes.get(i));
            }
        }
        return result;
    }
}
