// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

/** A broker that was started, perhaps by another class loader, for all of this JVM. */
record SharedKafkaBroker(String bootstrapServers) implements KafkaBroker {

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
