// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.statement.Notice;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** Looks as they are kept, {@code viewkeeper.look}. */
@Singleton
public class LookRows {
    private static final String SAVE = """
        /* viewkeeper:look */
        insert into viewkeeper.look (
          look_id, started_at, finished_at, instance, views, events, slow_statements, concerned, planned, executed, unexplained,
          postponed, regressions, statements_issued, database_ms, vacuums, notices)
        values (
          $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::text::jsonb, $17::text::jsonb)
        """;

    private static final String RECENT = """
        /* viewkeeper:look */
        select
          look_id, started_at, finished_at, instance, views, events, slow_statements, concerned, planned, executed, unexplained,
          postponed, regressions, statements_issued, database_ms, vacuums::text as vacuums, notices::text as notices
        from viewkeeper.look
        order by finished_at desc
        limit $1
        """;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;

    LookRows(Database database) {
        this.database = database;
    }

    void save(Look look) {
        database.update(
                SAVE,
                look.lookId(),
                Instants.parameter(look.startedAt()),
                Instants.parameter(look.finishedAt()),
                look.instance(),
                look.views().toArray(String[]::new),
                look.events(),
                look.slowStatements(),
                look.concerned(),
                look.planned(),
                look.executed(),
                look.unexplained(),
                look.postponed(),
                look.regressions(),
                look.statementsIssued(),
                look.databaseMillis(),
                texts(look.vacuums()),
                notices(look.notices()));
    }

    /** Newest first. */
    public List<Look> recent(int limit) {
        return database.query(RECENT, LookRows::look, limit);
    }

    private static String texts(List<String> texts) {
        var array = JSON.createArrayNode();
        texts.forEach(array::add);
        return array.toString();
    }

    private static String notices(List<Notice> notices) {
        var array = JSON.createArrayNode();
        notices.forEach(notice -> array.addObject().put("code", notice.code()).put("message", notice.message()));
        return array.toString();
    }

    private static Look look(Row row) {
        var vacuums = new ArrayList<String>();
        tree(row.getString("vacuums")).forEach(item -> vacuums.add(item.asText()));
        var notices = new ArrayList<Notice>();
        tree(row.getString("notices"))
                .forEach(item -> notices.add(new Notice(
                        item.path("code").asText(), item.path("message").asText())));
        return new Look(
                row.getUUID("look_id"),
                Instants.of(row, "started_at"),
                Instants.of(row, "finished_at"),
                row.getString("instance"),
                Analyses.texts(row, "views"),
                row.getLong("events"),
                row.getInteger("slow_statements"),
                row.getInteger("concerned"),
                row.getInteger("planned"),
                row.getInteger("executed"),
                row.getInteger("unexplained"),
                row.getInteger("postponed"),
                row.getInteger("regressions"),
                row.getInteger("statements_issued"),
                row.getDouble("database_ms"),
                vacuums,
                notices);
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("jsonb is JSON", impossible);
        }
    }
}
