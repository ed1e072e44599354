// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.fault;

import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The network between a refresher and PostgreSQL. Told to, it cuts one connection at the COMMIT of a transaction. */
final class CuttingProxy implements AutoCloseable {
    private static final String COMMIT = "COMMIT\0";
    private static final int BUFFER = 8192;

    /**
     * What to cut.
     *
     * @param marker a text that the transaction has sent
     * @param forward completes when the server shall have the COMMIT, with whether it shall
     * @param cut completes when the client has been cut off
     * @param ended completes when the server has answered, or never will
     */
    record Cut(
            String marker,
            CompletableFuture<Boolean> forward,
            CompletableFuture<Void> cut,
            CompletableFuture<Void> ended) {
        static Cut of(String marker) {
            return new Cut(marker, new CompletableFuture<>(), new CompletableFuture<>(), new CompletableFuture<>());
        }
    }

    private final SandboxDatabase behind;
    private final ServerSocket listening;
    private final AtomicReference<@Nullable Cut> next = new AtomicReference<>();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    CuttingProxy(SandboxDatabase behind) throws IOException {
        this.behind = behind;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** The database as its clients reach it through the proxy. */
    SandboxDatabase database() {
        return new SandboxDatabase(
                listening.getInetAddress().getHostAddress(),
                listening.getLocalPort(),
                behind.name(),
                behind.password());
    }

    void cutNext(Cut cut) {
        next.set(cut);
    }

    private void accept() {
        try {
            while (true) {
                var client = listening.accept();
                var server = new Socket(behind.host(), behind.port());
                sockets.add(client);
                sockets.add(server);
                Thread.ofVirtual().start(() -> forwardQuestions(client, server));
                Thread.ofVirtual().start(() -> forwardAnswers(server, client));
            }
        } catch (IOException closed) {
            // The end.
        }
    }

    private void forwardQuestions(Socket client, Socket server) {
        var said = new StringBuilder();
        try (server) {
            var buffer = new byte[BUFFER];
            int length;
            while ((length = client.getInputStream().read(buffer)) >= 0) {
                var bytes = Arrays.copyOf(buffer, length);
                said.append(new String(bytes, StandardCharsets.ISO_8859_1));
                boolean commits = said.indexOf(COMMIT) >= 0;
                Cut cut = commits ? cutOf(said) : null;
                if (cut != null) {
                    cut(cut, client, server, bytes);
                    return;
                }
                server.getOutputStream().write(bytes);
                if (commits) {
                    said.setLength(0);
                }
            }
        } catch (IOException ended) {
            // The other direction ends by this, too.
        }
    }

    private @Nullable Cut cutOf(StringBuilder said) {
        var cut = next.get();
        return cut != null && said.indexOf(cut.marker()) >= 0 && next.compareAndSet(cut, null) ? cut : null;
    }

    private static void cut(Cut cut, Socket client, Socket server, byte[] commit) throws IOException {
        client.close();
        cut.cut().complete(null);
        if (cut.forward().join()) {
            server.getOutputStream().write(commit);
            server.shutdownOutput();
            // Whatever comes goes nowhere; then the backend, whose client has said all, is gone.
            server.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
        cut.ended().complete(null);
    }

    private static void forwardAnswers(Socket server, Socket client) {
        try (client) {
            server.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException ended) {
            // The client is gone, and what the server says nobody hears.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (var socket : sockets) {
                socket.close();
            }
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }
}
