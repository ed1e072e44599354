package io.viewkeeper.refresher.api;

import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.service.admission.BusyException;
import io.viewkeeper.schema.service.http.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Too many ask, or PostgreSQL cannot be asked now: 429 or 503 and why, instead of a stack trace. */
final class Problems {
    /** A lock that is held, a connection that is lost: soon over, mostly. */
    private static final int SOON_SECONDS = 5;

    @ServerExceptionMapper
    Response busy(BusyException busy) {
        return Response.status(busy.begun() ? Response.Status.SERVICE_UNAVAILABLE : Response.Status.TOO_MANY_REQUESTS)
                .type(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.RETRY_AFTER, busy.retryAfter().toSeconds())
                .entity(new Problem(String.valueOf(busy.getMessage())))
                .build();
    }

    @ServerExceptionMapper
    Response unavailable(DatabaseException failure) {
        return Response.status(Response.Status.SERVICE_UNAVAILABLE)
                .type(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.RETRY_AFTER, SOON_SECONDS)
                .entity(new Problem(failure.getMessage()))
                .build();
    }
}
