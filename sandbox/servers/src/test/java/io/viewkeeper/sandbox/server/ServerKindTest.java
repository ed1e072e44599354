// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.testcontainers.DockerClientFactory;

/** Alone: it changes what the servers of all tests are made of. */
@Isolated
class ServerKindTest {

    private final String before = System.getProperty(ServerKind.PROPERTY, "");

    @AfterEach
    void restore() {
        System.setProperty(ServerKind.PROPERTY, before);
    }

    @Test
    void serversAreEmbeddedUnlessSaidOtherwise() {
        System.setProperty(ServerKind.PROPERTY, "");
        assertThat(ServerKind.chosen()).isEqualTo(ServerKind.EMBEDDED);

        System.setProperty(ServerKind.PROPERTY, "embedded");
        assertThat(ServerKind.chosen()).isEqualTo(ServerKind.EMBEDDED);
    }

    @Test
    void containersWithoutDockerAreRefusedWithWhatToDo() {
        assumeThat(DockerClientFactory.instance().isDockerAvailable()).isFalse();
        System.setProperty(ServerKind.PROPERTY, "containers");

        assertThatThrownBy(() -> PostgresServer.start(PostgresOptions.temporary()))
                .isInstanceOf(SandboxServerException.class)
                .hasMessageContaining("no Docker answers")
                .hasMessageContaining("leave the property out");
        assertThatThrownBy(() -> KafkaServer.start(KafkaOptions.temporary()))
                .isInstanceOf(SandboxServerException.class)
                .hasMessageContaining("no Docker answers");
    }

    @Test
    void whereNoServerMayBeStartedTheTagThatIsMissingIsNamed() {
        System.setProperty(ServerKind.PROPERTY, "none");

        assertThatThrownBy(() -> PostgresServer.start(PostgresOptions.temporary()))
                .isInstanceOf(SandboxServerException.class)
                .hasMessageContaining("@Tag(\"server\")");
    }

    @Test
    void anUnknownKindIsRefused() {
        System.setProperty(ServerKind.PROPERTY, "podman");

        assertThatThrownBy(ServerKind::chosen).hasMessageContaining("podman is neither embedded nor containers");
    }
}
