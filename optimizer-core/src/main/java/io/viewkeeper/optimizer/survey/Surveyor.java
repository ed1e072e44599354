// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.survey;

import io.vertx.sqlclient.Row;
import io.viewkeeper.optimizer.sql.StatementText;
import io.viewkeeper.schema.catalog.RolePath;
import io.viewkeeper.schema.catalog.SearchPaths;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.statement.Counters;
import io.viewkeeper.schema.statement.EntryKey;
import io.viewkeeper.schema.statement.Notice;
import io.viewkeeper.schema.statement.StatementAccess;
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
    private record Epoch(@Nullable Instant reset, long evictions, boolean recent) {}

    /** How our own statements begin. */
    private static final String OWN_MARK = "/* viewkeeper:";

    private final Database database;
    private final Entries entries;

    public Surveyor(Database database) {
        this.database = database;
        this.entries = new Entries(database);
    }

    /** @throws DatabaseException when the database does not answer at all */
    public Survey survey() {
        var access = database.inSession(StatementAccess::of);
        var notices = new ArrayList<Notice>();
        if (access.superuser()) {
            notices.add(new Notice(
                    "superuser",
                    "the optimizer is connected as " + access.role()
                            + ", a superuser: no statement is explained, for READ ONLY does not keep a superuser from everything;"
                            + " connect as viewkeeper_optimizer"));
        }
        String name = access.name();
        if (name == null) {
            notices.add(StatementAccess.NOT_INSTALLED);
            return new Survey(Optional.empty(), null, notices);
        }
        return of(access, name, notices);
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
                .filter(counters -> counters.extremes().max() >= millis)
                .count();
        Map<EntryKey, String> texts = entries.texts(source, seen.keySet());
        var paths = SearchPaths.of(
                        database, seen.keySet().stream().map(EntryKey::userId).toList())
                .byRole();
        var statements = new LinkedHashMap<String, CountedStatement>();
        seen.forEach((key, counters) -> {
            String text = texts.get(key);
            if (text == null || text.stripLeading().startsWith(OWN_MARK)) {
                return;
            }
            var kind = StatementKind.of(text);
            boolean plannable = kind == StatementKind.QUERY || kind == StatementKind.WRITE;
            if (plannable || counters.extremes().max() >= millis) {
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

    private Survey of(StatementAccess access, String name, List<Notice> notices) {
        Epoch info;
        try {
            // Beside it, in the same schema.
            info = database.queryOne("""
                    /* viewkeeper:survey */
                    select stats_reset, dealloc, stats_reset > pg_catalog.clock_timestamp() - interval '1 day' as recent
                    from %s()
                    """.formatted(name.replaceFirst("\"$", "_info\"")), Surveyor::info);
        } catch (DatabaseException refused) {
            notices.add(StatementAccess.refusal(refused)
                    .orElseGet(() ->
                            new Notice("unreadable", "pg_stat_statements cannot be read: " + refused.getMessage())));
            return new Survey(Optional.empty(), null, notices);
        }
        if (!access.seesAll()) {
            notices.add(access.seesOwnOnly());
        }
        if (access.settings().computeQueryId().equals("off")) {
            notices.add(new Notice(
                    "query-id-off",
                    "compute_query_id is off, so statements are not counted: set it to auto, and reload"));
        }
        if ("none".equals(access.settings().track())) {
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
                            + access.settings().maxEntries()));
        }
        return new Survey(Optional.of(new Survey.Source(name, access.tellsSince())), info.reset(), notices);
    }

    private static Epoch info(Row row) {
        return new Epoch(
                Instants.orNull(row, "stats_reset"),
                row.getLong("dealloc"),
                Boolean.TRUE.equals(row.getBoolean("recent")));
    }
}
