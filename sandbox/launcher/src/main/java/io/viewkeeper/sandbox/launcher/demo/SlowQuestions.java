// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.Connection;
import java.sql.Date;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.ThreadLocalRandom;

/** An ordinary application beside the views: it asks the base tables what no index helps with, again and again. */
final class SlowQuestions implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(2);
    /** Quickly enough to be counted among the slow ones before the first look. */
    private static final int AT_ONCE = 8;

    private static final String DEAREST_OF_EACH_PROCEDURE = """
            select distinct on (l.procedure_code) l.*
            from staging.claim_line_items l
            where l.service_date >= ?
            order by l.procedure_code, l.charge_amount desc, l.claim_id, l.line_number
            """;

    private static final String LATEST_OF_A_PATIENT = """
            select c.claim_id, c.status, c.total_amount, count(l.line_number) as lines
            from staging.claims_837p c
            join staging.claim_line_items l on l.claim_id = c.claim_id
            where c.patient_id = ?
            group by c.claim_id
            order by c.received_at desc
            limit 20
            """;

    private final SandboxDatabase database;
    private final Thread thread;

    private SlowQuestions(SandboxDatabase database) {
        this.database = database;
        thread = Thread.ofPlatform().daemon().name("slow-questions").unstarted(this::run);
    }

    static SlowQuestions start(SandboxDatabase database) {
        var questions = new SlowQuestions(database);
        questions.thread.start();
        return questions;
    }

    private void run() {
        try (var connection = database.connect(Role.OWNER)) {
            for (int i = 0; i < AT_ONCE; i++) {
                ask(connection);
            }
            while (true) {
                Thread.sleep(PAUSE);
                ask(connection);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (SQLException gone) {
            // The demo ends, or its server did: which the demo says.
        }
    }

    private static void ask(Connection connection) throws SQLException {
        try (var dearest = connection.prepareStatement(DEAREST_OF_EACH_PROCEDURE);
                var latest = connection.prepareStatement(LATEST_OF_A_PATIENT)) {
            dearest.setDate(1, Date.valueOf(LocalDate.now(ZoneOffset.UTC).minusYears(10)));
            latest.setLong(1, ThreadLocalRandom.current().nextLong(1, 10_000));
            dearest.executeQuery().close();
            latest.executeQuery().close();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
