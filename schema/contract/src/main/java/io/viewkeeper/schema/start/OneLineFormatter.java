// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.start;

import static java.util.stream.Collectors.joining;

import io.viewkeeper.schema.log.OneLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Handler;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.formatters.PatternFormatter;

/**
 * One line for each message, whatever names, errors and requests it holds. A stack trace follows in lines of its own, which begin
 * with a tab, so that none can be taken for a message.
 */
final class OneLineFormatter extends ExtFormatter {
    private final PatternFormatter pattern;

    OneLineFormatter(PatternFormatter pattern) {
        this.pattern = pattern;
    }

    /** For the handler, and those within it, where they write text; JSON escapes by itself. */
    static void install(Handler handler) {
        if (handler.getFormatter() instanceof PatternFormatter text) {
            handler.setFormatter(new OneLineFormatter(text));
        }
        if (handler instanceof ExtHandler outer) {
            for (Handler inner : outer.getHandlers()) {
                install(inner);
            }
        }
    }

    @Override
    public String format(ExtLogRecord told) {
        var record = new ExtLogRecord(told);
        record.setMessage(OneLine.of(pattern.formatMessage(told)), FormatStyle.NO_FORMAT);
        record.setThrown(null);
        String line = pattern.format(record);
        return told.getThrown() == null ? line : line + trace(told.getThrown());
    }

    @Override
    public boolean isCallerCalculationRequired() {
        return pattern.isCallerCalculationRequired();
    }

    private static String trace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString()
                .lines()
                .map(line -> "\t" + OneLine.of(line.strip()) + System.lineSeparator())
                .collect(joining());
    }
}
