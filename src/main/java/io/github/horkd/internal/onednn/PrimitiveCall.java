package io.github.horkd.internal.onednn;

import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/** A primitive and the memories that it runs on, working memory of its own among them where it wants some. */
public final class PrimitiveCall {

    private final dnnl_primitive primitive;
    private final int count;
    private final dnnl_exec_arg_t arguments;
    private final long bytes;
    private final dnnl_memory working;

    /** Each memory with its role. */
    public PrimitiveCall(NativeObjects natives, dnnl_primitive_desc description, int[] roles, dnnl_memory... memories) {
        dnnl_memory_desc_t wanted = dnnl.dnnl_primitive_desc_query_md(description, dnnl.dnnl_query_scratchpad_md, 0);
        primitive = natives.primitive(description);
        bytes = dnnl.dnnl_memory_desc_get_size(wanted);
        working = bytes == 0 ? null : natives.memory(wanted);
        count = roles.length + (bytes == 0 ? 0 : 1);
        arguments = new dnnl_exec_arg_t(count);
        for (int i = 0; i < roles.length; i++) {
            arguments.position(i).arg(roles[i]).memory(memories[i]);
        }
        if (working != null) {
            arguments.position(roles.length).arg(dnnl.DNNL_ARG_SCRATCHPAD).memory(working);
        }
        arguments.position(0);
    }

    /** Runs on what the memories hold. */
    public void run(WorkingMemory lent) {
        if (working != null) {
            Argument.hold(working, lent.slot(WorkingMemory.OWN, bytes));
        }
        OneDnn.check(dnnl.dnnl_primitive_execute(primitive, CpuEngine.STREAM, count, arguments), "running a primitive");
    }
}
