package io.github.horkd.examples;

import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.distill.TrainingListener;
import java.io.FilterOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;

/**
 * How far a stage is, on the console: how a listener puts training events on screen. In a terminal it is one bar with loss, images a second and time left, instead of the log's
 * lines of tenths. Elsewhere, in a file or in CI, the log has these; only of a guide that is asked for long something is said here.
 */
final class ConsoleProgress implements TrainingListener {

    private static final int CELLS = 24;
    private static final long REDRAW_NANOS = 200_000_000;
    /** Between two lines where there is no terminal. */
    private static final long LINE_NANOS = 15_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private final long pause;
    private String task = "";
    private int batchSize;
    private int first;
    private int last;
    private long began;
    private long drawn;

    ConsoleProgress(PrintStream out, boolean terminal, long pause) {
        this.out = out;
        this.terminal = terminal;
        this.pause = pause;
    }

    /** In a terminal the bar says what the log would say of every tenth. To be called before anything is trained. */
    static void insteadOfLines() {
        if (isTerminal()) {
            System.setProperty("org.slf4j.simpleLogger.log.io.github.horkd.training.progress", "warn");
        }
    }

    /** Of this console, made once. In a terminal the bar makes room for whatever else is written, and is drawn again below it. */
    static ConsoleProgress here() {
        return Here.PROGRESS;
    }

    private static final class Here {
        static final ConsoleProgress PROGRESS = made();

        private static ConsoleProgress made() {
            if (!isTerminal()) {
                return new ConsoleProgress(System.err, false, LINE_NANOS);
            }
            ConsoleProgress bar = new ConsoleProgress(System.err, true, REDRAW_NANOS);
            System.setErr(bar.beside(System.err));
            System.setOut(bar.beside(System.out));
            return bar;
        }
    }

    /** A stream that takes the bar away before it writes. */
    PrintStream beside(PrintStream stream) {
        OutputStream room = new FilterOutputStream(stream) {
            @Override
            public void write(byte[] bytes, int from, int count) {
                erase();
                stream.write(bytes, from, count);
            }

            @Override
            public void write(int one) {
                erase();
                stream.write(one);
            }
        };
        return new PrintStream(room, true, Charset.defaultCharset());
    }

    /** A console is none where output goes to a file; since Java 22 it has to be asked. */
    private static boolean isTerminal() {
        if (System.console() == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(System.console());
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    @Override
    public synchronized void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.StageStarted started) {
            batchSize = started.batchSize();
        } else if (event instanceof TrainingEvent.KnowledgeGathered known) {
            show(known.stage() + ": asking the " + known.guide(), known.seen(), known.views(), 1, "", "views");
        } else if (event instanceof TrainingEvent.StepFinished step && terminal) {
            String loss = String.format(Locale.ROOT, "loss %.3f, ", step.loss());
            show(step.stage() + ": learning", step.step(), step.steps(), batchSize, loss, "images");
        } else if (!(event instanceof TrainingEvent.EpochFinished)) {
            erase();
        }
    }

    private void show(String what, int done, int all, int each, String loss, String unit) {
        long now = System.nanoTime();
        // The same task may come again about something else.
        boolean anew = !what.equals(task) || done < last;
        last = done;
        if (anew) {
            task = what;
            first = done;
            began = now;
            drawn = terminal ? 0 : now;
            return;
        }
        if (now - drawn < (terminal && done == all ? 0 : pause)) {
            return;
        }
        drawn = now;
        double seconds = (now - began) / 1e9 / Math.max(1, done - first);
        String words = String.format(
                Locale.ROOT,
                "%3d %%, %s%,d %s/s, %s left",
                100L * done / all,
                loss,
                Math.round(each / seconds),
                unit,
                time(Math.round(seconds * (all - done))));
        if (terminal) {
            int filled = (int) ((long) CELLS * done / all);
            out.print("\r\033[K" + what + " [" + "=".repeat(filled) + " ".repeat(CELLS - filled) + "] " + words);
            out.flush();
            if (done == all) {
                erase();
            }
        } else {
            out.println(what + ": " + words.strip());
        }
    }

    private synchronized void erase() {
        if (terminal && drawn > 0) {
            out.print("\r\033[K");
            out.flush();
            drawn = 0; // The next step draws it again at once.
        }
    }

    private static String time(long seconds) {
        return seconds < 60
                ? seconds + " s"
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
