// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SearchPathsTest {
    @Test
    void aPathIsSplitAsTheServerSplitsIt() {
        assertThat(SearchPaths.schemas("\"$user\", public", "alice")).containsExactly("alice", "public");
        assertThat(SearchPaths.schemas("\"$user\", public", null)).containsExactly("$user", "public");
        assertThat(SearchPaths.schemas("App,\"Old App\" , \"a,b\",\"say \"\"x\"\"\", app", "alice"))
                .containsExactly("app", "Old App", "a,b", "say \"x\"");
        assertThat(SearchPaths.schemas("$user", "Bob")).containsExactly("Bob");
        assertThat(SearchPaths.schemas("\"\"", "alice")).isEmpty();
        assertThat(SearchPaths.schemas("", "alice")).isEmpty();
    }
}
