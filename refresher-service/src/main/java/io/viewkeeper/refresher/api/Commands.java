// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static io.viewkeeper.schema.service.http.Problem.refusal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.security.identity.SecurityIdentity;
import io.viewkeeper.refresher.command.CommandLog;
import io.viewkeeper.refresher.command.CommandLog.Answer;
import io.viewkeeper.refresher.command.CommandLog.Command;
import io.viewkeeper.refresher.command.CommandLog.Result;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.log.LogText;
import io.viewkeeper.schema.service.access.Caller;
import io.viewkeeper.schema.service.http.Problem;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Carries out a command of a caller who may: once for each Idempotency-Key, recorded, logged. */
@Singleton
class Commands {
    private static final Logger LOG = Logger.getLogger(Commands.class);
    private static final int LONGEST_KEY = 200;
    /** RFC 9110; Jakarta REST has no name for it. */
    private static final int UNPROCESSABLE = 422;

    private final CommandLog log;
    private final ObjectMapper json;
    private final SecurityIdentity identity;
    private final Answers answers;

    Commands(CommandLog log, ObjectMapper json, SecurityIdentity identity, Answers answers) {
        this.answers = answers;
        this.log = log;
        this.json = json;
        this.identity = identity;
    }

    /**
     * What is asked for.
     *
     * @param kind of the target: view, group or run
     */
    record Wish(String action, String kind, String target) {}

    /**
     * What is answered.
     *
     * @param body becomes JSON
     * @param said key=value for the log, with a blank before it; empty when there is nothing to add
     * @param afterwards runs when all is committed
     */
    record Reply(int status, Object body, String said, Runnable afterwards) {
        static Reply of(Response.Status status, Object body) {
            return new Reply(status.getStatusCode(), body, "", () -> {});
        }

        static Reply problem(Response.Status status, String message) {
            return of(status, new Problem(message));
        }

        Reply saying(String what) {
            return new Reply(status, body, " " + what, afterwards);
        }

        Reply then(Runnable action) {
            return new Reply(status, body, said, action);
        }
    }

    /** @param effect in one transaction with the record; gets the caller's name */
    Response execute(Wish wish, HttpHeaders headers, BiFunction<Session, String, Reply> effect) {
        String by = Caller.name(identity);
        var command = new Command(by, wish.action(), wish.kind() + " " + wish.target(), key(headers));
        return switch (answers.command(() -> execute(wish, command, effect))) {
            case Result.Executed(var answer) -> response(answer).build();
            case Result.Replayed(var answer) ->
                response(answer).header("Idempotency-Replayed", "true").build();
            case Result.KeyTaken(var action, var target) ->
                throw refusal(
                        UNPROCESSABLE,
                        "this Idempotency-Key was used for " + action + " of " + target
                                + "; another request needs another key");
        };
    }

    private Result execute(Wish wish, Command command, BiFunction<Session, String, Reply> effect) {
        var reply = new AtomicReference<@Nullable Reply>();
        Result result = log.execute(command, answering(command.by(), effect, reply));
        Reply made = reply.get();
        if (made != null) {
            LOG.infof(
                    "action=%s %s=%s by=%s status=%d%s",
                    wish.action(), wish.kind(), LogText.of(wish.target()), command.by(), made.status(), made.said());
            made.afterwards().run();
        }
        return result;
    }

    private Function<Session, Answer> answering(
            String by, BiFunction<Session, String, Reply> effect, AtomicReference<@Nullable Reply> keep) {
        return session -> {
            Reply reply = effect.apply(session, by);
            keep.set(reply);
            return new Answer(reply.status(), json(reply.body()));
        };
    }

    private String json(Object body) {
        try {
            return json.writeValueAsString(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an answer is plain data", impossible);
        }
    }

    /** Made of what is stored, so that a replay is the same to the letter. */
    private Response.ResponseBuilder response(Answer answer) {
        var response = Response.status(answer.status())
                .type(MediaType.APPLICATION_JSON)
                .entity(answer.body());
        JsonNode run = tree(answer.body()).path("runId");
        return answer.status() == Response.Status.ACCEPTED.getStatusCode() && run.isTextual()
                ? response.header("Location", "/runs/" + run.textValue())
                : response;
    }

    private JsonNode tree(String body) {
        try {
            return json.readTree(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an answer is JSON", impossible);
        }
    }

    private static @Nullable String key(HttpHeaders headers) {
        List<String> sent = headers.getRequestHeader("Idempotency-Key");
        if (sent == null || sent.isEmpty()) {
            return null;
        }
        String key = sent.getFirst();
        if (sent.size() > 1 || key.isEmpty() || key.length() > LONGEST_KEY || !isPrintable(key)) {
            throw refusal(
                    Response.Status.BAD_REQUEST,
                    "Idempotency-Key must be one text of 1 to " + LONGEST_KEY + " printable ASCII characters");
        }
        return key;
    }

    private static boolean isPrintable(String key) {
        return key.chars().allMatch(c -> c >= ' ' && c <= '~');
    }
}
