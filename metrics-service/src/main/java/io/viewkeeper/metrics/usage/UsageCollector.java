package io.viewkeeper.metrics.usage;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.sqlclient.Row;
import io.viewkeeper.metrics.collector.Collecting;
import io.viewkeeper.metrics.collector.Statistics;
import io.viewkeeper.metrics.usage.Readers.Statement;
import io.viewkeeper.schema.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the catalog, and the texts of statements that were not seen before: each text once. No text is kept. */
@ApplicationScoped
class UsageCollector {
    private static final String EXTENSION = """
        /* viewkeeper:usage */
        select pg_catalog.quote_ident(n.nspname) as schema
        from pg_catalog.pg_extension e
        join pg_catalog.pg_namespace n on n.oid = e.extnamespace
        where e.extname = 'pg_stat_statements'
        """;

    /** At once, so that their texts fit in memory; the others follow with the next run. */
    private static final int BATCH = 2_000;

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
        if (asked.isEmpty() || began.isBefore(restsUntil)) {
            return;
        }
        try {
            readers.learn(asked, references(asked));
        } finally {
            restsUntil = clock.instant()
                    .plus(Duration.between(began, clock.instant()).multipliedBy(REST));
        }
    }

    private Map<Statement, Set<RelationReference>> references(List<Statement> asked) {
        var schema = database.queryFirst(EXTENSION, row -> row.getString("schema"));
        if (schema.isEmpty()) {
            return Map.of();
        }
        var ids = asked.stream().map(Statement::queryId).distinct().toArray(Long[]::new);
        var found = new HashMap<Statement, Set<RelationReference>>();
        var patience = settings.textsPatience();
        database.inTransaction(session -> {
                    session.command(
                            "/* viewkeeper:usage */ set local statement_timeout = " + patience.toMillis(), patience);
                    return session.within(patience.plus(MARGIN))
                            .query(texts(schema.get()), UsageCollector::text, (Object) ids);
                })
                .forEach(text -> found.put(text.statement(), text.references()));
        return found;
    }

    /** The server reads its whole file of texts for this, whatever is asked for. */
    private static String texts(String schema) {
        return """
            /* viewkeeper:usage */
            select s.userid::bigint as userid, s.queryid, pg_catalog.left(s.query, 100000) as query
            from %s.pg_stat_statements s
            join pg_catalog.pg_database d on d.oid = s.dbid and d.datname = pg_catalog.current_database()
            where s.queryid = any ($1)
            """.formatted(schema);
    }

    private record Text(Statement statement, Set<RelationReference> references) {}

    private static Text text(Row row) {
        return new Text(
                new Statement(row.getLong("userid"), row.getLong("queryid")), RelationsRead.of(row.getString("query")));
    }
}
