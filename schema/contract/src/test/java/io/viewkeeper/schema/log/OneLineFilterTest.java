package io.viewkeeper.schema.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

class OneLineFilterTest {
    private static final String FORGED = "a\n2026-11-28T03:00:00Z ERROR view=report\r\u001b[2K\u0085\u2028\u202e";

    @Test
    void aNameWithLineEndsWritesNoLineOfItsOwn() {
        assertThat(filtered("view=%s state=due", FORGED))
                .isEqualTo("view=a\\u000a2026-11-28T03:00:00Z ERROR view=report\\u000d\\u001b[2K\\u0085\\u2028\\u202e"
                        + " state=due");
        assertThat(filtered(FORGED.replace("%", "%%"))).doesNotContain("\n");
    }

    @Test
    void whatIsOneLineStaysAsItIs() {
        assertThat(filtered("view=%s 100 %%", "reports.\"\u0645 \ud83d\ude80 \u5e97\""))
                .isEqualTo("view=reports.\"\u0645 \ud83d\ude80 \u5e97\" 100 %");
    }

    private static String filtered(String format, Object... parameters) {
        var record = new ExtLogRecord(Level.INFO, format, ExtLogRecord.FormatStyle.PRINTF, "test");
        record.setParameters(parameters);
        assertThat(new OneLineFilter().isLoggable(record)).isTrue();
        return new PatternFormatter("%s").format(record);
    }
}
