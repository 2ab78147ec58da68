package io.github.horkd.internal.onednn;

import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;

/** Engine and stream: one pair for the process. A stream on the CPU runs at once in the calling thread and keeps nothing. */
final class CpuEngine {

    static final dnnl_engine ENGINE = new dnnl_engine();
    static final dnnl_stream STREAM = new dnnl_stream();
    static final dnnl_primitive_attr ATTRIBUTES = new dnnl_primitive_attr();

    static {
        OneDnn.check(dnnl.dnnl_engine_create(ENGINE, dnnl.dnnl_cpu, 0), "making an engine");
        OneDnn.check(dnnl.dnnl_stream_create(STREAM, ENGINE, dnnl.dnnl_stream_default_flags), "making a stream");
        OneDnn.check(dnnl.dnnl_primitive_attr_create(ATTRIBUTES), "making attributes");
        letCallerLend(ATTRIBUTES);
    }

    private CpuEngine() {}

    /**
     * Has working memory come from the caller. Left to itself, oneDNN keeps that of some primitives with the thread that made them, and in
     * any other thread they write to address 0.
     */
    static void letCallerLend(dnnl_primitive_attr attributes) {
        OneDnn.check(
                dnnl.dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl.dnnl_scratchpad_mode_user),
                "setting attributes");
    }
}
