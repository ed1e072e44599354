// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.sqlclient.Row;
import io.viewkeeper.optimizer.finding.Finding;
import io.viewkeeper.optimizer.finding.Severity;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Analyses as they are kept, {@code viewkeeper.query_analysis} and {@code query_finding}. */
@Singleton
public class Analyses {
    private static final String SAVE = """
        /* viewkeeper:analysis */
        insert into viewkeeper.query_analysis (
          analysis_id, statement_id, text, look_id, requested_by, analyzed_at, outcome, reason, sqlstate, values_from, plan,
          plan_hash, relations, total_cost, planning_ms, execution_ms, database_ms, notes, calls, mean_ms, previous_analysis_id,
          statements_issued)
        values (
          $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::jsonb, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
        """;

    private static final String SAVE_FINDING = """
        /* viewkeeper:analysis */
        insert into viewkeeper.query_finding (
          analysis_id, ordinal, rule, severity, node_path, relation, what, advice, impact_ms, evidence)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::jsonb)
        """;

    private static final String NEWEST = """
        /* viewkeeper:analysis */
        update viewkeeper.statement
        set analysis_id = $2, relations = case when $4 then $3 else relations end
        where statement_id = $1
        """;

    private static final String FIND = """
        /* viewkeeper:analysis */
        select
          analysis_id, statement_id, text, look_id, requested_by, analyzed_at, outcome, reason, sqlstate, values_from,
          plan::text as plan, plan_hash, relations, total_cost, planning_ms, execution_ms, database_ms, notes, calls, mean_ms,
          previous_analysis_id, statements_issued
        from viewkeeper.query_analysis
        where analysis_id = $1
        """;

    private static final String FINDINGS = """
        /* viewkeeper:analysis */
        select rule, severity, node_path, what, advice, impact_ms, evidence::text as evidence
        from viewkeeper.query_finding
        where analysis_id = $1
        order by ordinal
        """;

    /** Of SQLSTATEs. */
    private static final String DATA_EXCEPTION = "22";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;

    Analyses(Database database) {
        this.database = database;
    }

    /**
     * With its findings; it becomes its statement's newest unless a person asked for it. Where the database's encoding lacks a
     * character, each that is not ASCII is kept as a question mark.
     */
    void save(Analysis analysis) {
        try {
            save(analysis, text -> text);
        } catch (DatabaseException unwritable) {
            if (!unwritable.sqlState().classCode().equals(DATA_EXCEPTION)) {
                throw unwritable;
            }
            save(analysis, text -> text.replaceAll("\\P{ASCII}|\\\\u[0-9a-fA-F]{4}", "?"));
        }
    }

    private void save(Analysis analysis, UnaryOperator<String> spelling) {
        database.inTransaction(session -> {
            insert(session, new Spelled(analysis, spelling));
            if (analysis.requestedBy() == null) {
                session.update(
                        NEWEST,
                        analysis.statementId(),
                        analysis.analysisId(),
                        analysis.relations().stream().map(spelling).toArray(String[]::new),
                        analysis.plan() != null);
            }
            return analysis;
        });
    }

    /** An analysis, and how its texts are written. */
    private record Spelled(Analysis analysis, UnaryOperator<String> spelling) {
        @Nullable
        String of(@Nullable String text) {
            return text == null ? null : spelling.apply(text);
        }

        String[] of(List<String> texts) {
            return texts.stream().map(spelling).toArray(String[]::new);
        }
    }

    private static void insert(Session session, Spelled spelled) {
        Analysis analysis = spelled.analysis();
        session.update(
                SAVE,
                analysis.analysisId(),
                analysis.statementId(),
                spelled.of(analysis.text()),
                analysis.lookId(),
                spelled.of(analysis.requestedBy()),
                Instants.parameter(analysis.analyzedAt()),
                analysis.outcome().wireName(),
                spelled.of(analysis.reason()),
                analysis.sqlState(),
                analysis.valuesFrom(),
                spelled.of(analysis.plan()),
                analysis.planHash(),
                spelled.of(analysis.relations()),
                analysis.totalCost(),
                analysis.planningMillis(),
                analysis.executionMillis(),
                analysis.databaseMillis(),
                spelled.of(analysis.notes()),
                analysis.calls(),
                analysis.meanMillis(),
                analysis.previousAnalysisId(),
                analysis.statementsIssued());
        for (int i = 0; i < analysis.findings().size(); i++) {
            insert(session, spelled, i, analysis.findings().get(i));
        }
    }

    private static void insert(Session session, Spelled spelled, int ordinal, Finding finding) {
        session.update(
                SAVE_FINDING,
                spelled.analysis().analysisId(),
                ordinal,
                finding.rule(),
                finding.severity().name().toLowerCase(Locale.ROOT),
                finding.nodePath(),
                finding.evidence().get("relation") instanceof String relation ? spelled.of(relation) : null,
                spelled.of(finding.what()),
                spelled.of(finding.advice()),
                finding.impactMillis(),
                spelled.of(json(finding.evidence())));
    }

    private static String json(Map<String, Object> evidence) {
        try {
            return JSON.writeValueAsString(evidence);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("evidence is plain data", impossible);
        }
    }

    /** With its findings. */
    public Optional<Analysis> find(UUID id) {
        // One after the other in one session: who asks for a second connection while he holds one waits for ever.
        return database.inSession(session -> {
            List<Finding> findings = session.query(FINDINGS, Analyses::finding, id);
            return session.queryFirst(FIND, row -> read(row, findings), id);
        });
    }

    private static Finding finding(Row row) {
        return new Finding(
                row.getString("rule"),
                Severity.valueOf(row.getString("severity").toUpperCase(Locale.ROOT)),
                row.getString("node_path"),
                row.getString("what"),
                row.getString("advice"),
                row.getDouble("impact_ms"),
                evidence(row.getString("evidence")));
    }

    static Map<String, Object> evidence(String json) {
        var evidence = new LinkedHashMap<String, Object>();
        try {
            JSON.readTree(json).properties().forEach(field -> evidence.put(field.getKey(), value(field.getValue())));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("jsonb is JSON", impossible);
        }
        return evidence;
    }

    private static Object value(JsonNode node) {
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isIntegralNumber()) {
            return node.longValue();
        }
        if (node.isArray()) {
            var items = new ArrayList<Object>();
            node.forEach(item -> items.add(value(item)));
            return items;
        }
        return node.isNumber() ? (Object) node.doubleValue() : node.asText();
    }

    private static Analysis read(Row row, List<Finding> findings) {
        return new Analysis(
                row.getUUID("analysis_id"),
                row.getString("statement_id"),
                row.getString("text"),
                row.getUUID("look_id"),
                row.getString("requested_by"),
                Instants.of(row, "analyzed_at"),
                Analysis.Outcome.of(row.getString("outcome")),
                row.getString("reason"),
                row.getString("sqlstate"),
                row.getString("values_from"),
                row.getString("plan"),
                row.getString("plan_hash"),
                texts(row, "relations"),
                row.getDouble("total_cost"),
                row.getDouble("planning_ms"),
                row.getDouble("execution_ms"),
                row.getDouble("database_ms"),
                row.getInteger("statements_issued"),
                texts(row, "notes"),
                row.getLong("calls"),
                row.getDouble("mean_ms"),
                row.getUUID("previous_analysis_id"),
                findings);
    }

    static List<String> texts(Row row, String column) {
        String @Nullable [] texts = row.getArrayOfStrings(column);
        return texts == null ? List.of() : List.of(texts);
    }
}
