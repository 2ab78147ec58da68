package io.github.horkd.internal.setup;

import org.nd4j.linalg.factory.Nd4j;

/** The ND4J backend, which a user chooses. Without one, ND4J's first use is a bare ExceptionInInitializerError and every later one a NoClassDefFoundError. */
public final class Backend {

    private static final String ADVICE =
            "add io.github.horkd:horkd-cpu (type pom), which brings one for this platform, or one of"
                    + " your choice, for instance org.nd4j:nd4j-native:1.0.0-M2.1 with its platform's classifier";

    private static volatile boolean here;
    /** Why there is none: only the first attempt is told by Java. */
    private static String missing;

    private Backend() {}

    /**
     * Makes sure that arrays can be made.
     *
     * @throws IllegalStateException when there is no backend on the class path, or it does not load
     */
    public static void require() {
        if (!here) {
            look();
        }
    }

    private static synchronized void look() {
        Logging.sayWhenSilent();
        if (missing == null) {
            try {
                Nd4j.getBackend();
                here = true;
                return;
            } catch (LinkageError e) {
                missing = reason(e);
            }
        }
        throw new IllegalStateException(missing);
    }

    private static String reason(Throwable error) {
        Throwable deepest = error;
        while (deepest.getCause() != null) {
            if (deepest.getClass().getSimpleName().equals("NoAvailableBackendException")) {
                break;
            }
            deepest = deepest.getCause();
        }
        return deepest.getClass().getSimpleName().equals("NoAvailableBackendException")
                ? "ND4J: wanted a backend on the class path, found none; " + ADVICE
                : "ND4J: its backend is on the class path and does not load (" + deepest
                        + "); is its native jar of this" + " platform? Else " + ADVICE;
    }
}
