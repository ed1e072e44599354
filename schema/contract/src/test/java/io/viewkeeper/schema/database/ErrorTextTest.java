package io.viewkeeper.schema.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorTextTest {
    @Test
    void masksValuesThatDataExceptionsQuote() {
        assertThat(ErrorText.withoutValues("22P02", "invalid input syntax for type integer: \"SMITH, JANE\""))
                .isEqualTo("invalid input syntax for type integer: \"?\"");
        assertThat(ErrorText.withoutValues("22003", "value 123456789 is out of range"))
                .isEqualTo("value ? is out of range");
    }

    @Test
    void keepsIdentifiersThatOtherClassesQuote() {
        assertThat(ErrorText.withoutValues("42P01", "relation \"staging.claims\" does not exist"))
                .isEqualTo("relation \"staging.claims\" does not exist");
    }

    @Test
    void withholdsWhatFunctionsRaise() {
        assertThat(ErrorText.withoutValues("P0001", "patient SMITH has no payer"))
                .doesNotContain("SMITH");
    }

    @Test
    void keepsTheFirstLineOnly() {
        assertThat(ErrorText.withoutValues("XX000", "cache lookup failed\nDETAIL: row 7"))
                .isEqualTo("cache lookup failed");
    }
}
