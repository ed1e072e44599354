// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.usage;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.sqlclient.Row;
import io.viewkeeper.metrics.collector.Collecting;
import io.viewkeeper.metrics.collector.Statistics;
import io.viewkeeper.metrics.usage.Readers.Statement;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.sql.RelationReference;
import io.viewkeeper.schema.sql.StatementRelations;
import io.viewkeeper.schema.statement.StatementAccess;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the catalog, and the texts of statements that were not seen before: each text once. No text is kept. */
@ApplicationScoped
class UsageCollector {
    /** At once; the others follow with the next run. */
    private static final int BATCH = 5_000;

    /** Texts that are in memory at once. */
    private static final int PAGE = 100;

    private static final String NEXT_PAGE = "/* viewkeeper:usage */ fetch forward " + PAGE + " from viewkeeper_texts";

    /** After reading texts, a rest of so many times what that took: of megabytes of texts it takes seconds. */
    private static final int REST = 20;

    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final Database database;
    private final CatalogReader catalog;
    private final Readers readers;
    private final Collecting collecting;
    private final UnreadViews unread;
    private final UsageSettings settings;
    private final Clock clock;
    private Instant restsUntil = Instant.EPOCH;
    private @Nullable DatabaseException refused;

    UsageCollector(
            @Statistics Database database,
            CatalogReader catalog,
            Readers readers,
            Collecting collecting,
            UnreadViews unread,
            UsageSettings settings,
            Clock clock) {
        this.database = database;
        this.catalog = catalog;
        this.readers = readers;
        this.collecting = collecting;
        this.unread = unread;
        this.settings = settings;
        this.clock = clock;
    }

    @Scheduled(every = "${viewkeeper.metrics.usage.interval}", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void tick() {
        collecting.run("view_reads", this::run);
        unread.tell();
    }

    private void run() {
        readers.learn(catalog.read());
        var asked = readers.unknown(BATCH);
        var began = clock.instant();
        if (began.isBefore(restsUntil)) {
            if (refused != null) {
                // It has not succeeded since: nobody knows what the statements that wait have read.
                throw refused;
            }
            return;
        }
        if (asked.isEmpty()) {
            return;
        }
        try {
            learn(asked);
            refused = null;
        } catch (DatabaseException refusal) {
            refused = refusal;
            throw refusal;
        } finally {
            restsUntil = clock.instant()
                    .plus(Duration.between(began, clock.instant()).multipliedBy(REST));
        }
    }

    private void learn(List<Statement> asked) {
        String name = database.inSession(StatementAccess::of).name();
        if (name == null) {
            readers.learn(asked, Map.of());
            return;
        }
        var ids = asked.stream().map(Statement::queryId).distinct().toArray(Long[]::new);
        var found = new HashMap<Statement, Set<RelationReference>>();
        var withheld = new HashSet<Statement>();
        var patience = settings.textsPatience();
        database.inTransaction(session -> {
            session.command("/* viewkeeper:usage */ set local statement_timeout = " + patience.toMillis(), patience);
            var patient = session.within(patience.plus(MARGIN));
            patient.update(texts(name), (Object) ids);
            int read;
            do {
                var page = patient.query(NEXT_PAGE, UsageCollector::text);
                page.forEach(text -> {
                    if (text.references() == null) {
                        withheld.add(text.statement());
                    } else {
                        found.put(text.statement(), text.references());
                    }
                });
                read = page.size();
            } while (read == PAGE);
            return found;
        });
        readers.learn(
                asked.stream()
                        .filter(statement -> !withheld.contains(statement))
                        .toList(),
                found);
    }

    /** The server reads its whole file of texts for this, once, whatever is asked for; we take it page by page. */
    private static String texts(String name) {
        return """
            /* viewkeeper:usage */
            declare viewkeeper_texts no scroll cursor for
            select s.userid::bigint as userid, s.queryid, pg_catalog.left(s.query, 100000) as query
            from %s s
            join pg_catalog.pg_database d on d.oid = s.dbid and d.datname = pg_catalog.current_database()
            where s.queryid = any ($1::bigint[])
            """.formatted(name);
    }

    /** @param references null where the server has lost the text */
    private record Text(Statement statement, @Nullable Set<RelationReference> references) {}

    private static Text text(Row row) {
        String query = row.getString("query");
        return new Text(
                new Statement(row.getLong("userid"), row.getLong("queryid")),
                query == null ? null : StatementRelations.of(query).read());
    }
}
