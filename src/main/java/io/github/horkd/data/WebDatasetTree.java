package io.github.horkd.data;

import io.github.horkd.internal.file.ComposedName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;

/** Shards of a WebDataset: tars in which files of one name but for the extension are one sample. */
final class WebDatasetTree implements FileTree {

    /** Where a class is looked for, the first that has one. */
    private static final List<String> CLASS_KINDS = List.of("cls", "json", "txt");

    private static final List<String> CLASS_FIELDS = List.of("cls", "label", "class", "class_id", "identity", "target");

    private static final int LONGEST_CLASS = 1 << 16;

    private final List<Path> shards;
    private final Map<String, Map<String, String>> classes = new HashMap<>();

    WebDatasetTree(List<Path> shards) {
        this.shards = List.copyOf(shards);
    }

    /** The shards that a pattern with braces means. */
    static WebDatasetTree of(String shards) {
        return new WebDatasetTree(
                WebDatasetImages.expand(shards).stream().map(Path::of).toList());
    }

    @Override
    public Optional<FileTree> part(int number, int count) {
        return count > shards.size()
                ? Optional.empty()
                : Optional.of(new WebDatasetTree(IntStream.range(0, shards.size())
                        .filter(i -> i % count == number)
                        .mapToObj(shards::get)
                        .toList()));
    }

    @Override
    public void visit(Predicate<String> wanted, Limits limits, Visitor visitor) throws IOException {
        for (Path shard : shards) {
            try {
                FileTree.at(shard)
                        .visit(name -> isImage(name) || CLASS_KINDS.contains(kind(name)), limits, new Samples(visitor));
            } catch (IOException e) {
                String what = e instanceof java.io.EOFException ? "is truncated" : e.getMessage();
                throw new IOException("shard " + shard.getFileName() + " " + what, e);
            }
        }
    }

    @Override
    public List<Path> sources(Path path) {
        return shards;
    }

    @Override
    public Optional<ClassLayout> layout(List<String> names, ImageOptions options) {
        List<String> classOf = names.stream().map(name -> classOf(key(name))).toList();
        if (options.layout() == Layout.UNLABELLED || classOf.stream().allMatch(String::isEmpty)) {
            return Optional.of(ClassLayout.unlabelled(names));
        }
        List<String> without =
                names.stream().filter(n -> classOf(key(n)).isEmpty()).toList();
        if (!without.isEmpty()) {
            throw new IllegalArgumentException(shards.get(0) + ": wanted a class (.cls, .txt, or .json with one of "
                    + String.join(", ", CLASS_FIELDS) + ") for every image or for none, got " + without.size()
                    + " images without: " + FirstFew.of(without));
        }
        return Optional.of(ClassLayout.numbered(names, classOf));
    }

    /** Puts the classes aside and hands on the images. */
    private final class Samples implements Visitor {

        private final Visitor images;

        Samples(Visitor images) {
            this.images = images;
        }

        @Override
        public void file(String name, byte[] content) throws IOException {
            if (isImage(name)) {
                images.file(name, content);
                return;
            }
            try {
                String value = kind(name).equals("json") ? field(content) : text(content);
                classes.computeIfAbsent(key(name), k -> new HashMap<>(2)).put(kind(name), ComposedName.of(value));
            } catch (IOException e) {
                images.unreadable(name, e);
            }
        }

        @Override
        public void unreadable(String name, IOException why) {
            images.unreadable(name, why);
        }

        @Override
        public void passedOver(String name) {
            images.passedOver(name);
        }
    }

    private String classOf(String key) {
        Map<String, String> said = classes.getOrDefault(key, Map.of());
        return CLASS_KINDS.stream()
                .map(kind -> said.getOrDefault(kind, ""))
                .filter(c -> !c.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static boolean isImage(String name) {
        return ImageDecoder.isImage(name) && !FileTree.isLitter(name);
    }

    /** The name up to the first dot of its last part. */
    private static String key(String name) {
        int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
        return dot < 0 ? name : name.substring(0, dot);
    }

    private static String kind(String name) {
        return name.substring(Math.min(key(name).length() + 1, name.length())).toLowerCase(Locale.ROOT);
    }

    private static String text(byte[] content) throws IOException {
        String text = content.length > LONGEST_CLASS ? null : ByteNames.utf8(content);
        if (text == null || text.strip().indexOf('\n') >= 0) {
            throw new IOException("wanted one line of UTF-8 with a class");
        }
        return text.strip();
    }

    /** A class among the outermost fields; empty when there is none. Does not go down into what a field holds. */
    private static String field(byte[] content) throws IOException {
        if (content.length > LONGEST_CLASS) {
            throw new IOException("wanted at most " + LONGEST_CLASS + " bytes of JSON, got " + content.length);
        }
        Map<String, String> found = new HashMap<>();
        try (JsonParser json = new JsonFactory().createParser(new String(content, StandardCharsets.UTF_8))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("wanted a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.getCurrentName();
                JsonToken value = json.nextToken();
                if (value != null
                        && value.isScalarValue()
                        && Set.copyOf(CLASS_FIELDS).contains(name)) {
                    found.putIfAbsent(name, json.getText());
                }
                json.skipChildren();
            }
        }
        return CLASS_FIELDS.stream()
                .filter(found::containsKey)
                .findFirst()
                .map(found::get)
                .orElse("");
    }
}
