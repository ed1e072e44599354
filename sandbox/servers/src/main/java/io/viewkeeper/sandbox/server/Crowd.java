// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Many who ask a service the same at once. */
public final class Crowd {
    private Crowd() {}

    /** One answer for each of them; somebody who has none fails the test. */
    public static List<HttpResponse<String>> ask(int many, HttpRequest request) {
        try (var client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Await.PATIENCE)
                        .build();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<HttpResponse<String>> call = () -> client.send(request, BodyHandlers.ofString());
            return threads
                    .invokeAll(IntStream.range(0, many).mapToObj(_ -> call).toList())
                    .stream()
                    .map(answer -> {
                        try {
                            return answer.get();
                        } catch (InterruptedException interrupt) {
                            Thread.currentThread().interrupt();
                            throw new IllegalStateException(interrupt);
                        } catch (ExecutionException failure) {
                            throw new AssertionError(request + " has no answer: " + failure.getCause(), failure);
                        }
                    })
                    .toList();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupt);
        }
    }
}
