package io.viewkeeper.refresher.api;

import static io.restassured.RestAssured.given;

import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests of a test. */
final class Http {
    private Http() {}

    static RequestSpecification by(String token) {
        return given().header("Authorization", "Bearer " + token).urlEncodingEnabled(false);
    }

    static Response post(String token, String path) {
        return by(token).post(path);
    }

    /** A request line that a decent client would not send. Answers status line, headers and body. */
    static String raw(String requestLine, String headers) {
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(20_000);
            var request = requestLine + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
