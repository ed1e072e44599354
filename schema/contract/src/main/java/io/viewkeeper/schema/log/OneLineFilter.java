package io.viewkeeper.schema.log;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

/**
 * Each message is one line, whatever it quotes: a name with line ends would otherwise write lines of its own. The services name
 * it in {@code quarkus.log.console.filter}.
 */
@LoggingFilter(name = "one-line")
public final class OneLineFilter implements Filter {
    private static final Formatter TEXT = new PatternFormatter("%s");

    /** Always; what it changes is the text. */
    @Override
    public boolean isLoggable(LogRecord record) {
        if (record instanceof ExtLogRecord own) {
            String message = TEXT.format(own);
            if (!message.codePoints().allMatch(OneLineFilter::isPlain)) {
                own.setMessage(escaped(message), ExtLogRecord.FormatStyle.NO_FORMAT);
            }
        }
        return true;
    }

    private static String escaped(String message) {
        var line = new StringBuilder();
        message.codePoints().forEach(c -> line.append(isPlain(c) ? Character.toString(c) : "\\u%04x".formatted(c)));
        return line.toString();
    }

    /** What neither ends a line nor moves a terminal's cursor, nor turns the direction of what follows. */
    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
