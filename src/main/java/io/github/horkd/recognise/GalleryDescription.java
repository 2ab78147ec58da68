package io.github.horkd.recognise;

import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.LocalScaling;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a {@link GalleryFile} says of its rows before they come:
 * <pre>  byte PerIdentity, byte TemplatePrecision, int width
 *  int guides, each a name, byte Member.Way, int length of its space in bytes, and the space as EmbeddingSpace.toBytes gives it
 *  int identities, each a name and how many templates it has, an int
 *  in version 3: int length of its local scaling in bytes, and that as LocalScaling.toBytes gives it</pre>
 * Version 1 has no precision, and of guides the names alone. A name is two bytes of length and modified UTF-8, as {@link DataOutputStream#writeUTF} has it.
 */
record GalleryDescription(
        PerIdentity perIdentity,
        TemplatePrecision precision,
        int width,
        List<Member> members,
        List<String> identities,
        List<Integer> counts,
        LocalScaling scaling) {

    static final int LONGEST_NAME = 1_000;

    static byte[] bytes(Gallery gallery) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(gallery.perIdentity().ordinal());
        out.writeByte(gallery.precision().ordinal());
        out.writeInt(gallery.width());
        out.writeInt(gallery.members().all().size());
        for (Member member : gallery.members().all()) {
            byte[] space = member.space() == null ? new byte[0] : member.space().toBytes();
            out.writeUTF(member.guide());
            out.writeByte(member.way().ordinal());
            out.writeInt(space.length);
            out.write(space);
        }
        List<String> identities = gallery.identities();
        out.writeInt(identities.size());
        for (String identity : identities) {
            out.writeUTF(identity);
            out.writeInt(gallery.templates(identity));
        }
        if (gallery.localScaling().isPresent()) {
            byte[] scaling = gallery.localScaling().get().toBytes();
            out.writeInt(scaling.length);
            out.write(scaling);
        }
        return bytes.toByteArray();
    }

    static GalleryDescription of(Path file, int version, byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int perIdentity = in.readUnsignedByte();
        int precision = version == 1 ? 0 : in.readUnsignedByte();
        int width = in.readInt();
        if (perIdentity >= PerIdentity.values().length || precision >= TemplatePrecision.values().length || width < 1) {
            throw GalleryFile.damaged(file, "its description makes no sense", null);
        }
        // Names are added as they are read, so a false count ends at the end of the description.
        List<Member> members = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            String guide = in.readUTF();
            members.add(version == 1 ? new Member(guide, Member.Way.AS_IT_IS, null) : member(file, guide, width, in));
        }
        Set<String> identities = new LinkedHashSet<>();
        List<Integer> counts = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = in.readUTF();
            boolean fresh = identities.add(name) && !name.isBlank() && name.length() <= LONGEST_NAME;
            counts.add(in.readInt());
            if (!fresh || counts.get(counts.size() - 1) < 1) {
                throw GalleryFile.damaged(file, "its description makes no sense", null);
            }
        }
        LocalScaling scaling = version < 3 ? null : scaling(file, PerIdentity.values()[perIdentity], width, in);
        if (in.read() >= 0 || members.isEmpty()) {
            throw GalleryFile.damaged(file, "its description makes no sense", null);
        }
        long templates = counts.stream().mapToLong(Integer::longValue).sum();
        if (templates > Integer.MAX_VALUE / 2 || width > Integer.MAX_VALUE / TemplateBlock.MOST / Float.BYTES) {
            throw GalleryFile.damaged(
                    file,
                    "it says to hold more than fits into one: " + templates + " templates of width " + width,
                    null);
        }
        return new GalleryDescription(
                PerIdentity.values()[perIdentity],
                TemplatePrecision.values()[precision],
                width,
                members,
                List.copyOf(identities),
                counts,
                scaling);
    }

    private static LocalScaling scaling(Path file, PerIdentity perIdentity, int width, DataInputStream in)
            throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available() || perIdentity == PerIdentity.CORRECTED_BEST) {
            throw GalleryFile.damaged(file, "its description makes no sense", null);
        }
        LocalScaling scaling;
        try {
            scaling = LocalScaling.of(in.readNBytes(length));
        } catch (IllegalArgumentException e) {
            throw GalleryFile.damaged(
                    file, "its local scaling is damaged (" + e.getMessage() + ")", new IOException(e));
        }
        if (scaling.width() != width) {
            throw GalleryFile.damaged(file, "its local scaling is of another width", null);
        }
        return scaling;
    }

    private static Member member(Path file, String guide, int width, DataInputStream in) throws IOException {
        int way = in.readUnsignedByte();
        int length = in.readInt();
        if (way >= Member.Way.values().length || length < 0 || length > in.available() || way != 0 && length == 0) {
            throw GalleryFile.damaged(file, "its description makes no sense", null);
        }
        if (length == 0) {
            return new Member(guide, Member.Way.AS_IT_IS, null);
        }
        Member member;
        try {
            member = new Member(guide, Member.Way.values()[way], EmbeddingSpace.of(in.readNBytes(length)));
        } catch (IllegalArgumentException e) {
            throw GalleryFile.damaged(
                    file, "its embedding space is damaged (" + e.getMessage() + ")", new IOException(e));
        }
        if (member.width(member.wanted(width)) != width) {
            throw GalleryFile.damaged(file, "its embedding space is of another width", null);
        }
        return member;
    }

    /** How long the rows are that follow. */
    long rowBytes() {
        return counts.stream().mapToLong(Integer::longValue).sum() * width * Float.BYTES;
    }
}
