package io.viewkeeper.schema.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PL/pgSQL function shop.total(integer,text) line 3 at RAISE | shop.total(integer,text)",
                "PL/pgSQL function \"My Shop\".\"Total (net)\"() line 3 at assignment | \"My Shop\".\"Total (net)\"()",
                "PL/pgSQL function f(timestamp with time zone) while casting return value to function's return type | f(timestamp with time zone)",
                "PL/pgSQL-Funktion shop.total(integer) Zeile 3 bei RAISE | shop.total(integer)",
                "fonction PL/pgSQL shop.total(integer), ligne 3, \u00e0 RAISE | shop.total(integer)",
                "SQL function \"net\" statement 1 | net",
                "PL/Python function \"net\" | net",
                "SQL statement \"select 'PL/pgSQL function smith(1)'\" | ",
                "PL/pgSQL assignment \"x := \"\"(smith)\" | ",
                "COPY claims, line 7, column name: \"SMITH\" | ",
                "SQL expression \"f('SMITH')\" | "
            })
    void namesTheFunctionAndNothingElseOfTheContext(String context, @Nullable String function) {
        assertThat(ErrorText.innermostFunction(context)).isEqualTo(function);
        String within =
                "SQL expression \"smith('SMITH')\"\n" + context + "\nPL/pgSQL function outermost() line 1 at RETURN";
        assertThat(ErrorText.innermostFunction(within)).isEqualTo(function == null ? "outermost()" : function);
    }

    @Test
    void withoutAContextThereIsNoFunction() {
        assertThat(ErrorText.innermostFunction(null)).isNull();
    }
}
