package io.viewkeeper.refresher.api;

import io.viewkeeper.schema.access.Problem;
import io.viewkeeper.schema.database.DatabaseException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** PostgreSQL cannot be asked now: 503 and why, instead of a stack trace. */
final class DatabaseProblems {
    @ServerExceptionMapper
    Response unavailable(DatabaseException failure) {
        return Response.status(Response.Status.SERVICE_UNAVAILABLE)
                .type(MediaType.APPLICATION_JSON)
                .entity(new Problem(failure.getMessage()))
                .build();
    }
}
