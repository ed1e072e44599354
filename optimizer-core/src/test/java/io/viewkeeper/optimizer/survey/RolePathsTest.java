package io.viewkeeper.optimizer.survey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RolePathsTest {
    @Test
    void aPathIsSplitAsTheServerSplitsIt() {
        assertThat(RolePaths.schemas("\"$user\", public", "alice")).containsExactly("alice", "public");
        assertThat(RolePaths.schemas("\"$user\", public", null)).containsExactly("$user", "public");
        assertThat(RolePaths.schemas("App,\"Old App\" , \"a,b\",\"say \"\"x\"\"\", app", "alice"))
                .containsExactly("app", "Old App", "a,b", "say \"x\"");
        assertThat(RolePaths.schemas("$user", "Bob")).containsExactly("Bob");
        assertThat(RolePaths.schemas("\"\"", "alice")).isEmpty();
        assertThat(RolePaths.schemas("", "alice")).isEmpty();
    }
}
