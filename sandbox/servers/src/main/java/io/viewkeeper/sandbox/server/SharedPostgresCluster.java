// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

/** A server that was started, perhaps by another class loader, for all of this JVM. */
record SharedPostgresCluster(String host, int port, String password) implements PostgresCluster {

    static SharedPostgresCluster at(String address) {
        var parts = address.split(":", 3);
        return new SharedPostgresCluster(parts[0], Integer.parseInt(parts[1]), parts[2]);
    }

    static String addressOf(PostgresCluster cluster) {
        return "%s:%d:%s".formatted(cluster.host(), cluster.port(), cluster.password());
    }

    @Override
    public void start() {
        throw SharedServers.refusal();
    }

    @Override
    public void stop() {
        throw SharedServers.refusal();
    }

    @Override
    public void kill() {
        throw SharedServers.refusal();
    }

    @Override
    public void close() {
        throw SharedServers.refusal();
    }
}
