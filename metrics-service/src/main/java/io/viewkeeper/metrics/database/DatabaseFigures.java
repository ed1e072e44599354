// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The figures of the window that others judge, with why they are unknown where they are. */
@Singleton
public class DatabaseFigures {
    private final Statements statements;
    private final Tables tables;
    private final StatisticsSettings settings;

    DatabaseFigures(Statements statements, Tables tables, StatisticsSettings settings) {
        this.statements = statements;
        this.tables = tables;
        this.settings = settings;
    }

    /**
     * A value, or why there is none.
     *
     * @param unknownBecause a sentence; null where there is a value
     */
    public record Figure(OptionalDouble value, @Nullable String unknownBecause) {
        private static Figure of(OptionalDouble value, String otherwise) {
            return new Figure(value, value.isPresent() ? null : otherwise);
        }

        private static Figure unknown(String because) {
            return new Figure(OptionalDouble.empty(), because);
        }
    }

    /** Milliseconds. */
    public Figure averageQueryMillis() {
        var figures = statements.figures();
        return Figure.of(figures.averageMillis(), statementsSay(figures, "No statement was counted" + within() + "."));
    }

    /** 0 to 1, of what others than Viewkeeper asked for. */
    public Figure bufferCacheHitRatio() {
        var figures = statements.figures();
        var blocks = figures.blocks();
        long asked = blocks.hit() + blocks.read();
        if (asked < settings.leastBlocks()) {
            return Figure.unknown(statementsSay(figures, tooFewBlocks(asked, within(), settings.leastBlocks())));
        }
        return Figure.of(blocks.hitRatio(), statementsSay(figures, "No block was asked for" + within() + "."));
    }

    private String statementsSay(StatementFigures figures, String otherwise) {
        return statements
                .obstacle()
                .map(reason -> "Unknown: " + reason + ".")
                .orElse(figures.equals(StatementFigures.UNKNOWN) ? notSampled() : otherwise);
    }

    /** 0 to 100, of the scans that others than Viewkeeper made. */
    public Figure indexUsagePercent() {
        var counted = tables.scans();
        if (counted.isEmpty()) {
            return Figure.unknown(notSampled());
        }
        var scans = counted.get();
        long certain = scans.sums().large().atLeast();
        if (certain < settings.leastScans()) {
            return Figure.unknown(tooFewScans(certain, within(), settings.leastScans()));
        }
        return Figure.of(
                scans.indexUsagePercent(),
                "Too many scans of larger tables may be those of refreshes, by parallel workers or failed ones, which"
                        + " the server does not tell apart.");
    }

    private String notSampled() {
        return "The database's counters were not read twice" + within() + ".";
    }

    private String within() {
        return within(settings.window());
    }

    static String within(Duration window) {
        long minutes = window.toMinutes();
        if (minutes < 1) {
            return " in the last " + window.toSeconds() + " seconds";
        }
        return minutes == 1 ? " in the last minute" : " in the last " + minutes + " minutes";
    }

    static String tooFewBlocks(long asked, String within, long least) {
        return "Statements of others asked for %s%s; the least to judge by is %d."
                .formatted(asked == 1 ? "1 block" : asked + " blocks", within, least);
    }

    static String tooFewScans(long certain, String within, long least) {
        return "Others than Viewkeeper's refreshes scanned larger tables %s for certain%s; the least to judge by is %d."
                .formatted(certain == 1 ? "once" : certain + " times", within, least);
    }
}
