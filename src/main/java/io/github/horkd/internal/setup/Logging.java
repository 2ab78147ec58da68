package io.github.horkd.internal.setup;

import java.util.ServiceLoader;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;
import org.slf4j.spi.SLF4JServiceProvider;

/** Whether anybody hears what is logged. A provider that was chosen to be silent (slf4j-nop) counts as somebody. */
public final class Logging {

    static {
        if (LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory
                && System.getProperty("slf4j.provider") == null
                && noProvider()) {
            // The one line that cannot go through the log.
            System.err.println(
                    "horkd: there is no SLF4J provider on the class path, so its warnings (pictures left out, missing oneDNN,"
                            + " embeddings off centre) and the progress of trainings are not shown. Add one, for instance"
                            + " org.slf4j:slf4j-simple:2.0.17; org.slf4j:slf4j-nop makes the silence a choice.");
        }
    }

    private Logging() {}

    private static boolean noProvider() {
        try {
            return ServiceLoader.load(SLF4JServiceProvider.class).findFirst().isEmpty();
        } catch (NoClassDefFoundError e) {
            // SLF4J 1.7 stands before ours on the class path, as it may beside Spark: it knows no providers.
            return true;
        }
    }

    /** Says once a process, on standard error, that warnings go nowhere. */
    public static void sayWhenSilent() {
        // Said when the class is loaded.
    }
}
