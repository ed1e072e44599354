// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

/** Where the server of {@link PostgresServer} runs. */
sealed interface PostgresCluster extends AutoCloseable
        permits EmbeddedPostgresCluster, PostgresInContainer, SharedPostgresCluster {

    void start();

    void stop();

    void kill();

    String host();

    int port();

    /** Of the superuser, and given to Viewkeeper's roles. */
    String password();

    @Override
    void close();
}
