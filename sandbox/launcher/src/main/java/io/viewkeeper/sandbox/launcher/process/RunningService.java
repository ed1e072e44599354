// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import io.viewkeeper.sandbox.server.FreePort;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One packaged service as a process of its own, on free ports of loopback. */
public final class RunningService implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofMinutes(5);

    private final ServiceKind kind;
    private final ChildProcess process;
    private final int port;
    private final int managementPort;

    private RunningService(ServiceKind kind, ChildProcess process, int port, int managementPort) {
        this.kind = kind;
        this.process = process;
        this.port = port;
        this.managementPort = managementPort;
    }

    /** Starts the service; it is of use once {@link #awaitReady} has returned. */
    public static RunningService start(ServiceKind kind, Surroundings surroundings, Map<String, String> settings) {
        int port = FreePort.choose();
        int managementPort = FreePort.choose();
        var all = new HashMap<>(surroundings.settingsOf(kind));
        all.put("quarkus.http.port", Integer.toString(port));
        all.put("quarkus.management.port", Integer.toString(managementPort));
        all.putAll(settings);
        var process = ChildProcess.start(
                kind.module(),
                withOptions(surroundings.packaging().command(surroundings.root().resolve(kind.module())), all),
                surroundings.secretsOf(kind),
                surroundings.logs().resolve(kind.module() + ".log"));
        return new RunningService(kind, process, port, managementPort);
    }

    /** Options of the JVM stand right after its name; an executable takes them anywhere. */
    public static List<String> withOptions(List<String> command, Map<String, String> settings) {
        var words = new ArrayList<String>();
        words.add(command.getFirst());
        settings.forEach((name, value) -> words.add("-D" + name + "=" + value));
        words.addAll(command.subList(1, command.size()));
        return words;
    }

    /** Returns when the service says that it is ready for work. */
    public void awaitReady() throws InterruptedException {
        var answer = new Poll(READY_LIMIT).until(() -> {
            if (!process.isAlive()) {
                throw new LauncherException(process.obituary());
            }
            return Http.status(URI.create(managementUrl() + "/q/health/ready")) == Http.OK;
        });
        if (!answer) {
            throw new LauncherException(
                    "%s is not ready after %d s; %s/q/health/ready says:%n%s%nthe end of its log:%n%s"
                            .formatted(
                                    kind.module(),
                                    READY_LIMIT.toSeconds(),
                                    managementUrl(),
                                    Http.text(URI.create(managementUrl() + "/q/health/ready")),
                                    process.endOfLog()));
        }
    }

    public ServiceKind kind() {
        return kind;
    }

    public ChildProcess process() {
        return process;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public String managementUrl() {
        return "http://127.0.0.1:" + managementPort;
    }

    @Override
    public void close() {
        process.close();
    }
}
