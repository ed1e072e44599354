// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import io.viewkeeper.sandbox.launcher.workbench.EventWatch.Event;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.EventHeaders;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** No committed refresh without its event, not even when the refresher dies in between. */
@Tag("server")
@ResourceLock(Installation.SHARED)
class KilledRefresherIT {
    private static final String UNPUBLISHED = """
            select o.id, o.aggregateid, o.sequence
            from viewkeeper.event_outbox o
            where o.aggregatetype = 'refresh'
              and o.published_at is null
            order by o.position
            """;

    @Test
    void anEventOfARefresherKilledBetweenCommitAndPublishArrivesWithItsOutboxRowsId() throws Exception {
        var installation = Installation.shared();
        var kafka = installation.kafka();

        kafka.stop();
        Await.until(
                "refreshes are committed while Kafka is down",
                () -> unread(installation).size() >= 5);
        installation.service(ServiceKind.REFRESHER).process().kill();
        var waiting = unread(installation);
        assertThat(waiting).hasSizeGreaterThanOrEqualTo(5);

        kafka.restart();
        installation.startAgain(ServiceKind.REFRESHER);
        Await.until(
                () -> "every event of the outbox arrives: " + waiting,
                () -> ids(installation.watch().events()).containsAll(waiting.keySet()));
        for (var event : installation.watch().events()) {
            var expected = waiting.get(event.header(EventHeaders.ID));
            if (expected != null) {
                assertThat(event.header(EventHeaders.SUBJECT) + "/" + event.sequence())
                        .isEqualTo(expected);
            }
        }
        noViewHasAGapOrDisorder(installation);
    }

    /** An event may be seen twice; seen for the first time, it is the one after the last. */
    private static void noViewHasAGapOrDisorder(Installation installation) {
        var events = installation.watch().events();
        for (var view : Installation.VIEWS) {
            var bySequence = new LinkedHashMap<Long, String>();
            for (var event : Events.of(view, events)) {
                var id = event.header(EventHeaders.ID);
                var known = bySequence.putIfAbsent(event.sequence(), id);
                if (known == null) {
                    assertThat(event.sequence()).as(view + " in " + bySequence).isEqualTo(bySequence.size());
                } else {
                    assertThat(id).as("the id of a repeated event of " + view).isEqualTo(known);
                }
            }
            assertThat(bySequence).as(view.toString()).isNotEmpty();
        }
    }

    private static List<String> ids(List<Event> events) {
        return events.stream().map(event -> event.header(EventHeaders.ID)).toList();
    }

    /** Unpublished without those that arrived, and whose acknowledgement did not. */
    private static Map<String, String> unread(Installation installation) {
        var found = unpublished(installation);
        found.keySet().removeAll(Set.copyOf(ids(installation.watch().events())));
        return found;
    }

    /** View and sequence by id of the outbox row. */
    private static Map<String, String> unpublished(Installation installation) {
        try (var connection = installation.database().connect(Role.OWNER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(UNPUBLISHED)) {
            var found = new LinkedHashMap<String, String>();
            while (rows.next()) {
                found.put(rows.getString("id"), rows.getString("aggregateid") + "/" + rows.getLong("sequence"));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
