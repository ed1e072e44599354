// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.LogLines;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Tag("server")
@Isolated("what others log is no answer of this one")
class EmptyGroupsTest {
    @Test
    void aGroupThatNoViewBelongsToIsSaidOnceEachTimeThatItBecomesSo() {
        var workshop = new Workshop().view("v", "select 1 as k");
        var settings = new Settings().group("full", "w.v*").group("misspelled", "W.*");
        try (var replica = new Replica(workshop.database(), settings);
                var log = new LogLines()) {
            replica.turn();
            replica.turn();
            assertThat(empty(log)).containsExactly("misspelled");
            workshop.asRefresher("drop materialized view w.v");
            replica.turn();
            replica.turn();
            assertThat(empty(log)).containsExactly("misspelled", "full");
        }
    }

    @Test
    void settingsOfAViewThatDoesNotExistAreSaidOnceEachTimeThatItIsGone() {
        var workshop = new Workshop().view("v", "select 1 as k");
        var settings = new Settings()
                .group("g", "w.*")
                .with("views.\"w.v\".priority", "1")
                .with("views.\"w.misspelled\".priority", "1");
        try (var replica = new Replica(workshop.database(), settings);
                var log = new LogLines()) {
            replica.turn();
            replica.turn();
            assertThat(unknown(log)).containsExactly("w.misspelled");
            workshop.asRefresher("drop materialized view w.v");
            replica.turn();
            replica.turn();
            assertThat(unknown(log)).containsExactly("w.misspelled", "w.v");
        }
    }

    private static List<String> unknown(LogLines log) {
        return log.lines().stream()
                .filter(line -> line.contains("state=unknown"))
                .map(line -> line.replaceAll(".*view=(\\S+) .*", "$1"))
                .toList();
    }

    private static List<String> empty(LogLines log) {
        return log.lines().stream()
                .filter(line -> line.contains("state=empty"))
                .map(line -> line.replaceAll(".*group=(\\w+) .*", "$1"))
                .toList();
    }
}
