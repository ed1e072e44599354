// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.start;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.viewkeeper.schema.log.Reason;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * A service whose ports are taken ends before it touches the database and Kafka. Quarkus itself binds them after everything else
 * has started, and of two that start in the same instant it still tells the second.
 */
@Singleton
class Ports {
    private static final String ANY_HOST = "0.0.0.0";

    void start(
            @Observes @Priority(-1) StartupEvent event,
            @ConfigProperty(name = "quarkus.http.host", defaultValue = ANY_HOST) String host,
            @ConfigProperty(name = "quarkus.http.port", defaultValue = "8080") int port,
            @ConfigProperty(name = "quarkus.management.host", defaultValue = ANY_HOST) String managementHost,
            @ConfigProperty(name = "quarkus.management.port", defaultValue = "9000") int managementPort,
            @ConfigProperty(name = "quarkus.http.so-reuse-port", defaultValue = "false") boolean shared) {
        if (LaunchMode.current() == LaunchMode.NORMAL && !shared) {
            requireFree("quarkus.http.port", host, port);
            requireFree("quarkus.management.port", managementHost, managementPort);
        }
    }

    static void requireFree(String setting, String host, int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true); // As Quarkus does: a port that was just given back is free.
            socket.bind(new InetSocketAddress(host, port));
        } catch (BindException taken) {
            throw WrongSetting.of("%s=%d cannot be had on %s (%s): end the process that has it, or set another port."
                    .formatted(setting, port, host, Reason.of(taken)));
        } catch (IOException unclear) {
            // Whatever it is, Quarkus meets it, too.
        }
    }
}
