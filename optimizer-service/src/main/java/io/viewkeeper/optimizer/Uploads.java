// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.atomic.AtomicInteger;

/** How many bodies are taken at once: each may be megabytes, and is in memory before anybody can refuse it. */
@ApplicationScoped
class Uploads {
    /** As many as there are places for plans and analyses. */
    static final int MOST = 12;

    private static final int BEFORE_ALL_OTHERS = 10_000;
    private static final int TOO_MANY_REQUESTS = 429;

    private final AtomicInteger underWay = new AtomicInteger();

    void register(@Observes Filters filters) {
        filters.register(this::admit, BEFORE_ALL_OTHERS);
    }

    private void admit(RoutingContext call) {
        if (!call.request().method().equals(HttpMethod.POST)) {
            call.next();
            return;
        }
        if (underWay.incrementAndGet() > MOST) {
            underWay.decrementAndGet();
            refuse(call);
            return;
        }
        call.addEndHandler(_ -> underWay.decrementAndGet());
        call.next();
    }

    private static void refuse(RoutingContext call) {
        // What is sent all the same is thrown away as it comes.
        call.request().resume();
        call.response()
                .setStatusCode(TOO_MANY_REQUESTS)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.RETRY_AFTER, "1")
                .end("{\"message\":\"There are %d bodies under way; try again in a moment.\"}".formatted(MOST));
    }
}
