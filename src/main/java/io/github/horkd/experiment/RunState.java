package io.github.horkd.experiment;

/** How far an experiment, or one of its runs, is. */
public enum RunState {
    /** Not begun. */
    PLANNED,
    /** Under way, or stopped on its way: the same call goes on with it. */
    RUNNING,
    /** Done; all files are there. */
    FINISHED,
    /** Ended by a problem, which the manifest names. */
    FAILED
}
