// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.scrape;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Answers scrapes before Quarkus' own route does, which knows one format and refuses who asks for another: the meters of
 * the process as Micrometer writes them, and {@link MoreFamilies}.
 */
@Singleton
// The registry of the older client is the one that Quarkus brings.
@SuppressWarnings("deprecation")
class ScrapeRoute {
    private static final int BEFORE_ALL_OTHERS = -10_000;
    private static final String END = "# EOF\n";

    private final PrometheusMeterRegistry meters;
    private final List<MoreFamilies> more;
    private final String path;

    ScrapeRoute(
            PrometheusMeterRegistry meters,
            @All List<MoreFamilies> more,
            @ConfigProperty(name = "quarkus.management.root-path", defaultValue = "/q") String root,
            @ConfigProperty(name = "quarkus.micrometer.export.prometheus.path", defaultValue = "metrics") String path) {
        this.meters = meters;
        this.more = List.copyOf(more);
        this.path = path.startsWith("/") ? path : root.replaceAll("/$", "") + "/" + path;
    }

    void register(@Observes ManagementInterface management) {
        management
                .router()
                .route(path)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .order(BEFORE_ALL_OTHERS)
                .blockingHandler(this::answer, false);
    }

    private void answer(RoutingContext request) {
        var format = ScrapeFormat.preferredBy(every(request, HttpHeaders.ACCEPT));
        byte[] text = text(format).getBytes(StandardCharsets.UTF_8);
        var response = request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, format.contentType())
                .putHeader(HttpHeaders.VARY, "Accept, Accept-Encoding");
        if (acceptsGzip(every(request, HttpHeaders.ACCEPT_ENCODING))) {
            text = compressed(text);
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        if (request.request().method().equals(HttpMethod.HEAD)) {
            // By HTTP/2 a body would be sent.
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(text.length))
                    .end();
        } else {
            response.end(Buffer.buffer(text));
        }
    }

    /** A header that is a list may come in several lines. */
    private static String every(RoutingContext request, CharSequence header) {
        return String.join(",", request.request().headers().getAll(header));
    }

    private String text(ScrapeFormat format) {
        var text = new StringBuilder(known(meters.scrape(format.contentType())));
        more.forEach(families -> text.append(families.text(format)));
        return format == ScrapeFormat.OPEN_METRICS ? text.append(END).toString() : text.toString();
    }

    /** Without its end, without series that have no value, and none twice: a gauge of a library can be either. */
    static String known(String scrape) {
        var text = new StringBuilder(scrape.length());
        Set<String> seen = new HashSet<>();
        scrape.lines().forEach(line -> {
            boolean comment = line.startsWith("#");
            boolean shown = comment
                    ? !END.startsWith(line)
                    : !line.endsWith(" NaN") && seen.add(line.substring(0, line.lastIndexOf(' ')));
            if (shown) {
                text.append(line).append('\n');
            }
        });
        return text.toString();
    }

    static boolean acceptsGzip(@Nullable String acceptEncoding) {
        if (acceptEncoding == null) {
            return false;
        }
        return List.of(acceptEncoding.toLowerCase(Locale.ROOT).split(",", -1)).stream()
                .map(coding -> coding.replaceAll("\\s", ""))
                .anyMatch(coding -> coding.matches("(x-)?gzip(;q=(1(\\.0*)?|0?\\.\\d*[1-9]\\d*))?"));
    }

    private static byte[] compressed(byte[] text) {
        var compressed = new ByteArrayOutputStream(text.length / 8);
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write(text);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return compressed.toByteArray();
    }
}
