package io.viewkeeper.metrics;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.viewkeeper.metrics.exposition.Exposition;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Answers scrapes before Quarkus' own route does: with the meters of the process as Micrometer writes them, and with our
 * series as {@link Exposition} does.
 */
@ApplicationScoped
// The registry of the older client is the one that Quarkus brings.
@SuppressWarnings("deprecation")
class ScrapeRoute {
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final int BEFORE_ALL_OTHERS = -10_000;

    private final PrometheusMeterRegistry meters;
    private final Exposition exposition;
    private final String path;

    ScrapeRoute(
            PrometheusMeterRegistry meters,
            Exposition exposition,
            @ConfigProperty(name = "quarkus.management.root-path", defaultValue = "/q") String root,
            @ConfigProperty(name = "quarkus.micrometer.export.prometheus.path", defaultValue = "metrics") String path) {
        this.meters = meters;
        this.exposition = exposition;
        this.path = path.startsWith("/") ? path : root.replaceAll("/$", "") + "/" + path;
    }

    void register(@Observes ManagementInterface management) {
        management.router().get(path).order(BEFORE_ALL_OTHERS).blockingHandler(this::answer, false);
    }

    private void answer(RoutingContext request) {
        request.response().putHeader(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE).end(meters.scrape() + exposition.text());
    }
}
