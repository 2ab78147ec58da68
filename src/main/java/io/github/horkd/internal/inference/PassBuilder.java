package io.github.horkd.internal.inference;

import io.github.horkd.internal.inference.InferencePass.Block;
import io.github.horkd.internal.inference.InferencePass.Value;
import io.github.horkd.internal.onednn.MemoryOrder;
import io.github.horkd.internal.onednn.NativeObjects;
import io.github.horkd.internal.onednn.OneDnn;
import io.github.horkd.internal.onednn.PrimitiveCall;
import io.github.horkd.internal.onednn.WorkingMemory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Pointer;

/** Puts the steps of an {@link InferencePlan} into an {@link InferencePass}. */
final class PassBuilder {

    private final int images;
    private final PlanConstants constants;
    private final NativeObjects natives;
    private final WorkingMemory working;
    private final List<Runnable> work = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private final List<Block> free = new ArrayList<>();
    private final Set<Block> touched = new LinkedHashSet<>();

    PassBuilder(int images, PlanConstants constants, NativeObjects natives, WorkingMemory working) {
        this.images = images;
        this.constants = constants;
        this.natives = natives;
        this.working = working;
    }

    /**
     * The pass from the images to some nodes.
     *
     * @param nodes   what is needed for them, in the order of computation
     * @param input   the name and the sides of the images
     * @param outputs the nodes asked for
     */
    InferencePass build(List<PlanNode> nodes, String input, PlanSides sides, List<String> outputs) {
        Map<String, Integer> readers = new HashMap<>();
        outputs.forEach(name -> readers.merge(name, 1, Integer::sum));
        nodes.forEach(node -> node.inputs().forEach(name -> readers.merge(name, 1, Integer::sum)));
        Map<String, Value> values = new HashMap<>();
        Value pixels = value(sides, MemoryOrder.floats(dnnl.dnnl_nchw, sides.of(images)));
        pixels.block().uses = readers.getOrDefault(input, 0);
        values.put(input, pixels);
        for (PlanNode node : nodes) {
            touched.clear();
            List<Value> inputs = node.inputs().stream().map(values::get).toList();
            Value result = node.step().addTo(this, inputs, node.sides());
            result.block().uses += readers.getOrDefault(node.name(), 0);
            values.put(node.name(), result);
            for (Value in : inputs) {
                in.block().uses--;
                touched.add(in.block());
            }
            touched.stream().filter(block -> block.uses == 0).forEach(free::add);
        }
        return new InferencePass(work, pixels, outputs.stream().map(values::get).toList(), blocks);
    }

    int images() {
        return images;
    }

    /** A place for a result. */
    Value create(PlanSides sides) {
        return value(sides, order(sides));
    }

    /** A place for a result that holds another value already: that value's own when nobody else wants it. */
    Value onto(Value there) {
        if (there.block().uses == 1 && dnnl.dnnl_memory_desc_equal(there.order(), order(there.sides())) != 0) {
            return there;
        }
        return moved(there);
    }

    /** The value in the order that its sides have everywhere but at the input. */
    Value ordered(Value value) {
        return dnnl.dnnl_memory_desc_equal(value.order(), order(value.sides())) != 0 ? value : moved(value);
    }

    /** A map as a row. */
    Value row(Value map) {
        dnnl_memory_desc_t plain =
                MemoryOrder.floats(dnnl.dnnl_nchw, map.sides().of(images));
        boolean isRowAlready = map.sides().height() == 1
                        && map.sides().width() == 1
                        && map.sides().room() == map.sides().channels()
                || dnnl.dnnl_memory_desc_equal(map.order(), plain) != 0;
        Value row = isRowAlready ? map : reordered(without(map), value(map.sides(), plain));
        return seen(
                row,
                PlanSides.row(map.sides().size()),
                order(PlanSides.row(map.sides().size())));
    }

    /** A row as a map. */
    Value map(Value row, PlanSides sides) {
        return ordered(seen(row, sides, MemoryOrder.floats(dnnl.dnnl_nchw, sides.of(images))));
    }

    /** A value in its plain order: channels, lines, columns. */
    Value plain(Value value) {
        dnnl_memory_desc_t wanted = plainOrder(value.sides());
        return MemoryOrder.equal(value.order(), wanted)
                ? value
                : reordered(without(value), value(value.sides(), wanted));
    }

    /** A place for a result in its plain order. */
    Value createPlain(PlanSides sides) {
        return value(sides, plainOrder(sides));
    }

    private dnnl_memory_desc_t plainOrder(PlanSides sides) {
        return MemoryOrder.floats(sides.isRow() ? dnnl.dnnl_nc : dnnl.dnnl_nchw, sides.of(images));
    }

    /** A blocked map without the channels that only fill its last block. */
    private Value without(Value map) {
        return seen(
                map,
                map.sides(),
                MemoryOrder.floats(MemoryOrder.tag(true), map.sides().of(images)));
    }

    private Value seen(Value value, PlanSides sides, dnnl_memory_desc_t order) {
        return new Value(sides, images, order, natives.memory(order, value.block().memory), value.block());
    }

    /** Constants in the order that a primitive wants. */
    dnnl_memory constant(float[] values, dnnl_memory_desc_t from, dnnl_memory_desc_t wanted) {
        return natives.memory(wanted, constants.in(values, from, wanted));
    }

    /** Lets oneDNN choose how to do something, what follows included. */
    dnnl_primitive_desc choose(Pointer operation, boolean sum, Optional<PlanFunction> after) {
        var attributes = new dnnl_primitive_attr();
        var more = new dnnl_post_ops();
        OneDnn.check(dnnl.dnnl_primitive_attr_create(attributes), "making attributes");
        OneDnn.check(dnnl.dnnl_post_ops_create(more), "making attributes");
        if (sum) {
            OneDnn.check(dnnl.dnnl_post_ops_append_sum(more, 1), "adding a sum");
        }
        // No more than one function: two linear ones in a row come out wrong in oneDNN 2.5.2.
        after.ifPresent(function -> OneDnn.check(
                dnnl.dnnl_post_ops_append_eltwise(more, 1, function.algorithm(), function.alpha(), function.beta()),
                "adding a function"));
        OneDnn.check(dnnl.dnnl_primitive_attr_set_post_ops(attributes, more), "setting attributes");
        try {
            return natives.description(operation, null, attributes);
        } finally {
            // oneDNN has made its own copies.
            dnnl.dnnl_post_ops_destroy(more);
            dnnl.dnnl_primitive_attr_destroy(attributes);
        }
    }

    void run(dnnl_primitive_desc chosen, int[] roles, dnnl_memory... memories) {
        var call = new PrimitiveCall(natives, chosen, roles, memories);
        work.add(() -> call.run(working));
    }

    /** A primitive with weights, handed in the plain order, and a bias. */
    void run(
            dnnl_primitive_desc chosen,
            Value from,
            Value to,
            float[] weights,
            dnnl_memory_desc_t plain,
            float[] bias,
            dnnl_memory_desc_t vector) {
        run(
                chosen,
                new int[] {dnnl.DNNL_ARG_SRC, dnnl.DNNL_ARG_WEIGHTS, dnnl.DNNL_ARG_BIAS, dnnl.DNNL_ARG_DST},
                from.memory(),
                constant(weights, plain, dnnl.dnnl_primitive_desc_query_md(chosen, dnnl.dnnl_query_weights_md, 0)),
                constant(bias, vector, vector),
                to.memory());
    }

    void run(Runnable step) {
        work.add(step);
    }

    private Value moved(Value from) {
        Value to = create(from.sides());
        boolean isPlain = dnnl.dnnl_memory_desc_equal(from.order(), to.order()) == 0;
        reordered(from, isPlain ? without(to) : to);
        return to;
    }

    private Value reordered(Value from, Value to) {
        run(
                natives.reorder(from.order(), to.order()),
                new int[] {dnnl.DNNL_ARG_FROM, dnnl.DNNL_ARG_TO},
                from.memory(),
                to.memory());
        return to;
    }

    private dnnl_memory_desc_t order(PlanSides sides) {
        return MemoryOrder.floats(
                sides.isRow() ? dnnl.dnnl_nc : MemoryOrder.tag(true),
                sides.full().of(images));
    }

    private Value value(PlanSides sides, dnnl_memory_desc_t order) {
        long bytes = dnnl.dnnl_memory_desc_get_size(order);
        Block block = free.stream()
                .filter(b -> b.bytes >= bytes)
                .min(Comparator.comparingLong(b -> b.bytes))
                .orElse(null);
        if (block == null) {
            block = new Block(bytes);
            blocks.add(block);
        } else {
            free.remove(block);
        }
        touched.add(block);
        return new Value(sides, images, order, natives.memory(order, block.memory), block);
    }
}
