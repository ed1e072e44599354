// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ConnectionsTest {
    @Test
    void thePoolMustHaveOneForEachRefreshAndSixMore() {
        assertThat(Connections.require(10, 4)).isEqualTo(1);
        assertThat(Connections.require(10, 2)).isEqualTo(3);
        assertThatThrownBy(() -> Connections.require(10, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("quarkus.datasource.reactive.max-size=10 is too small for viewkeeper.refresh.parallelism=5:"
                        + " set it to 11 or more, one connection for each refresh and 6 for the rest");
    }
}
