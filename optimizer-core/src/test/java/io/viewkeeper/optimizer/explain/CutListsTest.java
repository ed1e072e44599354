// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CutListsTest {
    @Test
    void aListOfUnknownLengthIsTakenForTen() {
        var mended = CutLists.mended(
                StatementDraft.of(
                        "select * from t where a in ($1 /*, ... */) and b = $2 and c = any (array[$3 /*, ... */])"),
                Map.of());
        assertThat(mended.text())
                .isEqualTo(
                        "select * from t where a in ($1, $4, $5, $6, $7, $8, $9, $10, $11, $12 /*, ... */) and b = $2 and c = any (array[$3, $13, $14, $15, $16, $17, $18, $19, $20, $21 /*, ... */])");
        assertThat(mended.notes())
                .containsExactly(
                        "how long the list of $1 is, nobody knows: it is taken for 10 values",
                        "how long the list of $3 is, nobody knows: it is taken for 10 values");
    }

    @Test
    void aKnownLengthIsKept() {
        var mended = CutLists.mended(
                StatementDraft.of("select * from t where a in ($1 /*, ... */) and b in ($2 /*, ... */)"),
                Map.of(1, 3, 2, 1));
        assertThat(mended.text())
                .isEqualTo("select * from t where a in ($1, $3, $4 /*, ... */) and b in ($2 /*, ... */)");
        assertThat(mended.notes())
                .containsExactly(
                        "the list of $1 has the 3 values of a session", "the list of $2 has the 1 value of a session");
    }

    @Test
    void whatIsNotInAListIsTakenForOneAndWhatIsNoListStays() {
        var mended = CutLists.mended(StatementDraft.of("select 1 from t where a not in ($1 /*, ... */)"), Map.of());
        assertThat(mended.text()).isEqualTo("select 1 from t where a not in ($1 /*, ... */)");
        assertThat(mended.notes()).containsExactly("how long the list of $1 is, nobody knows: it is taken for 1 value");
        var whole = StatementDraft.of("select * from t where a in ($1, $2) and b = '/*, ... */'");
        assertThat(CutLists.mended(whole, Map.of())).isEqualTo(whole);
    }
}
