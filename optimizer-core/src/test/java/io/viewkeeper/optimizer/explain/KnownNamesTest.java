// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "select * from Shop.Nope | relation \"shop.nope\" does not exist | relation \"shop.nope\" does not exist",
                "select \"A b\" from t | column \"A b\" does not exist | column \"A b\" does not exist",
                "select nextval('nope') | relation \"nope\" does not exist | relation \"?\" does not exist",
                "select nextval('a.b') from a | relation \"a.b\" does not exist | relation \"?\" does not exist",
                "select '\"A\".b'::regclass | relation \"A.b\" does not exist | relation \"?\" does not exist",
                "select 'a\"b'::regclass | relation \"a\"b\" does not exist | relation \"?\" does not exist",
                "select E'a\\'b'::regclass | relation \"a'b\" does not exist | relation \"?\" does not exist",
                "select '=x(int,int)'::regoperator | operator does not exist: =x(int,int) | operator does not exist: ?",
                "select 'e' from t | column t.x does not exist | column t.x does not exist",
                "select c from t where x = 'u' | column \"c\" of relation \"u\" does not exist | column \"c\" of relation \"?\" does not exist",
                "select nope from t | Spalte \u00bbnope\u00ab existiert nicht | Spalte \u00bbnope\u00ab existiert nicht",
                "select 'nope'::regclass from t | la relation \u00ab nope \u00bb n'existe pas | la relation \"?\" n'existe pas"
            })
    void aMessageKeepsWhatTheStatementNamesAndNothingThatALiteralSays(String text, String message, String kept) {
        assertThat(KnownNames.in(text).keptIn(message)).isEqualTo(kept);
    }
}
