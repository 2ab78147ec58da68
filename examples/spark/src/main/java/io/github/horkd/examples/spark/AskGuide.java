package io.github.horkd.examples.spark;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Guide;
import io.github.horkd.model.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The guide's knowledge of one partition: loads the guide once, then asks it some pictures at a time, as they are drawn. For
 * {@code pictures.mapPartitions(new AskGuide(guide))}.
 *
 * @param guide the bytes of a file that {@link Network#save} wrote; a broadcast goes to every machine once
 */
record AskGuide(Broadcast<byte[]> guide) implements FlatMapFunction<Iterator<Picture>, Taught> {

    private static final int AT_ONCE = 64;

    @Override
    public Iterator<Taught> call(Iterator<Picture> pictures) throws IOException {
        if (!pictures.hasNext()) {
            return List.<Taught>of().iterator();
        }
        return new Answers(network(guide.value()), pictures);
    }

    private static Network network(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("guide", ".zip");
        try {
            Files.write(file, bytes);
            return Network.load(file);
        } finally {
            Files.delete(file);
        }
    }

    private static final class Answers implements Iterator<Taught> {
        private final Guide guide;
        private final Iterator<Picture> pictures;
        private Iterator<Taught> answered = List.<Taught>of().iterator();

        Answers(Guide guide, Iterator<Picture> pictures) {
            this.guide = guide;
            this.pictures = pictures;
        }

        @Override
        public boolean hasNext() {
            return answered.hasNext() || pictures.hasNext();
        }

        @Override
        public Taught next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (!answered.hasNext()) {
                List<Picture> some = new ArrayList<>();
                while (some.size() < AT_ONCE && pictures.hasNext()) {
                    some.add(pictures.next());
                }
                answered = ask(some).iterator();
            }
            return answered.next();
        }

        private List<Taught> ask(List<Picture> some) {
            ImageShape shape = guide.input().shape();
            INDArray images = Nd4j.createFromArray(
                            some.stream().map(Picture::high).toArray(float[][]::new))
                    .reshape(some.size(), shape.channels(), shape.height(), shape.width());
            Guide.Output output = guide.output(images);
            float[][] embeddings = output.embeddings().toFloatMatrix();
            float[][] logits = output.logits().orElseThrow().toFloatMatrix();
            List<Taught> taught = new ArrayList<>();
            for (int i = 0; i < embeddings.length; i++) {
                Picture picture = some.get(i);
                taught.add(new Taught(picture.index(), picture.label(), picture.low(), embeddings[i], logits[i]));
            }
            return taught;
        }
    }
}
