package io.github.horkd.internal.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether oneDNN is there, and what it answers. The library is optional ({@code org.bytedeco:dnnl}): without it nothing
 * in this package but {@link #isAvailable()}, {@link NativeFloats} and {@link NativeThreads} may be touched.
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
        } catch (TypeNotPresentException e) {
            LOG.warn(
                    "org.bytedeco:dnnl is on the class path without the Java part of org.bytedeco:opencl, which its classes name ({}); "
                            + "convolution goes without. Add org.bytedeco:opencl:3.0-1.5.7 and no exclusion",
                    e.getMessage());
            return false;
        } catch (LinkageError e) {
            LOG.warn(
                    "org.bytedeco:dnnl is on the class path, but its native library cannot be loaded ({}); convolution goes without. "
                            + "It needs the jars of dnnl and of opencl with this platform's classifier",
                    e.getMessage());
            return false;
        }
    }

    /** Turns a status that oneDNN returned into an exception unless it is success. */
    public static void check(int status, String what) {
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN: " + what + " failed with status " + status);
        }
    }
}
