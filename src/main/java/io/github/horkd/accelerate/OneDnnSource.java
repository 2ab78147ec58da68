package io.github.horkd.accelerate;

import io.github.horkd.internal.onednn.NativeThreads;
import io.github.horkd.internal.onednn.OneDnn;
import java.util.Locale;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Where oneDNN can be had on this class path, and what to add where it cannot. */
final class OneDnnSource {

    private OneDnnSource() {}

    static Acceleration.Convolver here() {
        if (OneDnn.isAvailable()) {
            return Acceleration.Convolver.ONEDNN;
        }
        // The build information is the only honest witness: Environment.isUseONEDNN is true in builds without oneDNN.
        String build = NativeThreads.isCpu()
                ? NativeOpsHolder.getInstance().getDeviceNativeOps().buildInfo()
                : null;
        return build != null
                        && build.contains("HAVE_ONEDNN")
                        && Nd4j.getEnvironment().helpersAllowed()
                ? Acceleration.Convolver.ND4J
                : Acceleration.Convolver.DL4J;
    }

    /** What to change on a system that lacks oneDNN. */
    static String advice(String system, String architecture) {
        String name = system.toLowerCase(Locale.ROOT);
        boolean arm = architecture.equals("aarch64");
        String platform = (name.contains("win") ? "windows" : name.contains("mac") ? "macosx" : "linux")
                + (arm ? "-arm64" : "-x86_64");
        if (arm && !platform.startsWith("linux")) {
            return "There is none for " + platform
                    + " in the versions that DL4J 1.0.0-M2.1 works with; nothing can be added";
        }
        String direct =
                "Add org.bytedeco:dnnl:2.5.2-1.5.7 and org.bytedeco:opencl:3.0-1.5.7, each also with classifier "
                        + platform + ".";
        return arm
                ? direct
                : direct + " (Second best: org.nd4j:nd4j-native with classifier " + platform
                        + "-onednn, and -Dorg.bytedeco.javacpp.platform.extension=-onednn when Java starts.)";
    }
}
