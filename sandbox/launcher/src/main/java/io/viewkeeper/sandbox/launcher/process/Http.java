// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Asks a service over HTTP. A service that does not answer is an answer, too: it may be starting, or gone. */
public final class Http {
    public static final int OK = 200;

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration SCRAPE_LIMIT = Duration.ofMinutes(2);
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
    private static final ObjectMapper JSON = new ObjectMapper();

    private Http() {}

    /** The status code; 0 where nobody answers. */
    public static int status(URI address) {
        return get(address).map(HttpResponse::statusCode).orElse(0);
    }

    /** The body, whatever the status. */
    public static String text(URI address) {
        return get(address).map(HttpResponse::body).orElse("(no answer)");
    }

    /** As a terminal asks. */
    public static String page(URI address) {
        var request = HttpRequest.newBuilder(address).timeout(LIMIT).header("Accept", "text/plain");
        return send(request.build()).map(HttpResponse::body).orElse("(no answer)");
    }

    /** The JSON that came with status 200. */
    public static Optional<JsonNode> json(URI address) {
        return get(address).filter(answer -> answer.statusCode() == OK).flatMap(answer -> {
            try {
                return Optional.of(JSON.readTree(answer.body()));
            } catch (JsonProcessingException noJson) {
                return Optional.empty();
            }
        });
    }

    /** As Prometheus scrapes; whoever is asked must answer. */
    public static byte[] scrape(URI address) {
        var request = HttpRequest.newBuilder(address)
                .timeout(SCRAPE_LIMIT)
                .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
                .build();
        try {
            var answer = CLIENT.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() != OK) {
                throw new LauncherException("%s answered with status %d".formatted(address, answer.statusCode()));
            }
            return answer.body();
        } catch (IOException e) {
            throw new LauncherException("%s did not answer: %s".formatted(address, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("Interrupted while scraping " + address);
        }
    }

    /** Sends JSON, on a connection that stays open, and reads the answer to its end; the status code, 0 where nobody answers. */
    public static int post(URI address, String json) {
        var request = HttpRequest.newBuilder(address)
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
        try {
            return CLIENT.send(request, BodyHandlers.ofByteArray()).statusCode();
        } catch (IOException noAnswer) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static Optional<HttpResponse<String>> get(URI address) {
        return send(HttpRequest.newBuilder(address).timeout(LIMIT).build());
    }

    private static Optional<HttpResponse<String>> send(HttpRequest request) {
        try {
            return Optional.of(CLIENT.send(request, BodyHandlers.ofString()));
        } catch (IOException noAnswer) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
