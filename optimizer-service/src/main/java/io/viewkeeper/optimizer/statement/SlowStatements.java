// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.statement;

import io.viewkeeper.optimizer.statement.Baselines.Baseline;
import io.viewkeeper.optimizer.survey.CountedStatement;
import io.viewkeeper.optimizer.survey.Survey;
import io.viewkeeper.optimizer.survey.Surveyor;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.statement.Counters;
import io.viewkeeper.schema.statement.EntryKey;
import io.viewkeeper.schema.statement.Notice;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The slow statements of this database: those whose mean time and calls are above the thresholds, since the server began to
 * count or since the last look, and those that take much of a day, however quick they are. Looking writes down what each did in
 * between, also of those that are not slow: when one becomes so, it is known what it was. No text is stored with a value.
 */
@Singleton
public class SlowStatements {
    /** Statements that are followed, in numbers of those that are reported: one that is not slow yet has a baseline. */
    private static final int FOLLOWED = 4;

    /** A window is not closed earlier, or a burst of looks would leave as many rows. */
    private static final Duration SHORTEST_WINDOW = Duration.ofMinutes(1);

    /** Of what is not slow. */
    private static final Duration QUIET_WINDOW = Duration.ofHours(1);

    private static final String SERVER_TIME = """
        /* viewkeeper:statements */
        select pg_catalog.clock_timestamp() as now
        """;

    private static final String LOADS = """
        /* viewkeeper:statements */
        select s.statement_id, load.*
        from viewkeeper.statement s
        """ + Load.OF_STATEMENT + """
        where s.statement_id = any ($1)
        """;

    private static final String COSTLY = """
        /* viewkeeper:statements */
        update viewkeeper.statement
        set slow = true
        where statement_id = any ($1)
        """;

    private final Database database;
    private final Surveyor surveyor;
    private final StatementSettings settings;

    public SlowStatements(Database database, Surveyor surveyor, StatementSettings settings) {
        this.database = database;
        this.surveyor = surveyor;
        this.settings = settings;
    }

    /** Not for two at the same time. */
    public Sighting look() {
        Survey survey = surveyor.survey();
        if (survey.source().isEmpty()) {
            return new Sighting(survey, List.of(), 2);
        }
        var source = survey.source().get();
        var statements = surveyor.statements(source, settings.meanTime(), FOLLOWED * settings.top());
        if (statements.all().isEmpty()) {
            return new Sighting(survey, List.of(), 3);
        }
        List<SlowStatement> slow = database.inTransaction(session -> {
            List<Followed> followed = follow(session, statements.all(), survey.statsReset());
            return slow(followed, loads(session, followed));
        });
        boolean complete = statements.complete() && slow.size() <= settings.top();
        return new Sighting(
                complete ? survey : survey.with(List.of(leftOut())),
                slow.stream().limit(settings.top()).toList(),
                14);
    }

    private Notice leftOut() {
        return new Notice(
                "statements-left-out",
                "more statements are slow or costly than the %d that are looked at, which take the most of a day: raise viewkeeper.optimizer.slow.top"
                        .formatted(settings.top()));
    }

    private Map<String, Load> loads(Session session, List<Followed> followed) {
        var loads = new HashMap<String, Load>();
        session.query(LOADS, row -> Map.entry(row.getString("statement_id"), Load.read(row)), (Object)
                        ids(followed.stream()))
                .forEach(entry -> loads.put(entry.getKey(), entry.getValue()));
        session.update(COSTLY, (Object) ids(followed.stream().filter(one -> isCostly(one, loads))));
        return loads;
    }

    private static String[] ids(Stream<Followed> followed) {
        return followed.map(one -> one.statement.id()).toArray(String[]::new);
    }

    private List<SlowStatement> slow(List<Followed> followed, Map<String, Load> loads) {
        return followed.stream()
                .filter(one -> isSlow(one) || isCostly(one, loads))
                .map(one -> one.asSlow(Objects.requireNonNull(loads.get(one.statement.id()))))
                .sorted(Comparator.comparingDouble(
                                (SlowStatement statement) -> statement.load().millisPerDay())
                        .reversed())
                .toList();
    }

    private boolean isCostly(Followed one, Map<String, Load> loads) {
        Load load = loads.get(one.statement.id());
        return load != null && load.share() >= settings.share();
    }

    private boolean isSlow(Followed one) {
        return isSlow(one.statement.counted()) || isSlow(one.window);
    }

    private boolean isSlow(Counters counters) {
        return counters.calls() > settings.calls() && counters.meanMillis() > millis(settings.meanTime());
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    /** @param since null when nobody knows since when its window's calls are counted */
    private record Followed(
            CountedStatement statement,
            Counters window,
            @Nullable Instant since,
            boolean closes) {
        SlowStatement asSlow(Load load) {
            return new SlowStatement(
                    statement.id(),
                    statement.known().redacted(),
                    statement.text(),
                    statement.kind(),
                    statement.queryId(),
                    statement.counted(),
                    window,
                    load,
                    statement.path());
        }
    }

    private List<Followed> follow(Session session, List<CountedStatement> statements, @Nullable Instant statsReset) {
        Instant now = session.queryOne(SERVER_TIME, row -> Instants.of(row, "now"));
        var keys = statements.stream()
                .flatMap(statement -> statement.entries().keySet().stream())
                .toList();
        Map<EntryKey, Baseline> baselines = Baselines.of(session, keys);
        var followed = statements.stream()
                .map(statement -> followed(statement, baselines, statsReset, now))
                .toList();
        StatementRows.seen(session, followed.stream().map(one -> row(one, now)).toList());
        var closing = followed.stream().filter(Followed::closes).toList();
        if (!closing.isEmpty()) {
            StatementRows.windows(
                    session, closing.stream().map(one -> row(one, now)).toList());
            var kept = new ArrayList<Baselines.Entry>();
            closing.forEach(one -> kept.addAll(baselines(one.statement)));
            Baselines.keep(session, kept, now);
        }
        return followed;
    }

    private static List<Baselines.Entry> baselines(CountedStatement statement) {
        return statement.entries().entrySet().stream()
                .map(entry -> new Baselines.Entry(entry.getKey(), statement.id(), entry.getValue()))
                .toList();
    }

    private Followed followed(
            CountedStatement statement, Map<EntryKey, Baseline> baselines, @Nullable Instant statsReset, Instant now) {
        Counters window = null;
        Instant seen = null;
        Instant began = null;
        for (var entry : statement.entries().entrySet()) {
            Baseline before = baselines.get(entry.getKey());
            Counters counters = entry.getValue();
            Counters part = before == null ? counters : counters.since(before.counters());
            window = window == null ? part : window.plus(part);
            seen = earlier(seen, before == null ? null : before.seenAt());
            began = earlier(began, or(counters.since(), statsReset));
        }
        Counters counted = window == null ? statement.counted() : window;
        return new Followed(
                statement, counted, or(seen, began), seen == null || isWhole(statement, counted, seen, now));
    }

    /** A window is closed when it is as long as what it holds is worth. */
    private boolean isWhole(CountedStatement statement, Counters window, Instant since, Instant now) {
        var length = Duration.between(since, now);
        boolean matters = isSlow(statement.counted())
                || isSlow(window)
                || window.totalMillis() >= settings.share() * length.toMillis();
        return length.compareTo(matters ? SHORTEST_WINDOW : QUIET_WINDOW) >= 0;
    }

    private static @Nullable Instant or(@Nullable Instant first, @Nullable Instant second) {
        return first == null ? second : first;
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return or(one, other);
        }
        return one.isBefore(other) ? one : other;
    }

    private StatementRows.Row row(Followed one, Instant now) {
        return new StatementRows.Row(
                one.statement.known(), one.statement.kind(), isSlow(one), one.since, now, one.window);
    }
}
