// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ScrapePageTest {
    @Test
    void everyLineThatIsNoCommentIsASeries() {
        var page = ScrapePage.of("""
                # HELP a_total things
                # TYPE a_total counter
                a_total{view="x {\\"y\\"} z",schema=""} 3.0
                a_total{view="w"} +Inf
                b 1.5E9 1700000000
                # EOF
                """);

        assertThat(page.series())
                .containsOnly(
                        Map.entry("a_total{view=\"x {\\\"y\\\"} z\",schema=\"\"}", 3.0),
                        Map.entry("a_total{view=\"w\"}", Double.POSITIVE_INFINITY),
                        Map.entry("b", 1.5E9));
        assertThat(page.named("a_total")).hasSize(2).containsKey("{view=\"w\"}");
        assertThat(page.named("b")).containsOnly(Map.entry("", 1.5E9));
        assertThat(page.named("a")).isEmpty();
    }
}
