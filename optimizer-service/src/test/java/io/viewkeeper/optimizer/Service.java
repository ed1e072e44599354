// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.schema.event.ViewName;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The service as seen from outside. */
record Service(URI http, URI management) {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    HttpResponse<String> get(URI base, String path) {
        try {
            return CLIENT.send(HttpRequest.newBuilder(base.resolve(path)).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** As a terminal asks. */
    String page(String path) {
        var request = HttpRequest.newBuilder(http.resolve(path)).header("Accept", "text/plain");
        return send(request.build()).body();
    }

    /** @param token null: as nobody */
    HttpResponse<String> post(String path, @Nullable String token, String accept, String body) {
        return post(path, token, accept, body.getBytes(StandardCharsets.UTF_8));
    }

    /** The body is not copied: many may send a large one. */
    HttpResponse<String> post(String path, @Nullable String token, String accept, byte[] body) {
        var request = HttpRequest.newBuilder(http.resolve(path))
                .header("Content-Type", "application/json")
                .header("Accept", accept)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request.build());
    }

    /** @param type of the content; "*": none is told */
    HttpResponse<String> postAs(String type, String path, byte[] body) {
        var request = HttpRequest.newBuilder(http.resolve(path))
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!type.equals("*")) {
            request.header("Content-Type", type);
        }
        return send(request.build());
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return CLIENT.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException notJson) {
            throw new IllegalStateException(notJson);
        }
    }

    JsonNode json(URI base, String path) {
        try {
            return MAPPER.readTree(get(base, path).body());
        } catch (IOException notJson) {
            throw new IllegalStateException(notJson);
        }
    }

    boolean isReady() {
        return get(management, "/q/health/ready").statusCode() == 200;
    }

    /** Sequences of the refreshes of a view, as GET /refreshes orders them. */
    List<Long> sequences(ViewName view) {
        var sequences = new ArrayList<Long>();
        json(http, "/refreshes?view=" + URLEncoder.encode(view.toString(), StandardCharsets.UTF_8))
                .forEach(refresh -> sequences.add(refresh.path("sequence").longValue()));
        return sequences;
    }

    /** The counter of events, of all types. */
    double events(String outcome) {
        return get(management, "/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("viewkeeper_events_total{") && line.contains("\"" + outcome + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
