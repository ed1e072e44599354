// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ViewName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows of {@code viewkeeper.view_state} are written in one place and locked in one order. */
@Tag("server")
class LockOrderTest {
    private static final Pattern WRITES =
            Pattern.compile("(update|insert into|delete from) viewkeeper\\.view_state\\b");

    private final Workshop workshop = new Workshop();

    @Test
    void onlyThisPackageWritesThem() throws IOException {
        try (var sources = Files.walk(Path.of("src/main/java"))) {
            List<Path> writers = sources.filter(Files::isRegularFile)
                    .filter(LockOrderTest::writes)
                    .toList();
            assertThat(writers)
                    .isNotEmpty()
                    .allSatisfy(writer -> assertThat(writer.getParent()).endsWithRaw(Path.of("refresher/state")));
        }
    }

    private static boolean writes(Path source) {
        try {
            return WRITES.matcher(Files.readString(source)).find();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    /** By priority b comes first: it must not be locked while a, which comes before it by name, is waited for. */
    @Test
    void aClaimLocksByNameWhateverThePriorities() throws Exception {
        workshop.view("a", "select 1 as k").view("b", "select 1 as k");
        var settings = new Settings().group("low", "w.a").group("high", "w.b").with("groups.high.priority", "7");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            replica.advance(Duration.ofHours(2));
            locksNothingWhileItWaitsForA(() -> replica.begin());
            replica.end();
            assertThat(workshop.string("select count(*) from analytics.view_refresh_log"))
                    .isEqualTo("4");
        }
    }

    @Test
    void soDoesWhateverWritesSeveral() throws Exception {
        workshop.view("b", "select 1 as k").view("a", "select 1 as k");
        try (var replica = new Replica(workshop.database(), new Settings().group("g", "w.*"))) {
            replica.turn();
            var both = List.of(new ViewName("w", "b"), new ViewName("w", "a"));
            locksNothingWhileItWaitsForA(() -> replica.database()
                    .inTransaction(session -> StateRows.lock(session, both).size()));
            locksNothingWhileItWaitsForA(() -> replica.database().inTransaction(session -> {
                ViewStateAnnouncer.announce(session, both);
                return 0;
            }));
            workshop.asOwner("select viewkeeper.request_refresh('g')");
            locksNothingWhileItWaitsForA(() -> replica.begin());
            replica.end();
            workshop.asRefresher("drop materialized view w.b; drop materialized view w.a");
            locksNothingWhileItWaitsForA(() -> replica.begin());
        }
    }

    private void locksNothingWhileItWaitsForA(Runnable work) throws SQLException {
        try (Connection other = workshop.database().connect(Role.SUPERUSER)) {
            other.setAutoCommit(false);
            lock(other, "a");
            var working = CompletableFuture.runAsync(() -> work.run());
            workshop.awaitWaitForALock();
            lock(other, "b");
            other.commit();
            working.join();
        }
    }

    private static void lock(Connection connection, String view) throws SQLException {
        connection
                .createStatement()
                .execute("select from viewkeeper.view_state where view_name = '" + view + "' for update nowait");
    }

    /** The control: a row that somebody has locked is not to be had. */
    @Test
    void aLockedRowCannotBeLocked() throws Exception {
        workshop.view("a", "select 1 as k");
        try (var replica = new Replica(workshop.database(), new Settings().group("g", "w.*"));
                Connection one = workshop.database().connect(Role.SUPERUSER);
                Connection other = workshop.database().connect(Role.SUPERUSER)) {
            replica.turn();
            one.setAutoCommit(false);
            lock(one, "a");
            assertThatThrownBy(() -> lock(other, "a")).hasMessageContaining("could not obtain lock");
        }
    }
}
