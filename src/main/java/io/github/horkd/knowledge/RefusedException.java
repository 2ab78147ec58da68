package io.github.horkd.knowledge;

import java.io.IOException;

/** A file was read and is not what was wanted. The message says why, without the file's name. */
final class RefusedException extends IOException {

    private static final long serialVersionUID = 1;

    RefusedException(String why) {
        super(why);
    }
}
