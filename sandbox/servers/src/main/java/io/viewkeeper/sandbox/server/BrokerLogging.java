// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Writes the broker's warnings to standard error, which is its log file. The broker's JVM names this class in
 * {@code slf4j.provider}; it is not registered as a service, because a logging binding on the class path of this module
 * would compete with the one of every service that is tested with it.
 */
public final class BrokerLogging implements SLF4JServiceProvider {

    private static final String API_VERSION = "2.0.99";

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter contexts = new NOPMDCAdapter();

    @Override
    public ILoggerFactory getLoggerFactory() {
        return WarningsLogger::new;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return contexts;
    }

    @Override
    public String getRequestedApiVersion() {
        return API_VERSION;
    }

    @Override
    public void initialize() {}

    private static final class WarningsLogger extends LegacyAbstractLogger {

        WarningsLogger(String name) {
            this.name = name;
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return false;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }

        @Override
        protected String getFullyQualifiedCallerName() {
            return WarningsLogger.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String pattern,
                Object @Nullable [] arguments,
                @Nullable Throwable failure) {
            var time = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            var message = MessageFormatter.basicArrayFormat(pattern, arguments);
            synchronized (System.err) {
                System.err.printf("%s %s %s: %s%n", time, level, name, message);
                if (failure != null) {
                    failure.printStackTrace(System.err);
                }
            }
        }
    }
}
