// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.access;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.viewkeeper.schema.log.LogText;
import io.viewkeeper.schema.service.http.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Nobody that we know, or nobody who may: said to the caller in a sentence, to the operator in the log. */
final class SecurityProblems {
    private static final Logger LOG = Logger.getLogger(SecurityProblems.class);

    private static final String NOTHING_CONFIGURED =
            "nobody may do this, because nothing is configured by which callers could prove who they are:"
                    + " set viewkeeper.security.operator-token-file, or QUARKUS_OIDC_TENANT_ENABLED=true and"
                    + " QUARKUS_OIDC_AUTH_SERVER_URL";
    private static final String UNKNOWN =
            "this needs a token of somebody with the role operator (or reader, where nothing is changed or executed):"
                    + " Authorization: Bearer <token>";

    private final Guard guard;
    private final SecurityIdentity identity;

    SecurityProblems(Guard guard, SecurityIdentity identity) {
        this.guard = guard;
        this.identity = identity;
    }

    @ServerExceptionMapper
    Response unauthenticated(UnauthorizedException nobody, ContainerRequestContext request) {
        return unknown(request);
    }

    @ServerExceptionMapper
    Response badToken(AuthenticationFailedException unknown, ContainerRequestContext request) {
        return unknown(request);
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException reader, ContainerRequestContext request) {
        String name = Caller.name(identity);
        warn(403, request, name);
        return problem(
                        Response.Status.FORBIDDEN,
                        name + " lacks the role operator, without which nothing is changed or executed")
                .build();
    }

    private Response unknown(ContainerRequestContext request) {
        if (!guard.configured()) {
            warn(403, request, "nobody");
            return problem(Response.Status.FORBIDDEN, NOTHING_CONFIGURED).build();
        }
        warn(401, request, "nobody");
        return problem(Response.Status.UNAUTHORIZED, UNKNOWN)
                .header("WWW-Authenticate", "Bearer")
                .build();
    }

    private static Response.ResponseBuilder problem(Response.Status status, String message) {
        return Response.status(status).type(MediaType.APPLICATION_JSON).entity(new Problem(message));
    }

    private static void warn(int status, ContainerRequestContext request, String principal) {
        LOG.warnf(
                "refused=%d method=%s path=%s by=%s",
                status,
                LogText.of(request.getMethod()),
                LogText.of(String.valueOf(request.getUriInfo().getRequestUri().getRawPath())),
                principal);
    }
}
