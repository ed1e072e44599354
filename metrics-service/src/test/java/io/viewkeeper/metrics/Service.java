// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.viewkeeper.schema.event.ViewName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;

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

    /** In one media type. */
    HttpResponse<String> get(URI base, String path, String mediaType) {
        try {
            var request = HttpRequest.newBuilder(base.resolve(path)).header("Accept", mediaType);
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
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

    /** What GET /views says of a view; a missing node if nothing. */
    JsonNode view(ViewName name) {
        for (var view : json(http, "/views")) {
            if (view.path("view").textValue().equals(name.toString())) {
                return view;
            }
        }
        return MissingNode.getInstance();
    }

    /** Every sample of a scrape: name and labels as printed, and the value as printed. */
    Map<String, String> scrape() {
        var response = get(management, "/q/metrics");
        if (response.statusCode() != 200) {
            throw new IllegalStateException("scrape answered " + response.statusCode());
        }
        var samples = new TreeMap<String, String>();
        response.body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> samples.put(
                        line.substring(0, line.lastIndexOf(' ')).replaceAll(",}$", "}"),
                        line.substring(line.lastIndexOf(' ') + 1)));
        return samples;
    }
}
