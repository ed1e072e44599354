package io.viewkeeper.optimizer.statement;

import io.viewkeeper.optimizer.sql.StatementText;
import io.viewkeeper.optimizer.statement.Baselines.Baseline;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The slow statements of this database: those whose mean time and calls are above the thresholds, since the server began to
 * count or since the last look. Looking writes down what each did in between; no text of a statement is stored with a value.
 */
@Singleton
public class SlowStatements {
    /** Statements that are followed, in numbers of those that are reported: one that is not slow yet has a baseline. */
    private static final int FOLLOWED = 4;

    /** A window is not closed earlier, or a burst of looks would leave as many rows. */
    private static final Duration SHORTEST_WINDOW = Duration.ofMinutes(1);

    private static final String OWN_MARK = "/* viewkeeper:";

    private static final String SERVER_TIME = """
        /* viewkeeper:statements */
        select pg_catalog.clock_timestamp() as now
        """;

    private final Database database;
    private final Surveyor surveyor;
    private final Entries entries;
    private final StatementSettings settings;

    public SlowStatements(Database database, Surveyor surveyor, StatementSettings settings) {
        this.database = database;
        this.surveyor = surveyor;
        this.entries = new Entries(database);
        this.settings = settings;
    }

    /** Not for two at the same time. */
    public Sighting look() {
        Survey survey = surveyor.survey();
        if (survey.source().isEmpty()) {
            return new Sighting(survey, List.of(), 2);
        }
        var source = survey.source().get();
        Map<EntryKey, Counters> seen = entries.slowest(source, settings.meanTime(), FOLLOWED * settings.top());
        Map<EntryKey, String> texts = entries.texts(source, seen.keySet());
        List<Followed> followed = seen.isEmpty()
                ? List.of()
                : database.inTransaction(session -> follow(session, byStatement(seen, texts)));
        return new Sighting(survey, slow(followed), 9);
    }

    private List<SlowStatement> slow(List<Followed> followed) {
        return followed.stream()
                .filter(statement -> isSlow(statement.group.counted()) || isSlow(statement.window))
                .limit(settings.top())
                .map(Followed::asSlow)
                .toList();
    }

    private boolean isSlow(Counters counters) {
        return counters.calls() > settings.calls()
                && counters.meanMillis() > settings.meanTime().toNanos() / 1e6;
    }

    /** One statement has an entry for each user and each queryid. */
    private static Collection<Group> byStatement(Map<EntryKey, Counters> seen, Map<EntryKey, String> texts) {
        var groups = new LinkedHashMap<String, Group>();
        seen.forEach((key, counters) -> {
            String text = texts.get(key);
            if (text != null && !text.stripLeading().startsWith(OWN_MARK)) {
                var kind = StatementKind.of(text);
                // Of a text that is withheld nothing but the queryid tells one from another.
                var known = StatementText.of(kind == StatementKind.HIDDEN ? text + key.queryId() : text);
                groups.computeIfAbsent(known.id(), id -> new Group(known, text, kind, new LinkedHashMap<>()))
                        .entries
                        .put(key, counters);
            }
        });
        return groups.values();
    }

    private record Group(StatementText known, String text, StatementKind kind, Map<EntryKey, Counters> entries) {
        Counters counted() {
            return entries.values().stream().reduce(Counters::plus).orElseThrow();
        }

        List<Baselines.Entry> baselines() {
            return entries.entrySet().stream()
                    .map(entry -> new Baselines.Entry(entry.getKey(), known.id(), entry.getValue()))
                    .toList();
        }
    }

    /** @param since null when it is seen for the first time */
    private record Followed(
            Group group, Counters window, @Nullable Instant since, boolean closes) {
        SlowStatement asSlow() {
            var most = group.entries.keySet().iterator().next();
            return new SlowStatement(
                    group.known.id(),
                    group.known.redacted(),
                    group.text,
                    group.kind,
                    most.queryId(),
                    group.counted(),
                    window,
                    window.calls() == 0 ? null : Percentile.p95(window));
        }
    }

    private List<Followed> follow(Session session, Collection<Group> groups) {
        Instant now = session.queryOne(SERVER_TIME, row -> Instants.of(row, "now"));
        var keys = groups.stream()
                .flatMap(group -> group.entries.keySet().stream())
                .toList();
        Map<EntryKey, Baseline> baselines = Baselines.of(session, keys);
        var followed =
                groups.stream().map(group -> followed(group, baselines, now)).toList();
        StatementRows.seen(session, followed.stream().map(one -> row(one, now)).toList());
        var closing = followed.stream().filter(Followed::closes).toList();
        if (!closing.isEmpty()) {
            StatementRows.windows(
                    session, closing.stream().map(one -> row(one, now)).toList());
            var kept = new ArrayList<Baselines.Entry>();
            closing.forEach(one -> kept.addAll(one.group.baselines()));
            Baselines.keep(session, kept, now);
        }
        return followed;
    }

    private static Followed followed(Group group, Map<EntryKey, Baseline> baselines, Instant now) {
        Counters window = null;
        Instant since = null;
        for (var entry : group.entries.entrySet()) {
            Baseline before = baselines.get(entry.getKey());
            Counters part = before == null ? entry.getValue() : entry.getValue().since(before.counters());
            window = window == null ? part : window.plus(part);
            if (before != null && (since == null || before.seenAt().isBefore(since))) {
                since = before.seenAt();
            }
        }
        boolean closes = since == null || Duration.between(since, now).compareTo(SHORTEST_WINDOW) >= 0;
        return new Followed(group, window == null ? group.counted() : window, since, closes);
    }

    private StatementRows.Row row(Followed statement, Instant now) {
        return new StatementRows.Row(
                statement.group.known,
                statement.group.kind,
                isSlow(statement.group.counted()) || isSlow(statement.window),
                statement.since,
                now,
                statement.window);
    }
}
