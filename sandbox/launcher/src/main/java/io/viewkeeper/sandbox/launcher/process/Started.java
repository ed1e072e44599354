// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;

/**
 * What was started, to be stopped in reverse order, once. Ctrl-C may come while something starts: closing waits until it
 * has, so that nothing is left running.
 */
public final class Started implements AutoCloseable {
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private volatile boolean closed;

    /** Starts something and keeps it for {@link #close}. */
    public synchronized <T extends AutoCloseable> T start(Callable<T> starter) throws InterruptedException {
        if (closed) {
            throw new InterruptedException("stopping");
        }
        try {
            var started = starter.call();
            running.push(started);
            return started;
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new LauncherException(String.valueOf(e));
        }
    }

    /** Whether everything was stopped or is being stopped. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        stopAll();
    }

    private synchronized void stopAll() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                // The others must be stopped all the same.
                System.err.println("viewkeeper: while stopping: " + e);
            }
        }
    }
}
