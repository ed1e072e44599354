package io.viewkeeper.metrics.database;

import jakarta.inject.Singleton;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The figures of the last five minutes that others judge, with why they are unknown where they are. */
@Singleton
public class DatabaseFigures {
    private static final String WINDOW = " in the last five minutes";

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
        return Figure.of(
                statements.figures().averageMillis(), statementsSay("No statement was counted" + WINDOW + "."));
    }

    /** 0 to 1, of what others than Viewkeeper asked for. */
    public Figure bufferCacheHitRatio() {
        var blocks = statements.figures().blocks();
        if (blocks.hit() + blocks.read() < settings.leastBlocks()) {
            return Figure.unknown(
                    statementsSay("Statements of others asked for %d blocks%s, fewer than the %d that are judged."
                            .formatted(blocks.hit() + blocks.read(), WINDOW, settings.leastBlocks())));
        }
        return Figure.of(blocks.hitRatio(), statementsSay("No block was asked for" + WINDOW + "."));
    }

    private String statementsSay(String otherwise) {
        return statements.obstacle().map(reason -> "Unknown: " + reason + ".").orElse(otherwise);
    }

    /** 0 to 100, of the scans that others than Viewkeeper made. */
    public Figure indexUsagePercent() {
        var scans = tables.scans().orElse(Scans.NONE);
        long certain = scans.sums().large().atLeast();
        if (certain < settings.leastScans()) {
            return Figure.unknown(
                    "Others than Viewkeeper's refreshes scanned larger tables %d times for certain%s, fewer than the %d that are judged."
                            .formatted(certain, WINDOW, settings.leastScans()));
        }
        return Figure.of(
                scans.indexUsagePercent(),
                "Too many scans of larger tables may be those of refreshes, by parallel workers or failed ones, which"
                        + " the server does not tell apart.");
    }
}
