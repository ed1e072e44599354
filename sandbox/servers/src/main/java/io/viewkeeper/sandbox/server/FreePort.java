// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** Picks ports for servers that must come back on the same one after a stop. */
public final class FreePort {

    // Below Linux's ephemeral range (32768 to 60999): while a server is down, no client is given its port as source
    // port,
    // and a client that keeps trying to reconnect over loopback cannot connect to itself.
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 200;
    private static final int ATTEMPTS_ON_FREE_PORTS = 3;

    private FreePort() {}

    /** A port on loopback that nobody listens on now, and that no client is given as its own. */
    public static int choose() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new SandboxServerException("Could not find a free port between %d and %d on loopback in %d attempts"
                .formatted(LOWEST, HIGHEST, ATTEMPTS));
    }

    /**
     * Starts a server on a port.
     *
     * @param chosen the port; 0 for any free one: another process may take that before the server binds it, then a server is
     *     started on another
     * @param start starts the server on the port that it is given
     * @param isTaken after a failure, whether it was for want of the port
     * @throws SandboxServerException what the last start threw
     */
    static <T> T startOn(int chosen, IntFunction<T> start, BooleanSupplier isTaken) {
        int attempts = chosen == 0 ? ATTEMPTS_ON_FREE_PORTS : 1;
        for (int attempt = 1; ; attempt++) {
            try {
                return start.apply(chosen == 0 ? choose() : chosen);
            } catch (SandboxServerException e) {
                if (attempt == attempts || !isTaken.getAsBoolean()) {
                    throw e;
                }
            }
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException portIsTaken) {
            return false;
        }
    }
}
