package io.viewkeeper.schema.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorTextTest {
    @Test
    void masksValuesThatDataExceptionsQuote() {
        assertThat(ErrorText.withoutValues(
                        "22P02", "invalid input syntax for type integer: \"SMITH, JANE\"", null, true))
                .isEqualTo("invalid input syntax for type integer: \"?\"");
        assertThat(ErrorText.withoutValues("22003", "value 123456789 is out of range", null, true))
                .isEqualTo("value ? is out of range");
    }

    /** The texts of 22P02, 22003 and 42601 in languages whose quotation marks differ. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "22P02 | ungültige Eingabesyntax für Typ integer: »SMITH, JANE«",
                "22P02 | syntaxe en entrée invalide pour le type integer : « SMITH, JANE »",
                "22003 | la valeur « SMITH » n'est pas valide",
                "22P02 | la sintaxis de entrada no es válida para tipo integer: «SMITH»",
                "22003 | 値“SMITH”は型integerの範囲外です",
                "42601 | Syntaxfehler bei »SMITH«",
                "42601 | \"SMITH\"またはその近辺で構文エラー"
            })
    void masksWhatOtherLanguagesQuote(String sqlState, String message) {
        assertThat(ErrorText.withoutValues(sqlState, message, null, true))
                .doesNotContain("SMITH")
                .contains("\"?\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SMITH\nJANE", "the \" of SMITH", "\" SMITH", "SMITH \"", "O'SMITH", "\"\"SMITH\"", "\nSMITH"})
    void masksAValueThatHoldsMarksAndLineEnds(String value) {
        assertThat(ErrorText.withoutValues(
                        "22P02", "invalid input syntax for type integer: \"" + value + "\"", null, true))
                .isEqualTo("invalid input syntax for type integer: \"?\"");
        assertThat(ErrorText.withoutValues(
                        "22003", "value \"" + value + "\" is out of range for type integer", null, true))
                .isEqualTo("value \"?\" is out of range for type integer");
    }

    @Test
    void anApostropheIsNoQuotationMark() {
        assertThat(ErrorText.withoutValues("22003", "l'entier n'est pas dans les limites", null, true))
                .isEqualTo("l'entier n'est pas dans les limites");
    }

    @Test
    void masksWhatSyntaxErrorsQuote() {
        assertThat(ErrorText.withoutValues("42601", "syntax error at or near \"'SMITH\nJANE'\"", null, true))
                .isEqualTo("syntax error at or near \"?\"");
    }

    @Test
    void keepsIdentifiersThatOtherClassesQuote() {
        assertThat(ErrorText.withoutValues("42P01", "relation \"staging.claims\" does not exist", null, true))
                .isEqualTo("relation \"staging.claims\" does not exist");
    }

    /** {@code select name::regclass from patient}: the parser would have said where. */
    @Test
    void masksIdentifiersThatAreValues() {
        assertThat(ErrorText.withoutValues("42P01", "relation \"SMITH\" does not exist", null, false))
                .isEqualTo("relation \"?\" does not exist");
        assertThat(ErrorText.withoutValues("3F000", "schema \"SMITH\" does not exist", null, false))
                .isEqualTo("schema \"?\" does not exist");
        assertThat(ErrorText.withoutValues(
                        "23505", "duplicate key value violates unique constraint \"k\"", null, false))
                .isEqualTo("duplicate key value violates unique constraint \"k\"");
    }

    @Test
    void withholdsWhatFunctionsRaise() {
        assertThat(ErrorText.withoutValues("P0001", "patient SMITH has no payer", null, true))
                .doesNotContain("SMITH");
    }

    @Test
    void keepsTheFirstLineOnly() {
        assertThat(ErrorText.withoutValues("XX000", "cache lookup failed\nDETAIL: row 7", null, true))
                .isEqualTo("cache lookup failed");
    }

    @Test
    void withholdsWhatFunctionsRaiseUnderAnotherSqlState() {
        assertThat(ErrorText.withoutValues("23514", "patient SMITH has no payer", "exec_stmt_raise", true))
                .doesNotContain("SMITH");
    }

    @Test
    void masksInClassesThatItDoesNotKnow() {
        assertThat(ErrorText.withoutValues("45000", "no payer for \"SMITH\" born 1980", null, true))
                .isEqualTo("no payer for \"?\" born ?");
    }
}
