// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.claims.Measurement;
import io.viewkeeper.sandbox.launcher.console.Screen;
import io.viewkeeper.sandbox.launcher.process.Started;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** What a benchmark measures. */
public interface Experiment {
    /** The bench's name on the command line, and that of its file. */
    String name();

    /** What a good result is, in a sentence. */
    String goal();

    /**
     * Measures, on servers of its own.
     *
     * @param root of the checkout
     * @param started takes what must be stopped in the end
     */
    List<Measurement> measure(Path root, Started started, Screen screen) throws InterruptedException, SQLException;
}
