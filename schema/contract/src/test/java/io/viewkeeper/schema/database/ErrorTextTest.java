package io.viewkeeper.schema.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorTextTest {
    @Test
    void masksValuesThatDataExceptionsQuote() {
        assertThat(ErrorText.withoutValues("22P02", "invalid input syntax for type integer: \"SMITH, JANE\"", null))
                .isEqualTo("invalid input syntax for type integer: \"?\"");
        assertThat(ErrorText.withoutValues("22003", "value 123456789 is out of range", null))
                .isEqualTo("value ? is out of range");
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
