package io.viewkeeper.refresher.retention;

import io.viewkeeper.refresher.retention.Retention.Rule;
import java.time.Duration;
import java.util.List;

/** The optimizer's tables: what it saw of statements, and what it concluded. */
final class AnalysisRules {
    // The newest stays, for a statement that is seen every day and changes never; its findings go with it.
    private static final String ANALYSES = """
        /* viewkeeper:retention */
        delete from viewkeeper.query_analysis
        where analysis_id in (
          select a.analysis_id
          from viewkeeper.query_analysis a
          where a.analyzed_at < $1
            and not exists (
              select
              from viewkeeper.statement s
              where s.statement_id = a.statement_id
                and s.analysis_id = a.analysis_id
            )
          order by a.analyzed_at
          limit $2
        )
        """;

    private static final String WINDOWS = """
        /* viewkeeper:retention */
        delete from viewkeeper.statement_window
        where (statement_id, until_at) in (
          select w.statement_id, w.until_at
          from viewkeeper.statement_window w
          where w.until_at < $1
          order by w.until_at
          limit $2
        )
        """;

    private static final String LOOKS = """
        /* viewkeeper:retention */
        delete from viewkeeper.look
        where look_id in (
          select l.look_id
          from viewkeeper.look l
          where l.finished_at < $1
          order by l.finished_at
          limit $2
        )
        """;

    // With its counters and windows.
    private static final String STATEMENTS = """
        /* viewkeeper:retention */
        delete from viewkeeper.statement
        where statement_id in (
          select s.statement_id
          from viewkeeper.statement s
          where s.last_seen_at < $1
          order by s.last_seen_at
          limit $2
        )
        """;

    private AnalysisRules() {}

    /** Statements first: then nothing keeps their last analyses. */
    static List<Rule> of(Duration kept) {
        return List.of(
                new Rule("statement", STATEMENTS, kept),
                new Rule("query_analysis", ANALYSES, kept),
                new Rule("statement_window", WINDOWS, kept),
                new Rule("look", LOOKS, kept));
    }
}
