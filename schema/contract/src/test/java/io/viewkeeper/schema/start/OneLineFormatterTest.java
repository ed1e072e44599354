// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.schema.log.OneLine;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneLineFormatterTest {
    private final OneLineFormatter formatter = new OneLineFormatter(new PatternFormatter("%p %c{1.} %s%e%n"));

    private static ExtLogRecord record(String format, Object... parameters) {
        var record = new ExtLogRecord(Level.WARN, format, FormatStyle.PRINTF, OneLineFormatterTest.class.getName());
        record.setLoggerName("io.viewkeeper.Outcome");
        record.setParameters(parameters);
        return record;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "\r",
                "\r\n",
                "\u0085",
                "\u2028",
                "\u2029",
                "\u000b",
                "\f",
                "\u001b[2K\r",
                "\u0000",
                "\u202e"
            })
    void noNameEndsOrRewritesALine(String trick) {
        String line = formatter.format(record("view=%s state=failed", "w.a" + trick + "ERROR i.v.Outcome view=b"));
        assertThat(line)
                .startsWith("WARN i.v.Outcome view=w.a\\u")
                .endsWith("view=b state=failed" + System.lineSeparator());
        assertThat(OneLine.isPlain(line.strip())).isTrue();
    }

    @Test
    void whatIsPlainStaysAsItIs() {
        assertThat(formatter.format(record("view=%s 100%% \\n", "w.🚀 \"Ärzte\"")))
                .isEqualTo("WARN i.v.Outcome view=w.🚀 \"Ärzte\" 100% \\n" + System.lineSeparator());
    }

    @Test
    void noLineOfAStackTraceCanBeTakenForAMessage() {
        var record = record("outbox=broken");
        record.setThrown(
                new IllegalStateException("of w.a\nERROR view=b", new IllegalArgumentException("x\rERROR view=c")));
        var lines = formatter.format(record).lines().toList();
        assertThat(lines.getFirst()).isEqualTo("WARN i.v.Outcome outbox=broken");
        assertThat(lines.subList(1, lines.size()))
                .hasSizeGreaterThan(3)
                .allMatch(line -> line.startsWith("\t"))
                .anyMatch(line -> line.contains("IllegalStateException: of w.a"))
                .anyMatch(line -> line.contains("OneLineFormatterTest.java"));
    }
}
