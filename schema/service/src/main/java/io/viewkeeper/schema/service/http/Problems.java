// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.http;

import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.log.Trouble;
import io.viewkeeper.schema.service.admission.BusyException;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Too many ask, or PostgreSQL cannot be asked now: 429 or 503 and why, instead of a stack trace. */
final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    /** A lock that is held, a connection that is lost: soon over, mostly. */
    private static final int SOON_SECONDS = 5;

    private final Trouble trouble = new Trouble();

    @ServerExceptionMapper
    RestResponse<Problem> busy(BusyException busy) {
        var status = busy.begun() ? Status.SERVICE_UNAVAILABLE : Status.TOO_MANY_REQUESTS;
        return answer(
                status, String.valueOf(busy.getMessage()), busy.retryAfter().toSeconds());
    }

    /** The message holds no row data; see decision record 9. */
    @ServerExceptionMapper
    RestResponse<Problem> database(DatabaseException failure) {
        if (trouble.isWorthALine()) {
            LOG.warnf("action=answer outcome=failed reason=\"%s\"", failure.getMessage());
        }
        return answer(Status.SERVICE_UNAVAILABLE, failure.getMessage(), SOON_SECONDS);
    }

    private static RestResponse<Problem> answer(Status status, String message, long retryAfterSeconds) {
        return RestResponse.ResponseBuilder.create(status, new Problem(message))
                .header(HttpHeaders.RETRY_AFTER, retryAfterSeconds)
                .build();
    }
}
