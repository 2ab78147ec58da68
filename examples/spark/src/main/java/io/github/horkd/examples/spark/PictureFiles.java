package io.github.horkd.examples.spark;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Gray pictures over and over, as many as are wanted, in the files that sets of faces come in. */
enum PictureFiles {
    /** One file of MXNet's RecordIO, with the .idx that lets a part begin anywhere. */
    RECORDIO {
        @Override
        String write(Path folder, PairedImages faces, int count, int parts) throws IOException {
            Path rec = folder.resolve("faces.rec");
            StringBuilder index = new StringBuilder();
            long place = 0;
            try (OutputStream out = Files.newOutputStream(rec)) {
                for (int i = 0; i < count; i++) {
                    byte[] picture = jpeg(faces, i % faces.size());
                    int length = 24 + picture.length;
                    byte[] record = ByteBuffer.allocate(8 + length + 3 & ~3)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(0xced7230a)
                            .putInt(length)
                            .putInt(0)
                            .putFloat(faces.label(i % faces.size()))
                            .putLong(i)
                            .putLong(0)
                            .put(picture)
                            .array();
                    index.append(i).append('\t').append(place).append('\n');
                    out.write(record);
                    place += record.length;
                }
            }
            Files.writeString(folder.resolve("faces.idx"), index);
            return rec.toString();
        }
    },
    /** As many shards of a WebDataset as parts are wanted: tars with a picture and a class under each number. */
    WEBDATASET {
        @Override
        String write(Path folder, PairedImages faces, int count, int parts) throws IOException {
            for (int shard = 0; shard < parts; shard++) {
                Path tar = folder.resolve(String.format("faces-%06d.tar", shard));
                try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
                    for (int i = shard; i < count; i += parts) {
                        add(out, i + ".jpg", jpeg(faces, i % faces.size()));
                        String label = Integer.toString(faces.label(i % faces.size()));
                        add(out, i + ".cls", label.getBytes(StandardCharsets.US_ASCII));
                    }
                }
            }
            return folder.resolve(String.format("faces-{000000..%06d}.tar", parts - 1))
                    .toString();
        }
    };

    /**
     * Writes pictures.
     *
     * @param folder receives the files
     * @param faces  the pictures that there are
     * @param count  how many are written
     * @param parts  into how many parts the files are going to be cut
     * @return the file or the pattern to read them by
     */
    abstract String write(Path folder, PairedImages faces, int count, int parts) throws IOException;

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static byte[] jpeg(PairedImages faces, int index) throws IOException {
        ImageShape shape = faces.shape(Resolution.HIGH);
        float[] values = new float[shape.size()];
        faces.read(index, Pose.IDENTITY, values, 0, null, 0);
        BufferedImage image = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < values.length; i++) {
            image.getRaster().setSample(i % shape.width(), i / shape.width(), 0, Math.round(255 * values[i]));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", out);
        return out.toByteArray();
    }
}
