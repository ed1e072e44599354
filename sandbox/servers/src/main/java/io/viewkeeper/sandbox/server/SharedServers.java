// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Remembers the servers that a whole JVM shares. A static field would not do: Quarkus loads test code anew each time that
 * it restarts the application, and each copy of the field would start a server.
 */
final class SharedServers {

    private SharedServers() {}

    /** What was published under this name; if nothing was, what the supplier gives, which has then been published. */
    static String addressOf(String serverName, Supplier<String> start) {
        var property = "viewkeeper.sandbox.shared." + serverName;
        // The one object here that all class loaders agree on; nothing else locks it.
        synchronized (Runtime.getRuntime()) {
            return Optional.ofNullable(System.getProperty(property)).orElseGet(() -> {
                var address = start.get();
                System.setProperty(property, address);
                return address;
            });
        }
    }

    static IllegalStateException refusal() {
        return new IllegalStateException("The shared server serves every test of this JVM and ends with it:"
                + " start one of your own to stop, kill, restart or close it");
    }
}
