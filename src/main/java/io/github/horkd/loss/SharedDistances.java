package io.github.horkd.loss;

/**
 * What a loss says of itself if it is a relation of distances: which, and of what rows.
 *
 * @param relation made of distances alone
 * @param unitRows whether they are those between rows brought to length 1, as in {@link UnitEmbeddings}
 */
public record SharedDistances(DistanceRelation relation, boolean unitRows) {}
