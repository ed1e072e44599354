// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicsTest {
    @Test
    void aKeyNamesTheDatabase() {
        assertThat(Topics.key("eu", "claims", "analytics.daily")).isEqualTo("eu/claims/analytics.daily");
        assertThat(Topics.key("a/b", "50%", "\"a.b\".c/d")).isEqualTo("a%2Fb/50%25/\"a.b\".c/d");
    }

    /** Whatever the names, two views of two databases never have one key. */
    @Test
    void noTwoViewsShareAKey() {
        var names = List.of("a", "b", "a/b", "b/a", "%", "%2F", "/", "a%2Fb", "");
        var keys = new HashSet<String>();
        for (String cluster : names) {
            for (String database : names) {
                for (String view : names) {
                    keys.add(Topics.key(cluster, database, view));
                }
            }
        }
        assertThat(keys).hasSize(names.size() * names.size() * names.size());
    }
}
