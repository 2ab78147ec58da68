import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Starts an example, and ends it with one message and exit code 1 where something is wrong with what it was given. Only what nobody foresaw shows where it happened;
 * {@code -Djvm.arguments=-Dhorkd.trace=true} shows that of everything. Java compiles this file when it starts it: every example has it without a dependency.
 * <pre>  java -classpath … Run.java MAIN-CLASS arguments…</pre>
 */
final class Run {

    private static final Pattern QUOTED = Pattern.compile("\"(.*)\"");

    private Run() {}

    public static void main(String[] words) {
        Thread main = Thread.currentThread();
        main.setContextClassLoader(ClassLoader.getSystemClassLoader());
        String[] arguments = Arrays.copyOfRange(words, 1, words.length);
        Thread.setDefaultUncaughtExceptionHandler((thread, problem) -> {
            say(problem, arguments);
            if (thread == main) {
                System.exit(1);
            }
        });
        String threads = System.getProperty("horkd.threads", "").strip();
        if (!threads.isEmpty() && !threads.matches("[1-9]\\d{0,3}")) { // before OpenMP, which ends with a stack trace of ND4J
            say(new IllegalArgumentException("threads: wanted a whole number from 1, got " + threads), arguments);
            System.exit(1);
        }
        try {
            Method example = Class.forName(words[0], true, ClassLoader.getSystemClassLoader())
                    .getMethod("main", String[].class);
            example.setAccessible(true); // as Java itself does
            example.invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            say(e.getCause(), arguments);
            System.exit(1);
        } catch (ClassNotFoundException e) {
            String name = words[0].substring(words[0].lastIndexOf('.') + 1);
            say(new IllegalArgumentException("example: wanted one of " + examples(words[0]) + ", got " + name), arguments);
            System.exit(1);
        } catch (ReflectiveOperationException e) {
            say(new IllegalArgumentException("example: wanted a class with a main method, got " + words[0]), arguments);
            System.exit(1);
        }
    }

    private static void say(Throwable problem, String[] arguments) {
        PrintStream out = System.err;
        String words = Boolean.getBoolean("horkd.trace") ? null : words(problem, arguments);
        if (words == null) {
            problem.printStackTrace(out);
        } else {
            out.println(System.lineSeparator() + words);
        }
        out.flush();
    }

    /** What a user can put right, in words; null for what nobody foresaw. */
    private static String words(Throwable problem, String[] arguments) {
        String message = problem.getMessage();
        Throwable cause = problem.getCause();
        boolean wrapped = problem instanceof UncheckedIOException
                || problem instanceof ExecutionException
                || problem instanceof CompletionException
                || problem instanceof ExceptionInInitializerError
                || problem.getClass() == RuntimeException.class;
        if (cause != null && wrapped && (message == null || message.equals(cause.toString()))) {
            return words(cause, arguments);
        }
        if (problem instanceof NoSuchFileException e) {
            return e.getFile() + ": there is no such file or folder";
        }
        if (problem instanceof AccessDeniedException e) {
            return e.getFile() + ": this user may not read or write it";
        }
        if (problem instanceof NotDirectoryException e) {
            return e.getFile() + ": wanted a folder";
        }
        if (problem instanceof NumberFormatException) {
            return number(message, arguments);
        }
        if (problem instanceof ArrayIndexOutOfBoundsException && inMain(problem)) {
            return "arguments: wanted more than -Darguments=\"" + String.join(" ", arguments) + "\"; the comment of "
                    + problem.getStackTrace()[0].getFileName() + " lists them";
        }
        boolean foreseen = problem instanceof IllegalArgumentException
                || problem instanceof IllegalStateException
                || problem instanceof IOException
                || problem instanceof UncheckedIOException
                || problem.getClass().getName().startsWith("io.github.horkd.");
        return foreseen ? message : null;
    }

    private static boolean inMain(Throwable problem) {
        return problem.getStackTrace().length > 0
                && problem.getStackTrace()[0].getMethodName().equals("main");
    }

    /** The setting that has what is no number. */
    private static String number(String message, String[] arguments) {
        Matcher quoted = QUOTED.matcher(message == null ? "" : message);
        if (!quoted.find()) {
            return null;
        }
        String text = quoted.group(1);
        String setting = System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("horkd.")
                        && System.getProperty(name).strip().equals(text))
                .map(name -> name.substring("horkd.".length()))
                .findFirst()
                .orElse(Arrays.asList(arguments).contains(text) ? "arguments" : null);
        return setting == null ? null : setting + ": wanted a number, got " + text;
    }

    /** The names of what could have been started: classes with a main method beside the one that is not there. */
    private static List<String> examples(String wanted) {
        String folder = wanted.substring(0, wanted.lastIndexOf('.') + 1).replace('.', '/');
        return Stream.of(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                .map(root -> Path.of(root, folder))
                .filter(Files::isDirectory)
                .flatMap(Run::classFiles)
                .map(file -> file.substring(0, file.length() - ".class".length()))
                .filter(name -> hasMain(folder.replace('/', '.') + name))
                .sorted()
                .toList();
    }

    private static Stream<String> classFiles(Path folder) {
        String[] names = folder.toFile().list((in, name) -> name.endsWith(".class") && name.indexOf('$') < 0);
        return Stream.of(names == null ? new String[0] : names);
    }

    private static boolean hasMain(String name) {
        try {
            Class.forName(name, false, ClassLoader.getSystemClassLoader()).getMethod("main", String[].class);
            return true;
        } catch (ReflectiveOperationException | LinkageError e) {
            return false;
        }
    }
}
