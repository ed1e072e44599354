package io.viewkeeper.optimizer.api;

import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.log.Trouble;
import io.viewkeeper.schema.service.admission.BusyException;
import io.viewkeeper.schema.service.http.Problem;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Failures as answers. */
class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    private static final int SOON_SECONDS = 5;

    private final Trouble trouble = new Trouble();

    @ServerExceptionMapper
    RestResponse<Problem> badParameter(BadParameterException bad) {
        return RestResponse.status(Status.BAD_REQUEST, new Problem(String.valueOf(bad.getMessage())));
    }

    @ServerExceptionMapper
    RestResponse<Problem> busy(BusyException busy) {
        return RestResponse.ResponseBuilder.create(
                        busy.begun() ? Status.SERVICE_UNAVAILABLE : Status.TOO_MANY_REQUESTS,
                        new Problem(String.valueOf(busy.getMessage())))
                .header("Retry-After", busy.retryAfter().toSeconds())
                .build();
    }

    @ServerExceptionMapper
    RestResponse<Problem> database(DatabaseException refused) {
        if (trouble.isWorthALine()) {
            LOG.warnf("action=answer outcome=failed reason=\"%s\"", refused.getMessage());
        }
        return RestResponse.ResponseBuilder.create(
                        Status.SERVICE_UNAVAILABLE,
                        new Problem("The database did not answer the question (SQLSTATE "
                                + refused.sqlState().code() + "). Try again; /q/health/ready says more."))
                .header("Retry-After", SOON_SECONDS)
                .build();
    }
}
