// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.util.List;
import org.testcontainers.containers.GenericContainer;

/** One container that can be stopped and started again; Testcontainers itself only discards. */
final class ServerContainer implements AutoCloseable {

    private static final int STOP_LIMIT_SECONDS = 30;

    private final GenericContainer<?> container;

    /** The host's port is chosen here, not by Docker, which would choose another after a restart. */
    ServerContainer(GenericContainer<?> container, int hostPort, int containerPort) {
        this.container = container;
        container.setPortBindings(List.of(hostPort + ":" + containerPort));
        container.start();
    }

    void start() {
        if (!container.isRunning()) {
            container
                    .getDockerClient()
                    .startContainerCmd(container.getContainerId())
                    .exec();
        }
    }

    void stop() {
        if (container.isRunning()) {
            container
                    .getDockerClient()
                    .stopContainerCmd(container.getContainerId())
                    .withTimeout(STOP_LIMIT_SECONDS)
                    .exec();
        }
    }

    void kill() {
        if (container.isRunning()) {
            container
                    .getDockerClient()
                    .killContainerCmd(container.getContainerId())
                    .exec();
        }
    }

    @Override
    public void close() {
        container.stop();
    }
}
