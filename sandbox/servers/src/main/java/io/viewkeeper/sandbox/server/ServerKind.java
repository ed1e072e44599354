// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.util.Locale;
import org.testcontainers.DockerClientFactory;

/** What servers are made of, by the system property {@code viewkeeper.sandbox.servers}. */
enum ServerKind {
    /** Processes from binaries and jars on the class path; the default. */
    EMBEDDED,
    /** Containers, where Docker answers. */
    CONTAINERS;

    static final String PROPERTY = "viewkeeper.sandbox.servers";

    static ServerKind chosen() {
        var value = System.getProperty(PROPERTY, "");
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "", "embedded" -> EMBEDDED;
            case "containers" -> containersIfDockerAnswers();
            case "none" ->
                throw new SandboxServerException(
                        "No server is started here (-D%s=none). A test that needs one carries @Tag(\"server\")"
                                .formatted(PROPERTY));
            default ->
                throw new SandboxServerException(
                        "-D%s=%s is neither embedded nor containers".formatted(PROPERTY, value));
        };
    }

    private static ServerKind containersIfDockerAnswers() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new SandboxServerException(
                    "-D%s=containers was asked for, but no Docker answers: start Docker, or leave the property out to use embedded servers"
                            .formatted(PROPERTY));
        }
        return CONTAINERS;
    }
}
