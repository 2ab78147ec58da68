package io.github.horkd.loss;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * Whether {@link Math#fma} is one instruction here. Where the processor has none, Java computes it by way of big decimals, thousands of times
 * slower. A fused operation is one node where C2 counts two, so that a loop of more work still becomes vectors.
 */
final class FusedArithmetic {

    static final boolean HERE = isHere();

    private FusedArithmetic() {}

    private static boolean isHere() {
        try {
            HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return machine != null
                    && Boolean.parseBoolean(machine.getVMOption("UseFMA").getValue());
        } catch (IllegalArgumentException | NoClassDefFoundError noSuchOption) {
            return false;
        }
    }
}
