// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import io.viewkeeper.sandbox.launcher.process.Tool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each packaged service answers Prometheus in the format that it asks for, and everybody else in one that can be read. */
@Tag("server")
@ResourceLock(Installation.SHARED)
class ScrapeFormatsIT {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /** Promised by these names, see docs/metrics.md. */
    private static final Set<String> ILL_NAMED =
            Set.of("avg_query_time_ms", "p95_query_time_ms", "slow_query_count", "view_staleness_minutes");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(ServiceKind.class)
    void everybodyGetsAFormatThatCanBeRead(ServiceKind kind) throws Exception {
        for (var accept :
                List.of("", "*/*", "text/plain;version=0.0.4", "text/plain;version=1.0.0;escaping=allow-utf-8")) {
            var answer = scrape(kind, accept, "");
            assertThat(answer.headers().firstValue("Content-Type")).as(accept).contains(TEXT);
            var text = text(answer);
            assertThat(text.lines().filter(line -> line.endsWith(" NaN"))).isEmpty();
            assertThat(findings(text)).allMatch(finding -> ILL_NAMED.contains(finding.replaceAll(" .*", "")));
        }
    }

    @ParameterizedTest
    @EnumSource(ServiceKind.class)
    void whoAsksForOpenMetricsGetsIt(ServiceKind kind) throws Exception {
        for (var accept : List.of(
                "application/openmetrics-text; version=1.0.0",
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2")) {
            var answer = scrape(kind, accept, "gzip");
            assertThat(answer.headers().firstValue("Content-Type")).contains(OPEN_METRICS);
            assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
            isOpenMetrics(text(answer));
        }
    }

    /** What the specification demands and a lenient parser would not mind. */
    private static void isOpenMetrics(String text) {
        assertThat(text).endsWith("# EOF\n").doesNotContain("\n\n");
        var families = new HashSet<String>();
        var series = new HashSet<String>();
        String family = "";
        String type = "";
        for (var line :
                text.substring(0, text.length() - "# EOF\n".length()).lines().toList()) {
            var words = line.split(" ", 4);
            if (line.startsWith("#")) {
                if (!words[2].equals(family)) {
                    family = words[2];
                    type = "";
                    assertThat(families.add(family))
                            .as("once, in one piece: %s", family)
                            .isTrue();
                }
                assertThat(words).as(line).hasSize(4);
                type = words[1].equals("TYPE") ? words[3] : type;
            } else {
                String name = line.replaceAll("[{ ].*", "");
                String end = name.startsWith(family) ? name.substring(family.length()) : name;
                assertThat(end)
                        .as("%s of the %s %s", name, type, family)
                        .isIn(
                                switch (type) {
                                    case "counter" -> List.of("_total", "_created");
                                    case "gauge" -> List.of("");
                                    case "summary" -> List.of("", "_count", "_sum", "_created");
                                    case "histogram" -> List.of("_bucket", "_count", "_sum", "_created");
                                    case "info" -> List.of("_info");
                                    default -> List.of();
                                });
                assertThat(series.add(line.substring(0, line.lastIndexOf(' '))))
                        .as(line)
                        .isTrue();
                assertThat(line).doesNotEndWith(" NaN");
                assertThat(line).as("of which installation").contains("database=\"", "cluster=\"sandbox\"");
            }
        }
        assertThat(series).hasSizeGreaterThan(50);
    }

    private static HttpResponse<byte[]> scrape(ServiceKind kind, String accept, String encoding)
            throws IOException, InterruptedException, java.sql.SQLException {
        var service = Installation.shared().service(kind);
        var request = HttpRequest.newBuilder(URI.create(service.managementUrl() + "/q/metrics"));
        if (!accept.isEmpty()) {
            request.header("Accept", accept);
        }
        if (!encoding.isEmpty()) {
            request.header("Accept-Encoding", encoding);
        }
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(request.build(), BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).as(accept).isEqualTo(200);
            return answer;
        }
    }

    private static String text(HttpResponse<byte[]> answer) throws IOException {
        if (answer.headers().firstValue("Content-Encoding").isEmpty()) {
            return new String(answer.body(), StandardCharsets.UTF_8);
        }
        try (var plain = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What promtool objects to; it reads the older format only. */
    private List<String> findings(String text) throws IOException, InterruptedException {
        var promtool = Tool.prometheus(Installation.root()).orElseThrow().file().resolveSibling("promtool");
        var scrape = Files.writeString(directory.resolve("scrape.txt"), text);
        var process = new ProcessBuilder(List.of(promtool.toString(), "check", "metrics"))
                .redirectInput(scrape.toFile())
                .redirectErrorStream(true)
                .start();
        var findings = new ArrayList<String>();
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(findings::add);
        }
        process.waitFor();
        return findings;
    }
}
