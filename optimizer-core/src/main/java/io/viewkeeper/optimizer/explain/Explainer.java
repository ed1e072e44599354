// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.Explanation.Refused;
import io.viewkeeper.optimizer.explain.Explanation.Taken;
import io.viewkeeper.optimizer.explain.Explanation.Unexplained;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.sql.SqlLexer;
import java.util.List;

/**
 * Explains one statement at a time; whatever the statement is, nothing changes. Six layers see to that, see {@link Layer}.
 * Any number of threads may share one.
 */
public final class Explainer {
    private final Database database;
    private final Protection protection;
    private final CostRate rate = new CostRate();

    /** @param database a small pool of its own, since sessions are held for seconds */
    public Explainer(Database database, Protection protection) {
        this.database = database;
        this.protection = protection;
    }

    /**
     * A plan of a text with $n: generic, and where values are to be had, the worst of them.
     *
     * @throws io.viewkeeper.schema.database.DatabaseException when there is no connection to be had
     */
    public Explanation explain(ExplainRequest request) {
        var unread = TextCheck.beforeReading(request.text(), ExplainLimits.LONGEST_TEXT);
        if (unread != null) {
            return unexplained(unread);
        }
        var meaning = SqlLexer.meaning(request.text());
        if (protection.layers().contains(Layer.ONE_STATEMENT) && TextCheck.isSeveral(meaning)) {
            return new Refused(
                    Layer.ONE_STATEMENT,
                    "The text holds several statements; only one is explained at a time.",
                    Taken.NOTHING);
        }
        var unplanned = TextCheck.kind(meaning);
        if (unplanned != null) {
            return unexplained(unplanned);
        }
        String text = TextCheck.withoutEnd(request.text(), meaning);
        return database.inSession(session -> inSession(session, request, StatementDraft.of(text)));
    }

    private Explanation inSession(Session session, ExplainRequest request, StatementDraft draft) {
        var limits = protection.limits();
        var metered = new MeteredSession(
                session, limits.executionTimeout().plus(limits.margin()), request.mostMillis(limits.total()));
        return new Explaining(metered, protection, rate, request).explain(draft);
    }

    private static Unexplained unexplained(TextCheck.Verdict verdict) {
        return new Unexplained(verdict.reason(), null, List.of(verdict.hint()), Taken.NOTHING);
    }
}
