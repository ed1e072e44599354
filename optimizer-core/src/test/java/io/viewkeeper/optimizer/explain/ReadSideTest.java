// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

class ReadSideTest {
    @Test
    void readsWhatAnUpdateReads() {
        assertThat(of("update t as a set x = b.y + $1, z = default from b where b.id = a.id returning a.x"))
                .isEqualTo("select b.y + $1 from t as a, b where b.id = a.id");
    }

    @Test
    void readsWhatADeleteReads() {
        assertThat(of("delete from t using u where t.id = u.id")).isEqualTo("select 1 from t, u where t.id = u.id");
    }

    @Test
    void readsWhatAnInsertReads() {
        assertThat(of("insert into t (a, b) select x, y from u on conflict do nothing returning a"))
                .isEqualTo("select x, y from u");
    }

    @Test
    void readsWhatAMergeReads() {
        assertThat(
                        of(
                                "merge into t using s on t.id = s.id when matched then delete when not matched then insert values (1)"))
                .isEqualTo("select 1 from t right join s on t.id = s.id");
    }

    @Test
    void readsWhatACommonTableExpressionReturns() {
        assertThat(of("with gone as (delete from t where a = $1 returning b) select * from gone"))
                .isEqualTo("with gone as (select b from t where a = $1) select * from gone");
    }

    /** What changes more is no query that anybody waits for. */
    @Test
    void tenChangesAreReadAndNoMore() {
        String ten = "with " + String.join(", ", Collections.nCopies(9, "x as (delete from t returning b)"));
        assertThat(of(ten + " delete from u")).doesNotContain("delete");
        assertThat(ReadSide.of(StatementDraft.of(ten + ", y as (delete from t returning b) delete from u")))
                .isEmpty();
    }

    @Test
    void leavesWhatReadsAlone() {
        assertThat(ReadSide.of(StatementDraft.of("select 1"))).isEmpty();
    }

    private static String of(String text) {
        return ReadSide.of(StatementDraft.of(text)).orElseThrow().text();
    }
}
