package io.github.horkd.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** However an example ends in a problem, the console has one message and the exit code is not 0. */
class RunTest {

    /** An example with a problem. */
    static final class Ends {
        public static void main(String[] args) throws Exception {
            switch (args[0]) {
                case "setting" -> Integer.parseInt(System.getProperty("horkd.steps"));
                case "argument" -> Integer.parseInt(args[1]);
                case "missing" -> System.out.println(args[1]);
                case "message" -> throw new IllegalArgumentException("data: wanted a folder");
                case "file" -> Files.readString(Path.of("nowhere.zip"));
                case "wrapped" -> throw new UncheckedIOException(new IOException("disk full"));
                case "thread" -> {
                    Thread other = new Thread(() -> {
                        throw new IllegalStateException("the other thread: no");
                    });
                    other.start();
                    other.join();
                }
                default -> throw new NullPointerException("x");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "setting  |    1 | steps: wanted a number, got ten",
                "argument |    1 | arguments: wanted a number, got many",
                "message  |    1 | data: wanted a folder",
                "file     |    1 | nowhere.zip: there is no such file or folder",
                "wrapped  |    1 | disk full",
                "thread   |    0 | the other thread: no"
            })
    void aProblemIsOneMessage(String kind, int code, String message) throws Exception {
        assertEquals(List.of("", message), said(code, Ends.class.getName(), kind, "many"));
    }

    @Test
    void aMissingArgumentIsNamed() throws Exception {
        assertEquals(
                List.of(
                        "",
                        "arguments: wanted more than -Darguments=\"missing\"; the comment of RunTest.java lists them"),
                said(1, Ends.class.getName(), "missing"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "0", "-1", "1.5"})
    void threadsThatAreNoneAreRefusedBeforeAnythingIsLoaded(String threads) throws Exception {
        assertEquals(
                List.of("", "threads: wanted a whole number from 1, got " + threads),
                said(1, List.of("-Dhorkd.threads=" + threads), Ends.class.getName(), "message"));
    }

    @Test
    void aMistypedExampleIsToldWhatThereIs() throws Exception {
        List<String> said = said(1, "io.github.horkd.examples.Quickstar");
        assertEquals(2, said.size(), said.toString());
        assertTrue(
                said.get(1).startsWith("example: wanted one of [Cifar10, ")
                        && said.get(1).endsWith(", got Quickstar"),
                said.get(1));
    }

    @Test
    void whatNobodyForesawSaysWhere() throws Exception {
        assertTrue(said(1, Ends.class.getName(), "else").stream()
                .anyMatch(line -> line.contains("at io.github.horkd.examples.RunTest")));
    }

    private static List<String> said(int code, String... arguments) throws Exception {
        return said(code, List.of(), arguments);
    }

    private static List<String> said(int code, List<String> settings, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dhorkd.steps=ten",
                "-cp",
                System.getProperty("java.class.path"),
                "parent/Run.java"));
        command.addAll(1, settings);
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(code, process.waitFor(), text);
        return text.lines().toList();
    }
}
