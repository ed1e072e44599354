package io.viewkeeper.refresher.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.SqlState;
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
}
