// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventValuesTest {
    @Test
    void quotesWhateverANameHolds() {
        assertThat(new ViewName("Sales", "a\"; drop table x; --").quoted())
                .isEqualTo("\"Sales\".\"a\"\"; drop table x; --\"");
    }

    @Test
    void refusesAnEmptyName() {
        assertThatThrownBy(() -> new ViewName("analytics", "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cutsLongMessagesBetweenCharacters() {
        var error = new RefreshError(ErrorCategory.OTHER, "XX000", "ä🙂".repeat(400), false);
        assertThat(error.message().getBytes(StandardCharsets.UTF_8).length)
                .isBetween(RefreshError.MAX_MESSAGE_BYTES - 6, RefreshError.MAX_MESSAGE_BYTES);
        assertThat(error.message()).endsWith("...").doesNotContain("\uFFFD");
    }

    @Test
    void aCategoryThatANewerVersionAddedReadsAsOther() {
        assertThat(ErrorCategory.of("lock_timeout")).isEqualTo(ErrorCategory.LOCK_TIMEOUT);
        assertThat(ErrorCategory.of("meteorite")).isEqualTo(ErrorCategory.OTHER);
    }
}
