// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.command;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Session;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what somebody asked for, once, and keeps who asked, for what, and the answer. The row is written first and
 * in the transaction of the effect: of two requests with one key the second waits for the first and gets its answer.
 */
public final class CommandLog {
    /** Whoever holds a row that we need for longer than this: the caller may try again. */
    private static final String LIMIT = """
        /* viewkeeper:command-log */
        select pg_catalog.set_config('lock_timeout', '5s', true)
        """;

    // Without a key every row is a new one: nulls are distinct.
    private static final String BEGIN = """
        /* viewkeeper:command-log */
        insert into viewkeeper.command_log (commanded_by, action, target, idempotency_key, status)
        values ($1, $2, $3, $4, 0)
        on conflict (commanded_by, idempotency_key) do nothing
        returning command_id
        """;

    private static final String EARLIER = """
        /* viewkeeper:command-log */
        select action, target, status, answer::text as answer
        from viewkeeper.command_log
        where commanded_by = $1
          and idempotency_key = $2
        """;

    private static final String END = """
        /* viewkeeper:command-log */
        update viewkeeper.command_log
        set status = $2, answer = $3::text::json
        where command_id = $1
        """;

    /**
     * What is asked for.
     *
     * @param by who asks
     * @param action refresh, cancel, suspend or resume
     * @param target the view, group or run
     * @param idempotencyKey what makes it the same request when it is sent again; null: it is always a new one
     */
    public record Command(
            String by,
            String action,
            String target,
            @Nullable String idempotencyKey) {}

    /**
     * What was answered.
     *
     * @param body JSON
     */
    public record Answer(int status, String body) {}

    /** How it went. */
    public sealed interface Result {
        /** It was carried out, or refused, now. */
        record Executed(Answer answer) implements Result {}

        /** It was before; nothing happened now. */
        record Replayed(Answer answer) implements Result {}

        /** The key was used for something else; nothing happened. */
        record KeyTaken(String action, String target) implements Result {}
    }

    private final Database database;

    public CommandLog(Database database) {
        this.database = database;
    }

    /** Commits the effect and its record together, or neither when the effect throws. */
    public Result execute(Command command, Function<Session, Answer> effect) {
        return database.inTransaction(session -> {
            session.queryOne(LIMIT, row -> row);
            Optional<UUID> id = session.queryFirst(
                    BEGIN,
                    row -> row.getUUID("command_id"),
                    command.by(),
                    command.action(),
                    command.target(),
                    command.idempotencyKey());
            if (id.isEmpty()) {
                return earlier(session, command);
            }
            Answer answer = effect.apply(session);
            session.update(END, id.get(), answer.status(), answer.body());
            return new Result.Executed(answer);
        });
    }

    private static Result earlier(Session session, Command command) {
        return session.queryOne(
                EARLIER,
                row -> {
                    String action = row.getString("action");
                    String target = row.getString("target");
                    return action.equals(command.action()) && target.equals(command.target())
                            ? new Result.Replayed(new Answer(row.getInteger("status"), row.getString("answer")))
                            : new Result.KeyTaken(action, target);
                },
                command.by(),
                command.idempotencyKey());
    }
}
