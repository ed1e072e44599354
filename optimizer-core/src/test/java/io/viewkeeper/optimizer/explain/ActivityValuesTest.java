// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ActivityValuesTest {
    @Test
    void findsWhatStandsInTheParametersPlaces() {
        assertThat(
                        ActivityValues.aligned(
                                "select * from t where a = $1 and b > $2 and c is not distinct from $3 limit $4",
                                "SELECT * FROM t WHERE a = 'it''s' /* now */ AND b > -5 and c is not distinct from null LIMIT 10;"))
                .map(ActivityValues.Active::all)
                .hasValue(Arrays.asList("it's", "-5", null, "10"));
    }

    @Test
    void takesAllOfAListThatIsCutShort() {
        assertThat(ActivityValues.aligned(
                        "select * from t where a in ($1 /*, ... */) and b = $2 and c in ($3 /*, ... */)",
                        "select * from t where a in (1, 2, -3) and b = 'x' and c in ('y', null)"))
                .hasValueSatisfying(active -> {
                    assertThat(active.lengths()).isEqualTo(Map.of(1, 3, 3, 2));
                    assertThat(active.all()).isEqualTo(Arrays.asList("1", "x", "y", "2", "-3", null));
                });
    }

    @Test
    void doesNotGuessWhereTheTextsDiffer() {
        assertThat(ActivityValues.aligned("select * from t where a = $1", "select * from u where a = 1"))
                .isEmpty();
        assertThat(ActivityValues.aligned("select * from t where a = $1", "select * from t where a = $1"))
                .isEmpty();
        assertThat(ActivityValues.aligned(
                        "select * from t where a = $1 and b = $2", "select * from t where a = 1 and b"))
                .isEmpty();
    }
}
