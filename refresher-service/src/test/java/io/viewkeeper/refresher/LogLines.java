// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/** What was logged while it was open, on every level that is enabled. */
public final class LogLines extends Handler implements AutoCloseable {
    private final Logger root = Logger.getLogger("");
    private final Formatter text = new PatternFormatter("%s%e");
    private final List<String> lines = new CopyOnWriteArrayList<>();

    public LogLines() {
        setLevel(Level.ALL);
        root.addHandler(this);
    }

    @Override
    public void publish(LogRecord record) {
        lines.add(record.getLevel() + " " + text.format(record));
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void flush() {
        // Nothing is buffered.
    }

    @Override
    public void close() {
        root.removeHandler(this);
    }
}
