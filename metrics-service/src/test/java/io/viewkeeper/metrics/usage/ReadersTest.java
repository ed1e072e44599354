// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.metrics.database.StatementActivity;
import io.viewkeeper.metrics.database.StatementActivity.Activity;
import io.viewkeeper.metrics.usage.Readers.Statement;
import io.viewkeeper.schema.catalog.SearchPaths;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.sql.RelationReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ReadersTest {
    private static final ViewName SALES = new ViewName("mart", "sales");
    private static final ReadableViews CATALOG =
            new ReadableViews(Map.of(SALES, Set.of(SALES)), Map.of(), new SearchPaths(Map.of(), List.of()), Map.of());
    private static final Statement READING = new Statement(10, 1);
    private static final Statement OTHER = new Statement(10, 2);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-28T00:00:00Z"));
    private final InstantSource time = now::get;
    private final Readers readers = new Readers(new Settings(), time.withZone(ZoneOffset.UTC));

    private record Settings() implements UsageSettings {
        @Override
        public Duration interval() {
            return Duration.ofSeconds(30);
        }

        @Override
        public Duration window() {
            return Duration.ofMinutes(5);
        }

        @Override
        public Duration unreadAfter() {
            return Duration.ofDays(1);
        }

        @Override
        public Duration textsPatience() {
            return Duration.ofSeconds(30);
        }
    }

    @Test
    void howLongNobodyReadAViewIsKnownOnlyForWhenStatementsWereCounted() {
        assertThat(readers.reads(List.of(SALES))).isEmpty();
        called();
        assertThat(readers.reads(List.of(SALES))).isEmpty();
        readers.learn(CATALOG);
        passes(Duration.ofHours(3));
        assertThat(notReadFor()).isZero();
        called();
        assertThat(notReadFor()).isEqualTo(Duration.ofHours(3));
        passes(Duration.ofDays(2));
        assertThat(notReadFor()).isEqualTo(Duration.ofHours(3));
    }

    @Test
    void aStatementWhoseTextIsNotKnownMayHaveReadAnyView() {
        readers.learn(CATALOG);
        called();
        passes(Duration.ofHours(1));
        called(READING);
        passes(Duration.ofHours(1));
        called(OTHER, READING);
        assertThat(notReadFor()).isEqualTo(Duration.ofHours(1));

        readers.learn(List.of(OTHER), Map.of(OTHER, Set.of()));
        assertThat(notReadFor()).isEqualTo(Duration.ofHours(1));
        readers.learn(List.of(READING), Map.of(READING, Set.of(new RelationReference("mart", "sales"))));
        assertThat(reads().calls()).isEqualTo(2);
        passes(Duration.ofHours(4));
        called();
        assertThat(notReadFor()).isEqualTo(Duration.ofHours(4));
    }

    private void called(Statement... statements) {
        readers.observe(new StatementActivity(List.of(statements).stream()
                .map(statement -> new Activity(statement.userId(), statement.queryId(), 1, 5))
                .toList()));
    }

    private void passes(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    private ViewReads reads() {
        return readers.reads(List.of(SALES)).getFirst();
    }

    private Duration notReadFor() {
        return reads().notReadFor();
    }
}
