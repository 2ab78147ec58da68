package io.github.horkd.internal.onednn;

import io.github.horkd.accelerate.CpuThreads;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.bytedeco.dnnl.const_dnnl_op_desc_t;
import org.bytedeco.dnnl.dnnl_convolution_desc_t;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.exception.ND4JOpProfilerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The little of oneDNN that is used here: primitives made once and run many times on memory that changes hands.
 * The library is optional ({@code org.bytedeco:dnnl}); nothing but {@link #isAvailable()} may be touched without it.
 */
public final class OneDnn {

    private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);
    private static final boolean AVAILABLE = load();

    private OneDnn() {}

    /** Whether the library and its native part are on the class path and fit this machine. */
    public static boolean isAvailable() {
        return AVAILABLE;
    }

    private static boolean load() {
        try {
            Class<?> library = Class.forName("org.bytedeco.dnnl.global.dnnl", false, OneDnn.class.getClassLoader());
            Loader.load(library);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        } catch (LinkageError e) {
            LOG.warn(
                    "org.bytedeco:dnnl is on the class path, but its native library cannot be loaded ({}); convolution goes without. "
                            + "It needs the jars of dnnl and of opencl with this platform's classifier",
                    e.getMessage());
            return false;
        }
    }

    public static void check(int status, String what) {
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN: " + what + " failed with status " + status);
        }
    }

    /**
     * Runs what must not fail quietly. DL4J answers an exception from a layer's fast path by a warning and its own slow path, which
     * would take blocked arrays for NCHW; this one type of exception it passes on.
     */
    static void orFail(Runnable work) {
        try {
            work.run();
        } catch (IllegalStateException e) {
            throw new ND4JOpProfilerException(e.getMessage(), e);
        }
    }

    /** Engine and stream: one pair for the process. A stream on the CPU runs at once in the calling thread and keeps nothing. */
    private static final class Cpu {
        static final dnnl_engine ENGINE = new dnnl_engine();
        static final dnnl_stream STREAM = new dnnl_stream();
        static final dnnl_primitive_attr ATTRIBUTES = new dnnl_primitive_attr();

        static {
            check(dnnl.dnnl_engine_create(ENGINE, dnnl.dnnl_cpu, 0), "making an engine");
            check(dnnl.dnnl_stream_create(STREAM, ENGINE, dnnl.dnnl_stream_default_flags), "making a stream");
            check(dnnl.dnnl_primitive_attr_create(ATTRIBUTES), "making attributes");
            letCallerLend(ATTRIBUTES);
        }

        /**
         * Working memory comes from the caller. Left to itself, oneDNN keeps that of some primitives with the thread that made them, and in
         * any other thread they write to address 0.
         */
        static void letCallerLend(dnnl_primitive_attr attributes) {
            check(
                    dnnl.dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl.dnnl_scratchpad_mode_user),
                    "setting attributes");
        }
    }

    /** Describes floats in a given order of dimensions, or {@code dnnl_format_tag_any} to let the primitive choose. */
    public static dnnl_memory_desc_t floats(int tag, long... sides) {
        var description = new dnnl_memory_desc_t();
        check(
                dnnl.dnnl_memory_desc_init_by_tag(description, sides.length, sides, dnnl.dnnl_f32, tag),
                "describing memory");
        return description;
    }

    /** How many channels oneDNN keeps together on this machine; Integer.MAX_VALUE when it has no blocks. */
    public static int blockSize() {
        return Order.BLOCK;
    }

    /** oneDNN's name for its blocked order of values on this machine. */
    public static int blockedOrder() {
        return Order.TAG;
    }

    /** What oneDNN chooses for a 3×3 convolution from 32 channels to 32, which is what it chooses for them all. */
    private static final class Order {
        static final int TAG;
        static final int BLOCK;

        static {
            var natives = new Natives();
            long[] sides = {2, 32, 8, 8};
            var operation = new dnnl_convolution_desc_t();
            dnnl_memory_desc_t any = floats(dnnl.dnnl_format_tag_any, sides);
            check(
                    dnnl.dnnl_convolution_forward_desc_init(
                            operation,
                            dnnl.dnnl_forward_training,
                            dnnl.dnnl_convolution_direct,
                            any,
                            floats(dnnl.dnnl_format_tag_any, 32, 32, 3, 3),
                            null,
                            any,
                            new long[] {1, 1},
                            new long[] {1, 1},
                            new long[] {1, 1}),
                    "describing a convolution");
            dnnl_memory_desc_t chosen =
                    dnnl.dnnl_primitive_desc_query_md(natives.description(operation, null), dnnl.dnnl_query_src_md, 0);
            boolean sixteen = dnnl.dnnl_memory_desc_equal(chosen, floats(dnnl.dnnl_nChw16c, sides)) != 0;
            boolean eight = dnnl.dnnl_memory_desc_equal(chosen, floats(dnnl.dnnl_nChw8c, sides)) != 0;
            TAG = sixteen ? dnnl.dnnl_nChw16c : dnnl.dnnl_nChw8c;
            BLOCK = sixteen ? 16 : eight ? 8 : Integer.MAX_VALUE;
            natives.run();
        }
    }

    /** The native objects behind something; they live outside the heap until {@link #run()} destroys them. */
    public static final class Natives implements Runnable {
        private final List<Runnable> destructors = new ArrayList<>();

        public dnnl_primitive_desc description(Pointer operation, dnnl_primitive_desc hint) {
            return made(operation, hint, Cpu.ATTRIBUTES);
        }

        public dnnl_primitive_desc description(
                Pointer operation, dnnl_primitive_desc hint, dnnl_primitive_attr attributes) {
            Cpu.letCallerLend(attributes);
            return made(operation, hint, attributes);
        }

        private dnnl_primitive_desc made(Pointer operation, dnnl_primitive_desc hint, dnnl_primitive_attr attributes) {
            var made = new dnnl_primitive_desc();
            check(
                    dnnl.dnnl_primitive_desc_create(
                            made, new const_dnnl_op_desc_t(operation), attributes, Cpu.ENGINE, hint),
                    "choosing a primitive");
            destructors.add(() -> dnnl.dnnl_primitive_desc_destroy(made));
            return made;
        }

        /** Says that a ReLU follows within the same pass over the data. */
        public dnnl_primitive_attr reluAfterwards() {
            var operations = new dnnl_post_ops();
            var made = new dnnl_primitive_attr();
            check(dnnl.dnnl_post_ops_create(operations), "describing what follows");
            check(dnnl.dnnl_post_ops_append_eltwise(operations, 1, dnnl.dnnl_eltwise_relu, 0, 0), "adding a ReLU");
            check(dnnl.dnnl_primitive_attr_create(made), "describing what follows");
            check(dnnl.dnnl_primitive_attr_set_post_ops(made, operations), "adding a ReLU");
            dnnl.dnnl_post_ops_destroy(operations); // It was copied.
            destructors.add(() -> dnnl.dnnl_primitive_attr_destroy(made));
            return made;
        }

        public dnnl_primitive_desc reorder(dnnl_memory_desc_t from, dnnl_memory_desc_t to) {
            var made = new dnnl_primitive_desc();
            check(
                    dnnl.dnnl_reorder_primitive_desc_create(made, from, Cpu.ENGINE, to, Cpu.ENGINE, Cpu.ATTRIBUTES),
                    "choosing a reorder");
            destructors.add(() -> dnnl.dnnl_primitive_desc_destroy(made));
            return made;
        }

        private dnnl_primitive primitive(dnnl_primitive_desc description) {
            var made = new dnnl_primitive();
            check(dnnl.dnnl_primitive_create(made, description), "making a primitive");
            destructors.add(() -> dnnl.dnnl_primitive_destroy(made));
            return made;
        }

        public dnnl_memory memory(dnnl_memory_desc_t description) {
            // DNNL_MEMORY_NONE: the data handle comes with every run.
            return memory(description, null);
        }

        public dnnl_memory memory(dnnl_memory_desc_t description, Pointer data) {
            var made = new dnnl_memory();
            check(dnnl.dnnl_memory_create(made, description, Cpu.ENGINE, data), "making a memory");
            destructors.add(() -> dnnl.dnnl_memory_destroy(made));
            return made;
        }

        @Override
        public void run() {
            destructors.forEach(Runnable::run);
            destructors.clear();
        }
    }

    /** The primitives for one size of input. */
    public interface Plan {}

    /** Plans by size, the last few used. Their native objects go when a plan is displaced or its owner is collected. */
    public static final class Plans<S> {
        /** The batch, a short last one, those of evaluation. */
        private static final int KEPT = 8;

        private static final Cleaner CLEANER = Cleaner.create();
        private final int kept;
        private final BiFunction<S, Natives, Plan> maker;
        private final Map<S, Plan> plans = new LinkedHashMap<>(16, 0.75f, true);
        private final Map<S, Cleaner.Cleanable> ends = new HashMap<>();
        private int threads;

        public Plans(BiFunction<S, Natives, Plan> maker) {
            this(KEPT, maker);
        }

        public Plans(int kept, BiFunction<S, Natives, Plan> maker) {
            this.kept = kept;
            this.maker = maker;
        }

        public Plan of(S size) {
            int now = CpuThreads.here();
            if (threads != now) { // A primitive is made for so many threads.
                plans.clear();
                ends.values().forEach(Cleaner.Cleanable::clean);
                ends.clear();
                threads = now;
            }
            Plan plan = plans.get(size);
            if (plan == null) {
                if (plans.size() == kept) {
                    S eldest = plans.keySet().iterator().next();
                    plans.remove(eldest);
                    ends.remove(eldest).clean();
                }
                var natives = new Natives();
                plan = maker.apply(size, natives);
                plans.put(size, plan);
                ends.put(size, CLEANER.register(plan, natives));
            }
            return plan;
        }
    }

    /** Working memory that the primitives of one network share: they run one after the other. It grows and is never handed back. */
    public static final class Scratch {
        private static final int ALIGNMENT = 64;
        private static final int MOST_ARGUMENTS = 9;
        /** The slot that is no argument's. */
        private static final int OWN = MOST_ARGUMENTS;

        private final FloatPointer[] blocks = new FloatPointer[MOST_ARGUMENTS + 1];

        /** At least so many bytes, at a cache line's boundary; valid until the same slot is asked for more. */
        public Pointer slot(int slot, long bytes) {
            FloatPointer block = blocks[slot];
            if (block == null || block.capacity() * Float.BYTES < bytes + ALIGNMENT) {
                if (block != null) {
                    block.deallocate();
                }
                block = new FloatPointer((bytes + ALIGNMENT) / Float.BYTES + 1);
                blocks[slot] = block;
            }
            long floats = Math.floorMod(-block.address(), ALIGNMENT) / Float.BYTES;
            return block.getPointer(floats);
        }
    }

    /**
     * One argument of a primitive: as the caller holds it, and as the primitive wants it, with a reorder between
     * the two where they differ.
     */
    private static final class Port {
        private final boolean input;
        private final int slot;
        private final dnnl_memory own;
        private final long bytes;
        private final dnnl_memory callers;
        private final Call reorder;

        Port(Natives natives, boolean input, int slot, dnnl_memory_desc_t callers, dnnl_memory_desc_t own) {
            this.input = input;
            this.slot = slot;
            this.own = natives.memory(own);
            this.bytes = dnnl.dnnl_memory_desc_get_size(own);
            if (dnnl.dnnl_memory_desc_equal(callers, own) != 0) {
                this.callers = null;
                this.reorder = null;
            } else {
                this.callers = natives.memory(callers);
                this.reorder = new Call(
                        natives,
                        input ? natives.reorder(callers, own) : natives.reorder(own, callers),
                        new int[] {dnnl.DNNL_ARG_FROM, dnnl.DNNL_ARG_TO},
                        input ? this.callers : this.own,
                        input ? this.own : this.callers);
            }
        }

        void before(Pointer data, Scratch scratch) {
            if (reorder == null) {
                hold(own, data);
                return;
            }
            hold(callers, data);
            hold(own, scratch.slot(slot, bytes));
            if (input) {
                reorder.run(scratch);
            }
        }

        void after(Scratch scratch) {
            if (reorder != null && !input) {
                reorder.run(scratch);
            }
        }
    }

    private static void hold(dnnl_memory memory, Pointer data) {
        check(dnnl.dnnl_memory_set_data_handle(memory, data), "handing memory over");
    }

    /** A primitive and the memories that it runs on, working memory of its own among them where it wants some. */
    public static final class Call {
        private final dnnl_primitive primitive;
        private final int count;
        private final dnnl_exec_arg_t arguments;
        private final long bytes;
        private final dnnl_memory working;

        /** Each memory with its role. */
        public Call(Natives natives, dnnl_primitive_desc description, int[] roles, dnnl_memory... memories) {
            dnnl_memory_desc_t wanted =
                    dnnl.dnnl_primitive_desc_query_md(description, dnnl.dnnl_query_scratchpad_md, 0);
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
        public void run(Scratch scratch) {
            if (working != null) {
                hold(working, scratch.slot(Scratch.OWN, bytes));
            }
            check(dnnl.dnnl_primitive_execute(primitive, Cpu.STREAM, count, arguments), "running a primitive");
        }
    }

    /** Memory of its own for so many bytes, at a cache line's boundary. */
    public static FloatPointer aligned(long bytes) {
        var block = new FloatPointer((bytes + Scratch.ALIGNMENT) / Float.BYTES + 1);
        return block.getPointer(Math.floorMod(-block.address(), Scratch.ALIGNMENT) / Float.BYTES);
    }

    /** A primitive with its arguments, ready to run on the caller's memory. */
    public static final class Operation {
        private final List<Port> ports;
        private final Call call;
        private final Scratch scratch;

        private Operation(List<Port> ports, Call call, Scratch scratch) {
            this.ports = List.copyOf(ports);
            this.call = call;
            this.scratch = scratch;
        }

        /** Runs on the memories of the ports, in the order in which these were named. */
        public void run(Pointer... data) {
            CpuThreads.here();
            for (int i = 0; i < data.length; i++) {
                ports.get(i).before(data[i], scratch);
            }
            call.run(scratch);
            for (int i = 0; i < data.length; i++) {
                ports.get(i).after(scratch);
            }
        }
    }

    /** Collects the arguments of a primitive. */
    public static final class Builder {
        private final Natives natives;
        private final dnnl_primitive_desc description;
        private final Scratch scratch;
        private final List<Port> ports = new ArrayList<>();
        private final List<Integer> roles = new ArrayList<>();

        public Builder(Natives natives, dnnl_primitive_desc description, Scratch scratch) {
            this.natives = natives;
            this.description = description;
            this.scratch = scratch;
        }

        public Builder input(int role, int query, dnnl_memory_desc_t callers) {
            return port(true, role, dnnl.dnnl_primitive_desc_query_md(description, query, 0), callers);
        }

        public Builder input(int role, dnnl_memory_desc_t own, dnnl_memory_desc_t callers) {
            return port(true, role, own, callers);
        }

        public Builder output(int role, dnnl_memory_desc_t own, dnnl_memory_desc_t callers) {
            return port(false, role, own, callers);
        }

        public Builder output(int role, int query, dnnl_memory_desc_t callers) {
            return port(false, role, dnnl.dnnl_primitive_desc_query_md(description, query, 0), callers);
        }

        private Builder port(boolean input, int role, dnnl_memory_desc_t own, dnnl_memory_desc_t callers) {
            ports.add(new Port(natives, input, ports.size(), callers, own));
            roles.add(role);
            return this;
        }

        /** A bare reorder of an image between two orders of values. */
        public static Operation reorder(
                Natives natives, dnnl_memory_desc_t from, dnnl_memory_desc_t to, Scratch scratch) {
            return new Builder(natives, natives.reorder(from, to), scratch)
                    .input(dnnl.DNNL_ARG_FROM, from, from)
                    .output(dnnl.DNNL_ARG_TO, to, to)
                    .build();
        }

        public Operation build() {
            var call = new Call(
                    natives,
                    description,
                    roles.stream().mapToInt(Integer::intValue).toArray(),
                    ports.stream().map(port -> port.own).toArray(dnnl_memory[]::new));
            return new Operation(ports, call, scratch);
        }
    }
}
