package io.viewkeeper.schema.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorTextTest {
    @Test
    void masksValuesThatDataExceptionsQuote() {
        assertThat(ErrorText.withoutValues("22P02", "invalid input syntax for type integer: \"SMITH, JANE\"", null))
                .isEqualTo("invalid input syntax for type integer: \"?\"");
        assertThat(ErrorText.withoutValues("22003", "value 123456789 is out of range", null))
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
        assertThat(ErrorText.withoutValues(sqlState, message, null))
                .doesNotContain("SMITH")
                .contains("\"?\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SMITH\nJANE", "the \" of SMITH", "\" SMITH", "SMITH \"", "O'SMITH", "\"\"SMITH\"", "\nSMITH"})
    void masksAValueThatHoldsMarksAndLineEnds(String value) {
        assertThat(ErrorText.withoutValues("22P02", "invalid input syntax for type integer: \"" + value + "\"", null))
                .isEqualTo("invalid input syntax for type integer: \"?\"");
        assertThat(ErrorText.withoutValues("22003", "value \"" + value + "\" is out of range for type integer", null))
                .isEqualTo("value \"?\" is out of range for type integer");
    }

    @Test
    void anApostropheIsNoQuotationMark() {
        assertThat(ErrorText.withoutValues("22003", "l'entier n'est pas dans les limites", null))
                .isEqualTo("l'entier n'est pas dans les limites");
    }

    @Test
    void masksWhatSyntaxErrorsQuote() {
        assertThat(ErrorText.withoutValues("42601", "syntax error at or near \"'SMITH\nJANE'\"", null))
                .isEqualTo("syntax error at or near \"?\"");
    }

    @Test
    void keepsIdentifiersThatOtherClassesQuote() {
        assertThat(ErrorText.withoutValues("42P01", "relation \"staging.claims\" does not exist", null))
                .isEqualTo("relation \"staging.claims\" does not exist");
    }

    @Test
    void withholdsWhatFunctionsRaise() {
        assertThat(ErrorText.withoutValues("P0001", "patient SMITH has no payer", null))
                .doesNotContain("SMITH");
    }

    @Test
    void keepsTheFirstLineOnly() {
        assertThat(ErrorText.withoutValues("XX000", "cache lookup failed\nDETAIL: row 7", null))
                .isEqualTo("cache lookup failed");
    }

    @Test
    void withholdsWhatFunctionsRaiseUnderAnotherSqlState() {
        assertThat(ErrorText.withoutValues("23514", "patient SMITH has no payer", "exec_stmt_raise"))
                .doesNotContain("SMITH");
    }

    @Test
    void masksInClassesThatItDoesNotKnow() {
        assertThat(ErrorText.withoutValues("45000", "no payer for \"SMITH\" born 1980", null))
                .isEqualTo("no payer for \"?\" born ?");
    }
}
