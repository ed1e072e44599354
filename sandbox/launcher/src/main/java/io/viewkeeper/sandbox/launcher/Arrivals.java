package io.viewkeeper.sandbox.launcher;

import io.viewkeeper.sandbox.server.SandboxDatabase;

/** stub */
final class Arrivals implements AutoCloseable {
    static Arrivals start(SandboxDatabase database, long claims) {
        return new Arrivals();
    }

    long claims() {
        return 0;
    }

    @Override
    public void close() {}
}
