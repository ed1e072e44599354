package io.viewkeeper.sandbox.launcher;

import java.nio.file.Path;

/** stub */
final class BenchReports {
    BenchReports(Path root, Command.BenchReports command, Screen screen) {}

    int run() throws InterruptedException, java.io.IOException, java.sql.SQLException {
        return 1;
    }
}
