package io.viewkeeper.metrics.database;

import jakarta.inject.Singleton;
import java.util.OptionalDouble;

/** The figures of the last five minutes that others judge; empty where they are unknown. */
@Singleton
public class DatabaseFigures {
    private final Statements statements;
    private final Tables tables;
    private final Buffers buffers;

    DatabaseFigures(Statements statements, Tables tables, Buffers buffers) {
        this.statements = statements;
        this.tables = tables;
        this.buffers = buffers;
    }

    /** Milliseconds. */
    public OptionalDouble averageQueryMillis() {
        return statements.figures().averageMillis();
    }

    /** 0 to 1. */
    public OptionalDouble bufferCacheHitRatio() {
        return buffers.hitRatio();
    }

    /** 0 to 100. */
    public OptionalDouble indexUsagePercent() {
        var scans = tables.scans();
        return scans.isEmpty() ? OptionalDouble.empty() : scans.get().indexUsagePercent();
    }
}
