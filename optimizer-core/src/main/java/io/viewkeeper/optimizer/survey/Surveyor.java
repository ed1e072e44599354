package io.viewkeeper.optimizer.survey;

import io.vertx.sqlclient.Row;
import io.viewkeeper.optimizer.sql.StatementText;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out what the database lets us see, and says what is missing. Nothing that is missing is an error. */
public class Surveyor {
    private static final String SESSION = """
        /* viewkeeper:survey */
        select
          current_user::text as who,
          r.rolsuper as superuser,
          pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'usage') as sees_texts,
          (
            select n.nspname
            from pg_catalog.pg_extension e
            join pg_catalog.pg_namespace n on n.oid = e.extnamespace
            where e.extname = 'pg_stat_statements'
          ) as extension_schema,
          exists (
            select
            from pg_catalog.pg_extension e
            join pg_catalog.pg_proc p on p.pronamespace = e.extnamespace and p.proname = 'pg_stat_statements'
            where e.extname = 'pg_stat_statements'
              and 'stats_since' = any (p.proargnames)
          ) as tells_since,
          pg_catalog.current_setting('compute_query_id') as compute_query_id,
          pg_catalog.current_setting('pg_stat_statements.track', true) as track,
          pg_catalog.current_setting('pg_stat_statements.max', true) as max_entries
        from pg_catalog.pg_roles r
        where r.rolname = current_user
        """;

    private record Found(
            String who,
            boolean superuser,
            boolean seesTexts,
            @Nullable String extensionSchema,
            boolean tellsSince,
            String computeQueryId,
            @Nullable String track,
            @Nullable String maxEntries) {}

    private record StatisticsInfo(@Nullable Instant reset, long evictions, boolean recent) {}

    /** How our own statements begin. */
    private static final String OWN_MARK = "/* viewkeeper:";

    private final Database database;
    private final Entries entries;
    private final RolePaths rolePaths;

    public Surveyor(Database database) {
        this.database = database;
        this.entries = new Entries(database);
        this.rolePaths = new RolePaths(database);
    }

    /** @throws DatabaseException when the database does not answer at all */
    public Survey survey() {
        Found found = database.queryOne(SESSION, Surveyor::found);
        var notices = new ArrayList<Notice>();
        if (found.superuser()) {
            notices.add(new Notice(
                    "superuser",
                    "the optimizer is connected as " + found.who()
                            + ", a superuser: no statement is explained, for READ ONLY does not keep a superuser from everything;"
                            + " connect as viewkeeper_optimizer"));
        }
        if (found.extensionSchema() == null) {
            notices.add(new Notice(
                    "extension-missing",
                    "pg_stat_statements is not installed in this database, so no slow statement is known: put it into"
                            + " shared_preload_libraries, restart, and run create extension pg_stat_statements; plans that"
                            + " somebody brings are still analysed"));
            return new Survey(Optional.empty(), null, notices);
        }
        return of(found, found.extensionSchema(), notices);
    }

    /**
     * Those with the most total time first, without our own: of those with a call that took so long this many entries, and of the
     * others.
     *
     * @param slow utility statements whose calls were all quicker are left out
     */
    public CountedStatements statements(Survey.Source source, Duration slow, int most) {
        Map<EntryKey, Counters> seen = entries.slowest(source, slow, most);
        if (seen.isEmpty()) {
            return new CountedStatements(List.of(), true);
        }
        double millis = slow.toNanos() / 1e6;
        long slowOnce = seen.values().stream()
                .filter(counters -> counters.maxMillis() >= millis)
                .count();
        Map<EntryKey, String> texts = entries.texts(source, seen.keySet());
        Map<Long, RolePath> paths =
                rolePaths.of(seen.keySet().stream().map(EntryKey::userId).toList());
        var statements = new LinkedHashMap<String, CountedStatement>();
        seen.forEach((key, counters) -> {
            String text = texts.get(key);
            if (text == null || text.stripLeading().startsWith(OWN_MARK)) {
                return;
            }
            var kind = StatementKind.of(text);
            boolean plannable = kind == StatementKind.QUERY || kind == StatementKind.WRITE;
            if (plannable || counters.maxMillis() >= millis) {
                var entry = statement(key, text, kind, paths.get(key.userId()), counters);
                statements.merge(entry.id(), entry, CountedStatement::and);
            }
        });
        return new CountedStatements(List.copyOf(statements.values()), slowOnce <= most);
    }

    /** For roles with another search_path than the usual one, a text may mean other relations: it is another statement. */
    private static CountedStatement statement(
            EntryKey key, String text, StatementKind kind, @Nullable RolePath path, Counters counters) {
        // Of a text that is withheld nothing but the queryid tells one from another.
        var known = StatementText.of(kind == StatementKind.HIDDEN ? text + key.queryId() : text);
        var own = path == null || path.usual() ? known : known.readBy(path.schemas());
        return new CountedStatement(own, text, kind, path, Map.of(key, counters));
    }

    private Survey of(Found found, String schema, List<Notice> notices) {
        StatisticsInfo info;
        try {
            String function = new ViewName(schema, "pg_stat_statements_info").quoted();
            info = database.queryOne("""
                    /* viewkeeper:survey */
                    select stats_reset, dealloc, stats_reset > pg_catalog.clock_timestamp() - interval '1 day' as recent
                    from %s()
                    """.formatted(function), Surveyor::info);
        } catch (DatabaseException refused) {
            notices.add(unreadable(refused));
            return new Survey(Optional.empty(), null, notices);
        }
        if (!found.seesTexts()) {
            notices.add(new Notice(
                    "privilege-missing",
                    found.who()
                            + " may not read what others execute, so only its own statements are seen: grant pg_monitor (or"
                            + " pg_read_all_stats) to " + found.who()));
        }
        if (found.computeQueryId().equals("off")) {
            notices.add(new Notice(
                    "query-id-off",
                    "compute_query_id is off, so statements are not counted: set it to auto, and reload"));
        }
        if ("none".equals(found.track())) {
            notices.add(new Notice(
                    "track-none", "pg_stat_statements.track is none, so statements are not counted: set it to top"));
        }
        if (info.recent()) {
            notices.add(
                    new Notice(
                            "statistics-reset",
                            "pg_stat_statements counts since " + info.reset()
                                    + " only, for it was reset or is new: means and calls are of that time, history before it stays"));
        }
        if (info.evictions() > 0) {
            notices.add(new Notice(
                    "evictions",
                    "pg_stat_statements has thrown out entries "
                            + (info.evictions() == 1 ? "once" : info.evictions() + " times")
                            + ", so rare statements may be missing: raise pg_stat_statements.max, now "
                            + found.maxEntries()));
        }
        String function = new ViewName(schema, "pg_stat_statements").quoted();
        return new Survey(Optional.of(new Survey.Source(function, found.tellsSince())), info.reset(), notices);
    }

    private static Notice unreadable(DatabaseException refused) {
        return switch (refused.sqlState().code()) {
            case "55000" ->
                new Notice(
                        "not-preloaded",
                        "pg_stat_statements is installed but not loaded, so no slow statement is known: put it into"
                                + " shared_preload_libraries, and restart");
            case "42501" ->
                new Notice(
                        "privilege-missing",
                        "pg_stat_statements may not be read, so no slow statement is known: grant pg_monitor, usage on its schema"
                                + " and execute on its functions to the optimizer's role (" + refused.getMessage()
                                + ")");
            default -> new Notice("unreadable", "pg_stat_statements cannot be read: " + refused.getMessage());
        };
    }

    private static Found found(Row row) {
        return new Found(
                row.getString("who"),
                row.getBoolean("superuser"),
                row.getBoolean("sees_texts"),
                row.getString("extension_schema"),
                row.getBoolean("tells_since"),
                row.getString("compute_query_id"),
                row.getString("track"),
                row.getString("max_entries"));
    }

    private static StatisticsInfo info(Row row) {
        return new StatisticsInfo(
                Instants.orNull(row, "stats_reset"),
                row.getLong("dealloc"),
                Boolean.TRUE.equals(row.getBoolean("recent")));
    }
}
