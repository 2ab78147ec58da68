package io.github.horkd.examples;

import io.github.horkd.experiment.ImageSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an example is told on the command line; every setting may be left out.
 *
 * @param data  {@code -Ddata=…}: a folder or an archive to work on
 * @param layout how own pictures lie: {@code -Dlayout=class} (one directory a class, the default), {@code first} (the first
 *     directory is the class, whatever lies deeper) or {@code leaf} (the last one is)
 * @param list  {@code -Dlist=…}: a file of paths and classes, for pictures in one flat directory; empty for none
 * @param under {@code -Dunder=…}: one directory of the folder or archive; empty for all
 * @param out   {@code -Dout=…}: the folder for what the example writes; {@code examples/target} unless told
 * @param seed  {@code -Dseed=…}: the first seed, 1 unless told
 * @param seeds {@code -Dseeds=…}: over how many seeds to repeat, counted up from the first; 0 leaves it to the example
 * @param quick {@code -Dquick}: a short form, to see that everything works
 * @param setting {@code -Dsetting=…}: which of an example's settings to run, where it has several; empty leaves it to the example
 * @param teacher {@code -Dteacher=…}: a face model as ONNX, for an example that takes one
 * @param protocol {@code -Dprotocol=…}: the folder of protocol files, where it is not that of the data
 * @param pictures {@code -Dpictures=true}: pictures of people are in reports
 * @param experiment {@code -Dexperiment=…}: a file of an experiment, or the name of one that comes with the examples; empty for none
 */
public record Settings(
        Optional<Path> data,
        ImageSource.Layout layout,
        String list,
        String under,
        Path out,
        long seed,
        int seeds,
        boolean quick,
        String setting,
        Optional<Path> teacher,
        Optional<Path> protocol,
        boolean pictures,
        String experiment) {

    /**
     * Reads the settings of this run.
     *
     * @return the settings, defaults where none were given
     */
    public static Settings ofThisRun() {
        return new Settings(
                path("data"),
                layoutOfThisRun(),
                given("list").orElse(""),
                given("under").orElse(""),
                Path.of(given("out").orElse("target")),
                number("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE),
                (int) number("seeds", 0, 1, 1000),
                flag("quick"),
                given("setting").orElse(""),
                path("teacher"),
                path("protocol"),
                flag("pictures"),
                given("experiment").orElse(""));
    }

    private static Optional<Path> path(String name) {
        Optional<Path> path = given(name).map(Path::of);
        path.filter(p -> !Files.exists(p)).ifPresent(p -> {
            throw new IllegalArgumentException(
                    name + ": wanted a folder or file that exists, got " + p.toAbsolutePath());
        });
        return path;
    }

    /**
     * The data, for an example that cannot do without.
     *
     * @param what what the folder holds, for the message
     * @return the folder or archive
     */
    public Path dataOrSay(String what) {
        return data.orElseThrow(
                () -> new IllegalArgumentException("data: wanted -Ddata=… with " + what + ", got nothing"));
    }

    /**
     * The seeds to repeat over.
     *
     * @param otherwise how many, when the run was not told
     * @return that many, counted up from {@link #seed}
     */
    public long[] seeds(int otherwise) {
        return java.util.stream.LongStream.range(seed, seed + (seeds == 0 ? otherwise : seeds))
                .toArray();
    }

    /** What the run was told, if anything: Maven hands on a setting that was left out as an empty one. */
    static Optional<String> given(String name) {
        return Optional.ofNullable(System.getProperty("horkd." + name))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }

    private static ImageSource.Layout layoutOfThisRun() {
        String layout = given("layout").orElse("class");
        return switch (layout) {
            case "class" -> ImageSource.Layout.CLASS;
            case "first" -> ImageSource.Layout.FIRST;
            case "leaf" -> ImageSource.Layout.LEAF;
            default -> throw new IllegalArgumentException("layout: wanted class, first or leaf, got " + layout);
        };
    }

    private static boolean flag(String name) {
        String text = given(name).orElse("false");
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(name + ": wanted true or false, got " + text);
        };
    }

    private static long number(String name, long otherwise, long low, long high) {
        Optional<String> text = given(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text.get());
            if (value >= low && value <= high) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below, as for a number out of range
        }
        throw new IllegalArgumentException(
                name + ": wanted a whole number from " + low + " to " + high + ", got " + text.get());
    }
}
