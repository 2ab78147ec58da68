package io.github.horkd.internal.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.const_dnnl_op_desc_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Pointer;

/** Makes oneDNN's objects. They live outside the heap until {@link #run()} destroys them all. */
public final class NativeObjects implements Runnable {

    private final List<Runnable> destructors = new ArrayList<>();

    /** Lets oneDNN choose a primitive for an operation; {@code hint} is the forward one where this one is backward, else null. */
    public dnnl_primitive_desc description(Pointer operation, dnnl_primitive_desc hint) {
        return made(operation, hint, CpuEngine.ATTRIBUTES);
    }

    /** The same with attributes; their working memory, too, is then lent by the caller. */
    public dnnl_primitive_desc description(
            Pointer operation, dnnl_primitive_desc hint, dnnl_primitive_attr attributes) {
        CpuEngine.letCallerLend(attributes);
        return made(operation, hint, attributes);
    }

    private dnnl_primitive_desc made(Pointer operation, dnnl_primitive_desc hint, dnnl_primitive_attr attributes) {
        var made = new dnnl_primitive_desc();
        OneDnn.check(
                dnnl.dnnl_primitive_desc_create(
                        made, new const_dnnl_op_desc_t(operation), attributes, CpuEngine.ENGINE, hint),
                "choosing a primitive");
        destructors.add(() -> dnnl.dnnl_primitive_desc_destroy(made));
        return made;
    }

    /** Says that a ReLU follows within the same pass over the data. */
    public dnnl_primitive_attr reluAfterwards() {
        var operations = new dnnl_post_ops();
        var made = new dnnl_primitive_attr();
        OneDnn.check(dnnl.dnnl_post_ops_create(operations), "describing what follows");
        OneDnn.check(dnnl.dnnl_post_ops_append_eltwise(operations, 1, dnnl.dnnl_eltwise_relu, 0, 0), "adding a ReLU");
        OneDnn.check(dnnl.dnnl_primitive_attr_create(made), "describing what follows");
        OneDnn.check(dnnl.dnnl_primitive_attr_set_post_ops(made, operations), "adding a ReLU");
        dnnl.dnnl_post_ops_destroy(operations); // It was copied.
        destructors.add(() -> dnnl.dnnl_primitive_attr_destroy(made));
        return made;
    }

    /** Chooses how to rewrite memory in another order. */
    public dnnl_primitive_desc reorder(dnnl_memory_desc_t from, dnnl_memory_desc_t to) {
        var made = new dnnl_primitive_desc();
        OneDnn.check(
                dnnl.dnnl_reorder_primitive_desc_create(
                        made, from, CpuEngine.ENGINE, to, CpuEngine.ENGINE, CpuEngine.ATTRIBUTES),
                "choosing a reorder");
        destructors.add(() -> dnnl.dnnl_primitive_desc_destroy(made));
        return made;
    }

    dnnl_primitive primitive(dnnl_primitive_desc description) {
        var made = new dnnl_primitive();
        OneDnn.check(dnnl.dnnl_primitive_create(made, description), "making a primitive");
        destructors.add(() -> dnnl.dnnl_primitive_destroy(made));
        return made;
    }

    /** A memory whose data come with every run. */
    dnnl_memory memory(dnnl_memory_desc_t description) {
        return memory(description, null); // DNNL_MEMORY_NONE
    }

    /** A memory over some data, which the caller keeps alive. */
    public dnnl_memory memory(dnnl_memory_desc_t description, Pointer data) {
        var made = new dnnl_memory();
        OneDnn.check(dnnl.dnnl_memory_create(made, description, CpuEngine.ENGINE, data), "making a memory");
        destructors.add(() -> dnnl.dnnl_memory_destroy(made));
        return made;
    }

    @Override
    public void run() {
        destructors.forEach(Runnable::run);
        destructors.clear();
    }
}
