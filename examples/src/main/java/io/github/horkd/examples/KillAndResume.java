package io.github.horkd.examples;

import io.github.horkd.eval.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Kills a run again and again with SIGKILL, in every phase, and starts it anew each time: teacher, knowledge, assistant, student, gallery. Fails when a
 * finished run has another student than one that was never killed, when an enrolment that was acknowledged is lost, or when files are left over.
 *
 * <p>{@code mvn -q -f examples -Dexample=KillAndResume}: 50 kills in ten runs; {@code -Dquick=true}: 5 in one; {@code -Dseed=} aims elsewhere.
 */
public final class KillAndResume {

    private static final int KILLS_A_RUN = 5;
    /** Longer than writing a file takes, so that a kill lands before, in and after it. */
    private static final int LONGEST_DELAY = 40;

    private KillAndResume() {}

    /** What a life of the program said: what it had done, and the student in the end. */
    private record Life(boolean killed, String student, int enrolledAtStart, int enrolled) {}

    public static void main(String[] args) throws Exception {
        if (args.length == 2 && args[0].equals("run")) {
            InterruptedRun.in(Path.of(args[1]));
            return;
        }
        Settings settings = Settings.ofThisRun();
        int wanted = settings.quick() ? KILLS_A_RUN : 10 * KILLS_A_RUN;
        Path out = settings.out().resolve("kill-and-resume");
        delete(out);
        Path whole = Files.createDirectories(out.resolve("never-killed"));
        String student = live(whole, "", 0).student();
        requireClean(whole);
        System.out.println("never killed: student " + student);

        SplittableRandom random = new SplittableRandom(settings.seed());
        Deque<String> turns = new ArrayDeque<>();
        Map<String, Integer> kills = new LinkedHashMap<>();
        InterruptedRun.MILESTONES.forEach(milestone -> kills.put(phase(milestone), 0));
        int survived = 0;
        int runs = 0;
        while (survived < wanted) {
            Path folder = Files.createDirectories(out.resolve("run-" + ++runs));
            int enrolled = 0;
            for (String aim : aims(random, turns, Math.min(KILLS_A_RUN, wanted - survived))) {
                Life life = live(folder, aim, random.nextInt(LONGEST_DELAY));
                requireEnrolled(life, enrolled);
                enrolled = Math.max(enrolled, life.enrolled());
                if (life.killed()) {
                    survived++;
                    kills.merge(phase(aim), 1, Integer::sum);
                    System.out.println("killed at: " + aim);
                }
            }
            Life last = live(folder, "", 0);
            requireEnrolled(last, enrolled);
            if (!last.student().equals(student)) {
                throw new IllegalStateException(folder + ": wanted student " + student + ", got " + last.student());
            }
            requireClean(folder);
            System.out.println("run " + runs + ": resumed to the same student, " + survived + " kills so far");
        }
        Table table = Table.of("killed while", "times");
        for (Map.Entry<String, Integer> each : kills.entrySet()) {
            table = table.row(each.getKey(), each.getValue());
        }
        System.out.println(table);
        System.out.printf(
                "%d kills in %d run(s), every student equal to the last bit, nothing left over%n", survived, runs);
    }

    /** One milestone each of the phases whose turn it is, in the order in which a run passes them. */
    private static List<String> aims(SplittableRandom random, Deque<String> turns, int count) {
        TreeMap<Integer, String> aims = new TreeMap<>();
        while (aims.size() < count) {
            if (turns.isEmpty()) {
                List<String> phases = new ArrayList<>(new LinkedHashSet<>(InterruptedRun.MILESTONES.stream()
                        .map(KillAndResume::phase)
                        .toList()));
                Collections.shuffle(phases, new Random(random.nextLong()));
                turns.addAll(phases);
            }
            String phase = turns.remove();
            List<String> all = InterruptedRun.MILESTONES.stream()
                    .filter(milestone -> phase(milestone).equals(phase))
                    .toList();
            String aim = all.get(random.nextInt(all.size()));
            aims.put(InterruptedRun.MILESTONES.indexOf(aim), aim);
        }
        return List.copyOf(aims.values());
    }

    private static String phase(String milestone) {
        return milestone.replaceAll(" \\d+$", "");
    }

    /** Runs the program in a JVM of its own, which is killed some milliseconds after it has said the milestone. */
    private static Life live(Path folder, String aim, int delay) throws IOException, InterruptedException {
        Path temporary = folder.resolveSibling(folder.getFileName() + "-tmp");
        ProcessBuilder builder = OwnJvm.running(KillAndResume.class, temporary, "run", folder.toString());
        // A short life: compiling well and collecting in threads would take longer than it does.
        builder.command().addAll(1, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        Process process = builder.redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolveSibling(folder.getFileName() + ".log").toFile()))
                .start();
        String student = "";
        int atStart = 0;
        int enrolled = 0;
        boolean killed = false;
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith("student is ")) {
                    student = line.substring("student is ".length());
                } else if (line.startsWith("enrolled before ")) {
                    atStart = Integer.parseInt(line.substring("enrolled before ".length()));
                } else if (line.startsWith("enrolled ")) {
                    enrolled = Integer.parseInt(line.substring("enrolled ".length()));
                }
                if (!killed && line.equals(aim)) {
                    Thread.sleep(delay);
                    killed = process.isAlive();
                    process.toHandle()
                            .destroyForcibly(); // the process itself would close the pipe, with what it said in it
                }
            }
        }
        int status = process.waitFor();
        if (!killed && status != 0) {
            throw new IllegalStateException(
                    folder + ": the run ended with status " + status + "; see the log beside that folder");
        }
        return new Life(killed, student, atStart, enrolled);
    }

    private static void requireEnrolled(Life life, int acknowledged) {
        if (!life.killed() && life.enrolledAtStart() < acknowledged) {
            throw new IllegalStateException(
                    "gallery: wanted the " + acknowledged + " who were acknowledged, got " + life.enrolledAtStart());
        }
    }

    /** What a run may leave, and nothing else: no part, no checkpoint, nothing in the folder for temporary files but what ND4J unpacks. */
    private static void requireClean(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder);
                Stream<Path> temporary = Files.list(folder.resolveSibling(folder.getFileName() + "-tmp"))) {
            List<String> left = Stream.concat(
                            all.filter(Files::isRegularFile)
                                    .map(folder::relativize)
                                    .map(Path::toString),
                            temporary.map(Path::toString))
                    .filter(name -> !name.matches(
                            "(teacher|assistant|student)\\.zip|people\\.gallery|knowledge.[^/]*\\.knowledge(\\.lock)?"))
                    .toList();
            if (!left.isEmpty()) {
                throw new IllegalStateException(folder + ": wanted nothing left over, got " + left);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
