package io.github.horkd.recognise;

import io.github.horkd.data.Fit;
import io.github.horkd.data.ImageFile;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.Guide;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The networks whose embeddings share a gallery's space. */
record Members(List<Member> all) {

    Members {
        all = List.copyOf(all);
    }

    List<String> guides() {
        return all.stream().map(Member::guide).toList();
    }

    /** The space that all lie in, empty for a gallery of raw embeddings. */
    Optional<EmbeddingSpace> space() {
        return all.stream()
                .filter(each -> each.way() != Member.Way.BACK_TO_RAW && each.space() != null)
                .map(Member::space)
                .findFirst();
    }

    /** How a network comes into the gallery; empty for one that does not. */
    Optional<Member> of(Guide guide) {
        return all.stream()
                .filter(each -> each.guide().equals(guide.identity()))
                .findFirst();
    }

    /** With one network more, in the way that its space and that of the others ask for. */
    Members with(Guide guide, int galleryWidth) {
        Optional<EmbeddingSpace> own = guide.embeddingSpace();
        Optional<EmbeddingSpace> wanted = all.isEmpty() ? own : space();
        if (own.equals(wanted)) {
            return with(guide, Member.Way.AS_IT_IS, own.orElse(null), galleryWidth);
        }
        if (own.isPresent() && wanted.isPresent()) {
            throw new IllegalArgumentException("guide " + guide.identity() + ": its embeddings lie in " + own.get()
                    + ", those of this gallery in another, " + wanted.get());
        }
        return own.isEmpty()
                ? with(guide, Member.Way.INTO_SPACE, wanted.get(), galleryWidth)
                : with(guide, Member.Way.BACK_TO_RAW, own.get(), galleryWidth);
    }

    /** With one network more, or with another way for one that is there. */
    Members with(Guide guide, Member.Way way, EmbeddingSpace space, int galleryWidth) {
        Member member = new Member(guide.identity(), way, space);
        int own = guide.embeddingWidth();
        if (own != member.wanted(galleryWidth) || member.width(own) != galleryWidth) {
            throw new IllegalArgumentException("guide " + guide.identity() + ": wanted embeddings "
                    + member.wanted(galleryWidth) + " wide"
                    + (way == Member.Way.AS_IT_IS
                            ? ", as this gallery's are"
                            : " that " + space + " brings to " + galleryWidth)
                    + ", got " + own + (way == Member.Way.AS_IT_IS ? "" : " and " + member.width(own)));
        }
        List<Member> more = new ArrayList<>(all);
        more.removeIf(each -> each.guide().equals(member.guide()));
        int place = guides().indexOf(member.guide());
        more.add(place < 0 ? more.size() : place, member);
        return new Members(more);
    }

    /** The embeddings of images in the gallery's space. */
    INDArray embed(Guide guide, INDArray images) {
        return member(guide).bring(guide.output(images).embeddings());
    }

    /** The same of pictures of any size. */
    INDArray embed(Guide guide, List<ImageFile> pictures, Fit fit) {
        return embed(guide, ImageFile.batch(pictures, guide.input().shape(), fit));
    }

    /** The same of all images of a set, in batches. */
    INDArray embed(Guide guide, PairedImages images, Resolution view) {
        return member(guide).bring(Embeddings.by(guide).of(images, view));
    }

    Member member(Guide guide) {
        return of(guide)
                .orElseThrow(() -> new IllegalArgumentException("guide " + guide.identity()
                        + ": wanted one of the networks this gallery belongs to, " + guides()
                        + "; if its embeddings share their space, add it with accept(...)"));
    }
}
