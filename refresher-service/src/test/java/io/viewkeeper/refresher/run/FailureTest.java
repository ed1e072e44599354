// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.SqlState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTest {
    /** As PostgreSQL 15 to 18 say it with lc_messages in German, French and Japanese. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unique_violation | 21000 | refresh_by_match_merge | neue Daten für materialisierte Sicht »v« enthalten doppelte Zeilen ohne Spalten mit NULL-Werten",
                "other | 21000 | ExecSetParamPlan | als Ausdruck verwendete Unteranfrage ergab mehr als eine Zeile",
                "not_concurrent_capable | 55000 | ExecRefreshMatView | kann materialisierte Sicht »v« nicht nebenläufig auffrischen",
                "not_concurrent_capable | 55000 | RefreshMatViewByOid | ne peut pas rafraîchir de manière concurrente la vue matérialisée « v »",
                "not_concurrent_capable | 0A000 | RefreshMatViewByOid | 実体化ビューにデータが投入されていない場合はCONCURRENTLYを使用することはできません",
                "other | 55000 | ExecOpenScanRelation | materialisierte Sicht »w« wurde noch nicht befüllt"
            })
    void categoriesDoNotDependOnTheLanguageOfTheServer(
            String category, String sqlState, String routine, String message) {
        var failure = new DatabaseException(new SqlState(sqlState), message, null, routine);
        assertThat(Failure.of(failure).category().wireName()).isEqualTo(category);
    }

    /** Whatever may go away with nobody mending the view never suspends it. */
    @ParameterizedTest
    @CsvSource({
        "55P03, true",
        "40P01, true",
        "40001, true",
        "57P01, true",
        "08001, true",
        "08006, true",
        "53100, true",
        "53300, true",
        "58030, true",
        "55006, true",
        "HV000, true",
        "HV00N, true",
        "42501, true",
        "25006, true",
        "53400, false",
        "57014, false",
        "22012, false",
        "22P02, false",
        "23505, false",
        "42P01, false",
        "42883, false",
        "P0001, false",
        "XX000, false"
    })
    void passesOrLasts(String sqlState, boolean passes) {
        var failure = new DatabaseException(new SqlState(sqlState), "some text", null, "some_routine");
        assertThat(Failure.passes(Failure.of(failure))).isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource({"22012", "22P02", "22008", "22003", "22021"})
    void whatTheDataDoIsNotOther(String sqlState) {
        var failure = new DatabaseException(new SqlState(sqlState), "some text", null, "some_routine");
        assertThat(Failure.of(failure).category().wireName()).isEqualTo("data_error");
    }

    @Test
    void aLostConnectionHasACode() {
        var error = Failure.of(new DatabaseException(SqlState.CONNECTION_FAILURE, "Connection reset"));
        assertThat(error.category().wireName()).isEqualTo("connection_lost");
        assertThat(error.sqlState()).isEqualTo("08006");
    }

    @Test
    void theFunctionIsNamed() {
        var failure = new DatabaseException(
                new SqlState("22012"), "division by zero", null, "int4div", "shop.share(integer)");
        assertThat(Failure.of(failure).message()).isEqualTo("division by zero; in the function shop.share(integer)");
    }

    /** Privileges have nothing to do with it, and it lasts: whoever waits for a grant waits for ever. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DefineRelation | kann tempor\u00e4re Tabelle nicht in einer sicherheitsbeschr\u00e4nkten Operation erzeugen",
                "CheckRestrictedOperation | ne peut pas ex\u00e9cuter DISCARD dans une op\u00e9ration restreinte",
                "set_config_with_handle | cannot set parameter \"role\" within security-restricted operation"
            })
    void whatARefreshMayNotDoIsNoMatterOfPrivileges(String routine, String message) {
        var error = Failure.of(new DatabaseException(new SqlState("42501"), message, null, routine, "shop.f()"));
        assertThat(error.category().wireName()).isEqualTo("other");
        assertThat(Failure.passes(error)).isFalse();
        assertThat(error.message()).contains("shop.f()").contains("no privilege helps");
        var denied =
                new DatabaseException(new SqlState("42501"), "permission denied for table t", null, "aclcheck_error");
        assertThat(Failure.of(denied).category().wireName()).isEqualTo("insufficient_privilege");
    }

    @Test
    void anInputWithoutDataPasses() {
        var failure = new DatabaseException(new SqlState("55000"), "some text", null, "ExecOpenScanRelation");
        assertThat(Failure.passes(Failure.of(failure))).isTrue();
    }
}
