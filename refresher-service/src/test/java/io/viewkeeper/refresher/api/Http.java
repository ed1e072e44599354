// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static io.restassured.RestAssured.given;

import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.viewkeeper.sandbox.server.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Requests of a test. */
final class Http {
    private Http() {}

    static RequestSpecification by(String token) {
        return given().header("Authorization", "Bearer " + token).urlEncodingEnabled(false);
    }

    static Response post(String token, String path) {
        return served(() -> by(token).post(path));
    }

    /** Asks again where PostgreSQL stood still for longer than the service waits for it: nothing has changed then. */
    static Response served(Supplier<Response> request) {
        var answer = request.get();
        while (answer.statusCode() == 503) {
            answer = request.get();
        }
        return answer;
    }

    /** A request line that a decent client would not send. Answers status line, headers and body. */
    static String raw(String requestLine, String headers) {
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout((int) Await.PATIENCE.toMillis());
            var request = requestLine + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
