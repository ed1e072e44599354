// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Texts that the database has no characters for. */
@Tag("server")
class OddTextsTest {
    @Test
    void whatTheEncodingLacksIsKeptAsQuestionMarks() {
        var shop = Shop.on(PostgresVersion.V18, 100);
        // Nothing in it but ASCII, which is the same in both.
        shop.execute(
                Role.SUPERUSER,
                "update pg_catalog.pg_database set encoding = pg_catalog.pg_char_to_encoding('LATIN1') where datname = pg_catalog.current_database()");
        assertThat(shop.<String>ask("select pg_catalog.getdatabaseencoding()", row -> row.getString(1)))
                .isEqualTo("LATIN1");
        var optimizer = Optimizer.of(shop.where(), "one", Duration.ofMinutes(10));
        var made = optimizer
                .analyst()
                .answer(new Analyst.Question(
                        "select 1 as \"\u03b1\u2026\"", List.of(), false, "\u0391\u03bd\u03bd\u03b1"));
        var kept = optimizer.analyses().find(made.analysisId()).orElseThrow();
        assertThat(made.text()).isEqualTo("select ? as \"\u03b1\u2026\"");
        assertThat(kept.text()).isEqualTo("select ? as \"??\"");
        assertThat(kept.requestedBy()).isEqualTo("????");
        // What it has a character for stays.
        var western =
                optimizer.analyst().answer(new Analyst.Question("select 1 as \"caf\u00e9\"", List.of(), false, "anna"));
        assertThat(optimizer.analyses().find(western.analysisId()).orElseThrow().text())
                .contains("caf\u00e9");
    }
}
