// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;

/** Why a request was refused. No resource method returns it, so a native executable must be told to keep it. */
@RegisterForReflection
public record Problem(String message) {
    /** A request that cannot be meant; the message says what it should be. */
    public static WebApplicationException badRequest(String message) {
        return refusal(Response.Status.BAD_REQUEST, message);
    }

    public static WebApplicationException refusal(Response.Status status, String message) {
        return refusal(status.getStatusCode(), message);
    }

    /** As JSON, or as text where the method that was asked answers with text. */
    public static WebApplicationException refusal(int status, String message) {
        return new WebApplicationException(
                Response.status(status).entity(new Problem(message)).build());
    }

    /** What is answered where a client wants text. */
    @Override
    public String toString() {
        return message;
    }
}
