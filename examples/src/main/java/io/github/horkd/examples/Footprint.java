package io.github.horkd.examples;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.horkd.eval.Table;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What a program holds at one moment, after the garbage collector has run.
 *
 * @param work      how much it had done by then
 * @param heap      bytes of the heap that are in use
 * @param resident  bytes of memory in all, native ones included; 0 where the system does not say
 * @param threads   how many run
 * @param handles   files and sockets that are open; 0 where the system does not say
 * @param temporary files in the folder for temporary ones
 */
public record Footprint(long work, long heap, long resident, int threads, long handles, long temporary) {

    private static final long MIB = 1 << 20;

    /** Takes it now. */
    public static Footprint after(long work) {
        for (int i = 0; i < 3; i++) {
            System.gc(); // ND4J frees native memory when the collector has found its owner.
            pause();
        }
        long handles = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
        return new Footprint(
                work,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                residentBytes(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                handles,
                temporaryFiles());
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long residentBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private static long temporaryFiles() {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** All of them, a line each. */
    public static Table table(String work, List<Footprint> all) {
        Table table = Table.of(work, "heap MiB", "memory MiB", "threads", "open files", "temporary files");
        for (Footprint each : all) {
            table = table.row(
                    each.work, each.heap / MIB, each.resident / MIB, each.threads, each.handles, each.temporary);
        }
        return table;
    }

    /**
     * Holds the last third against the third before it, each by its smallest value: what only grows has grown there too.
     *
     * @param all at equal distances, at least six
     * @throws IllegalStateException when something has grown; the message says what
     */
    public static void requireSteady(List<Footprint> all) {
        requireSteady(all, 4);
    }

    /**
     * The same with more room for a run of seconds, in which classes are still loaded and pools still fill.
     *
     * @param all  at equal distances, at least six
     * @param heap what the heap may have grown besides, MiB
     */
    public static void requireSteady(List<Footprint> all, int heap) {
        require(all, "heap", Footprint::heap, 0.05, heap * MIB);
        require(all, "memory", Footprint::resident, 0.05, 32 * MIB);
        require(all, "threads", Footprint::threads, 0, 2);
        require(all, "open files", Footprint::handles, 0, 4);
    }

    private static void require(
            List<Footprint> all, String what, ToLongFunction<Footprint> part, double share, long slack) {
        int third = all.size() / 3;
        long before = least(all.subList(all.size() - 2 * third, all.size() - third), part);
        long after = least(all.subList(all.size() - third, all.size()), part);
        if (after > before * (1 + share) + slack) {
            throw new IllegalStateException(what + ": wanted no more than before, " + before + ", got " + after);
        }
    }

    private static long least(List<Footprint> some, ToLongFunction<Footprint> part) {
        return some.stream().mapToLong(part).min().orElseThrow();
    }
}
