package io.github.horkd.experiment;

/** What the library has of every kind. */
final class StandardKinds {

    static final Kinds ALL = Kinds.none();

    private StandardKinds() {}
}
