// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Refuses a body that is too large with a sentence, before it is read; of one whose length nobody tells the server refuses the rest. */
@Singleton
public class BodyLimit {
    private static final int BEFORE_QUARKUS_OWN = 20_000;
    private static final int TOO_LARGE = 413;

    /** What a client that does not wait for the answer may send of it in vain. */
    private static final BigInteger MOST_THROWN_AWAY = BigInteger.valueOf(64 << 20);

    private final BigInteger most;

    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size", defaultValue = "10M") MemorySize most) {
        this.most = most.asBigInteger();
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, BEFORE_QUARKUS_OWN);
    }

    private void check(RoutingContext call) {
        String length = call.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null || !length.matches("\\d{1,30}") || new BigInteger(length).compareTo(most) <= 0) {
            call.next();
            return;
        }
        if (new BigInteger(length).compareTo(MOST_THROWN_AWAY) > 0) {
            call.response().endHandler(_ -> call.request().connection().close());
        }
        call.request().resume();
        call.response()
                .setStatusCode(TOO_LARGE)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end("{\"message\":\"The body is larger than %d bytes, the most that is taken.\"}".formatted(most));
    }
}
