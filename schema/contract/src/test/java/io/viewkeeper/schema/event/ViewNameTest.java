// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViewNameTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "sales|totals|sales.totals",
                "Odd Schema|größe|Odd Schema.größe",
                "a.b|c|\"a.b\".c",
                "a|b.c|a.\"b.c\"",
                "a|quo\"te|a.\"quo\"\"te\"",
                "\"|\"|\"\"\"\".\"\"\"\"",
                "a|tab\tline;--|a.tab\tline;--"
            })
    void itsTextCanBeReadBackWhateverItHolds(String schema, String name, String text) {
        var view = new ViewName(schema, name);
        assertThat(view).hasToString(text);
        assertThat(ViewName.parse(text)).contains(view);
        assertThat(ViewName.parse(view.quoted())).contains(view);
    }

    @Test
    void twoViewsNeverShareAKey() {
        assertThat(new ViewName("a.b", "c").toString()).isNotEqualTo(new ViewName("a", "b.c").toString());
    }

    @Test
    void whatIsLongerThanAnyNameIsNotTaken() {
        assertThat(ViewName.parse("a.\"" + "\"\"".repeat(100_000) + "\"")).isEmpty();
        var longest = new ViewName("\"".repeat(63), "\"".repeat(63));
        assertThat(ViewName.parse(longest.toString())).contains(longest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a", "a.", ".b", "a.b.c", "\"a.b", "a.\"b", "a.\"\"", "a.b\"", "\"a\"b.c", "a..b"})
    void whatIsNoNameIsNotTaken(String text) {
        assertThat(ViewName.parse(text)).isEmpty();
    }
}
