package io.github.horkd.examples.spark;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Processes of their own, one of them killed: a minute on two quiet cores. */
class AskShardsTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aWorkerThatIsKilledHalfWayChangesNoByte(PictureFiles files) throws Exception {
        String said = AskShards.run(folder, files, 600, 6);
        assertTrue(said.endsWith("the same bytes"), said);
    }

    @Test
    void averagingOnTwoProcessesIsAveragingOnTwoThreads() throws Exception {
        String said = AskShards.averaging(folder.resolve("averaging"), 10);
        assertTrue(said.contains("10 steps"), said);
    }
}
