package io.github.horkd.recognise;

import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Guide;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The networks whose embeddings share a gallery's space. */
record Members(List<Member> all) {

    Members {
        all = List.copyOf(all);
    }

    List<String> guides() {
        return all.stream().map(Member::guide).toList();
    }

    /** With one network more, or with another way for one that is there. */
    Members with(Guide guide, Member.Way way, EmbeddingSpace space, int galleryWidth) {
        Member member = new Member(guide.identity(), way, space);
        int own = guide.embeddingWidth();
        if (own != member.wanted(galleryWidth) || member.width(own) != galleryWidth) {
            throw new IllegalArgumentException("guide " + guide.identity() + ": wanted embeddings "
                    + member.wanted(galleryWidth) + " wide"
                    + (space == null ? ", as this gallery's are" : " that " + space + " brings to " + galleryWidth)
                    + ", got " + own + (space == null ? "" : " and " + member.width(own)));
        }
        List<Member> more = new ArrayList<>(all);
        more.removeIf(each -> each.guide().equals(member.guide()));
        int place = guides().indexOf(member.guide());
        more.add(place < 0 ? more.size() : place, member);
        return new Members(more);
    }

    /** The embeddings of images in the gallery's space. */
    INDArray embed(Guide guide, INDArray images) {
        Member member = all.stream()
                .filter(each -> each.guide().equals(guide.identity()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("guide " + guide.identity()
                        + ": wanted one of the networks this gallery belongs to, " + guides()
                        + "; if its embeddings share their space, add it with accept(...)"));
        return member.bring(guide.output(images).embeddings());
    }
}
