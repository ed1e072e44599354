// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.start;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void aTakenPortEndsTheStart() throws IOException {
        int port;
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = taken.getLocalPort();
            assertThatThrownBy(() -> Ports.requireFree("quarkus.http.port", "127.0.0.1", port))
                    .isInstanceOf(ConfigurationException.class)
                    .hasNoCause()
                    .hasMessageContaining("quarkus.http.port=" + port)
                    .hasMessageNotContaining("Exception");
        }
        Ports.requireFree("quarkus.http.port", "127.0.0.1", port);
    }
}
