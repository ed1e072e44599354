// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.schema.database.ErrorText.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorTextTest {
    private static String withoutValues(String sqlState, String message, @Nullable String routine, boolean placed) {
        return told(sqlState, message, routine, placed ? Place.STATEMENT : Place.UNKNOWN, null);
    }

    private static String told(
            String sqlState, String message, @Nullable String routine, Place place, @Nullable String context) {
        return ErrorText.withoutValues(new ErrorText.Told(sqlState, message, routine, place, context));
    }

    @Test
    void masksValuesThatDataExceptionsQuote() {
        assertThat(withoutValues("22P02", "invalid input syntax for type integer: \"SMITH, JANE\"", null, true))
                .isEqualTo("invalid input syntax for type integer: \"?\"");
        assertThat(withoutValues("22003", "value 123456789 is out of range", null, true))
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
        assertThat(withoutValues(sqlState, message, null, true))
                .doesNotContain("SMITH")
                .contains("\"?\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SMITH\nJANE", "the \" of SMITH", "\" SMITH", "SMITH \"", "O'SMITH", "\"\"SMITH\"", "\nSMITH"})
    void masksAValueThatHoldsMarksAndLineEnds(String value) {
        assertThat(withoutValues("22P02", "invalid input syntax for type integer: \"" + value + "\"", null, true))
                .isEqualTo("invalid input syntax for type integer: \"?\"");
        assertThat(withoutValues("22003", "value \"" + value + "\" is out of range for type integer", null, true))
                .isEqualTo("value \"?\" is out of range for type integer");
    }

    @Test
    void anApostropheIsNoQuotationMark() {
        assertThat(withoutValues("22003", "l'entier n'est pas dans les limites", null, true))
                .isEqualTo("l'entier n'est pas dans les limites");
    }

    @Test
    void masksWhatSyntaxErrorsQuote() {
        assertThat(withoutValues("42601", "syntax error at or near \"'SMITH\nJANE'\"", null, true))
                .isEqualTo("syntax error at or near \"?\"");
    }

    @Test
    void keepsIdentifiersThatOtherClassesQuote() {
        assertThat(withoutValues("42P01", "relation \"staging.claims\" does not exist", null, true))
                .isEqualTo("relation \"staging.claims\" does not exist");
    }

    /** {@code select name::regclass from patient}: the parser would have said where. */
    @Test
    void masksIdentifiersThatAreValues() {
        assertThat(withoutValues("42P01", "relation \"SMITH\" does not exist", null, false))
                .isEqualTo("relation \"?\" does not exist");
        assertThat(withoutValues("3F000", "schema \"SMITH\" does not exist", null, false))
                .isEqualTo("schema \"?\" does not exist");
        assertThat(withoutValues("23505", "duplicate key value violates unique constraint \"k\"", null, false))
                .isEqualTo("duplicate key value violates unique constraint \"k\"");
    }

    @Test
    void withholdsWhatFunctionsRaise() {
        assertThat(withoutValues("P0001", "patient SMITH has no payer", null, true))
                .doesNotContain("SMITH");
    }

    @Test
    void keepsTheFirstLineOnly() {
        assertThat(withoutValues("XX000", "cache lookup failed\nDETAIL: row 7", null, true))
                .isEqualTo("cache lookup failed");
    }

    @Test
    void withholdsWhatFunctionsRaiseUnderAnotherSqlState() {
        assertThat(withoutValues("23514", "patient SMITH has no payer", "exec_stmt_raise", true))
                .doesNotContain("SMITH");
    }

    @Test
    void masksInClassesThatItDoesNotKnow() {
        assertThat(withoutValues("45000", "no payer for \"SMITH\" born 1980", null, true))
                .isEqualTo("no payer for \"?\" born ?");
    }

    /** In each of these a name may be a value, and the server may say it without quotation marks. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PL/pgSQL function shop.f(text) line 1 at EXECUTE",
                "PL/pgSQL function shop.f(text) line 1 at FOR over EXECUTE statement",
                "PL/pgSQL function shop.f(text) line 1 at RETURN QUERY",
                "PL/pgSQL function shop.f(text) line 1 at OPEN",
                "PL/pgSQL-Funktion shop.f(text) Zeile 1 bei EXECUTE",
                "PL/pgSQL-Funktion shop.f(text) Zeile 1 bei FOR \u00fcber EXECUTE-Anweisung",
                "SQL function \"g\" statement 1\\nSQL statement \"select g()\"\\nPL/pgSQL function f() line 1 at EXECUTE",
                "PL/pgSQL function f() line 1 at EXECUTE\\nPL/pgSQL function outer() line 2 at SQL statement\\nparallel worker",
                "PL/Python function \"f\"",
                "PL/Perl function \"f\"",
                "while executing query on unnamed dblink connection",
                "remote SQL command: SELECT a FROM public.t",
                "SQL statement \"select smith\""
            })
    void ofDynamicSqlOnlyTheConditionIsSaid(String context) {
        String routine = context.contains("dblink")
                ? "dblink_res_error"
                : context.startsWith("remote") ? "pgfdw_report_error" : null;
        for (String message : List.of(
                "relation \"tab_SMITH\" does not exist",
                "column SMITH.x does not exist",
                "permission denied for table SMITH")) {
            for (Place place : List.of(Place.WITHIN, Place.UNKNOWN)) {
                assertThat(told("42703", message, routine, place, context.replace("\\n", "\n")))
                        .startsWith("undefined_column;")
                        .doesNotContain("SMITH");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PL/pgSQL function shop.f(text) line 1 at SQL statement",
                "PL/pgSQL function shop.f(text) line 1 at FOR over SELECT rows\\nparallel worker",
                "SQL function \"f\" during startup",
                "SQL function \"g\" during inlining\\nPL/pgSQL function shop.f(text) line 1 at RETURN"
            })
    void theTextOfAFunctionNamesWhatItsAuthorNames(String context) {
        String told = told(
                "42P01", "relation \"shop.orders\" does not exist", null, Place.WITHIN, context.replace("\\n", "\n"));
        assertThat(told).isEqualTo("relation \"shop.orders\" does not exist");
    }

    @Test
    void dynamicSqlKeepsWhatNamesNothing() {
        String context = "PL/pgSQL function f() line 1 at EXECUTE";
        assertThat(told("57014", "canceling statement due to statement timeout", null, Place.UNKNOWN, context))
                .isEqualTo("canceling statement due to statement timeout");
        assertThat(told("55P03", "could not obtain lock on relation \"SMITH\"", null, Place.UNKNOWN, context))
                .isEqualTo("could not obtain lock on relation \"?\"");
        String restricted = "cannot set parameter \"role\" within security-restricted operation";
        assertThat(told("42501", restricted, null, Place.UNKNOWN, context))
                .contains("within security-restricted operation");
        assertThat(told("42501", restricted + " SMITH", null, Place.UNKNOWN, context))
                .doesNotContain("SMITH");
    }

    /** What core functions say of the names that they are given, with marks or without. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "42883 | operator does not exist: SMITH | regoperin",
                "42501 | permission denied for sequence SMITH | nextval_internal",
                "55000 | currval of sequence \"SMITH\" is not yet defined in this session | currval_oid",
                "58P01 | could not open file \"/data/SMITH\" for reading: No such file or directory | read_binary_file",
                "3D000 | database \"SMITH\" does not exist | get_database_oid",
                "0A000 | unit \"SMITH\" not supported for type timestamp with time zone | timestamptz_trunc_internal",
                "42704 | role \"SMITH\" does not exist | get_role_oid"
            })
    void masksNamesThatCoreFunctionsAreGiven(String sqlState, String message, String routine) {
        assertThat(told(sqlState, message, routine, Place.UNKNOWN, null)).doesNotContain("SMITH");
    }

    @Test
    void namesThatNobodyGaveAreKept() {
        for (String message :
                List.of("permission denied for table orders_2025", "must be owner of materialized view sales")) {
            assertThat(told("42501", message, "aclcheck_error", Place.UNKNOWN, null))
                    .isEqualTo(message);
        }
        assertThat(told("3D000", "database \"shop\" does not exist", "InitPostgres", Place.UNKNOWN, null))
                .isEqualTo("database \"shop\" does not exist");
        String temporary = "SQL statement \"CREATE TEMP TABLE pg_temp_3.pg_temp_1_2 AS SELECT\"";
        String denied = "permission denied to create temporary tables in database \"shop\"";
        assertThat(told("42501", denied, "InitTempTableNamespace", Place.UNKNOWN, temporary))
                .isEqualTo("permission denied to create temporary tables in database \"?\"");
    }

    @Test
    void largeObjectsAreNumbers() {
        assertThat(told("42704", "large object 4711 does not exist", "inv_open", Place.UNKNOWN, null))
                .isEqualTo("large object ? does not exist");
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
