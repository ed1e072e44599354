// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.launcher.process.Http;
import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.launcher.process.ScrapePage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How long scrapes of one address took.
 *
 * @param bytes of the last one, not compressed
 * @param series of the last one
 */
record Scrapes(int count, double p50Millis, double p99Millis, double maxMillis, int bytes, int series) {
    private static final int AT_LEAST = 3;

    /** One scrape. Reading what was answered is Prometheus' work, and takes no part of the time. */
    record Timed(double millis, String body) {
        ScrapePage page() {
            return ScrapePage.of(body);
        }
    }

    static Timed once(URI address) {
        long began = System.nanoTime();
        byte[] body = Http.scrape(address);
        double millis = (System.nanoTime() - began) / 1e6;
        return new Timed(millis, new String(body, StandardCharsets.UTF_8));
    }

    /** One after the other, as many as are wanted or the time allows. */
    static Scrapes inSequence(URI address, int wanted, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        var millis = new ArrayList<Double>();
        var last = once(address);
        millis.add(last.millis());
        while (millis.size() < AT_LEAST || (millis.size() < wanted && System.nanoTime() - end < 0)) {
            last = once(address);
            millis.add(last.millis());
        }
        return of(millis, last.page());
    }

    /** So many at the same time, once a second while the time lasts, which is used up. */
    static Scrapes inParallel(URI address, int atOnce, Duration span) throws InterruptedException {
        long end = System.nanoTime() + span.toNanos();
        var millis = new ArrayList<Double>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Timed> round;
            do {
                long next = System.nanoTime() + Duration.ofSeconds(1).toNanos();
                round = together(executor, address, atOnce);
                round.forEach(scrape -> millis.add(scrape.millis()));
                Thread.sleep(Duration.ofNanos(Math.max(0, Math.min(next, end) - System.nanoTime())));
            } while (System.nanoTime() - end < 0);
            return of(millis, round.getLast().page());
        }
    }

    private static List<Timed> together(ExecutorService executor, URI address, int atOnce) throws InterruptedException {
        var start = new CountDownLatch(1);
        var asked = new ArrayList<Future<Timed>>();
        for (int one = 0; one < atOnce; one++) {
            asked.add(executor.submit(() -> {
                start.await();
                return once(address);
            }));
        }
        start.countDown();
        var answered = new ArrayList<Timed>();
        for (var scrape : asked) {
            try {
                answered.add(scrape.get());
            } catch (ExecutionException e) {
                throw new LauncherException("A scrape among others failed: " + e.getCause());
            }
        }
        return answered;
    }

    static Scrapes of(List<Double> millis, ScrapePage last) {
        var times = new Sample(millis);
        return new Scrapes(
                millis.size(),
                times.median(),
                times.percentile(99),
                times.percentile(100),
                last.bytes(),
                last.series().size());
    }
}
