// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.process.ChildProcess;
import io.viewkeeper.sandbox.launcher.process.Packaging;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a start that cannot go well ends with: one sentence that says which setting, and what is wrong. */
@Tag("release")
class StartIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REFRESHER | viewkeeper.refresh.groups.g.views=w.* | group g: one of interval, cron and freshness-target",
                "REFRESHER | viewkeeper.refresh.groups.g.views=w;viewkeeper.refresh.groups.g.interval=1m | schema",
                "REFRESHER | viewkeeper.refresh.groups.g.views=w.*;viewkeeper.refresh.groups.g.cron=61 * * * * | cron",
                "REFRESHER | viewkeeper.refresh.parallelism=0 | viewkeeper.refresh.parallelism",
                "REFRESHER | viewkeeper.retention.refresh-log=1s | viewkeeper.retention.refresh-log",
                "REFRESHER | viewkeeper.security.operator-token-file=/none | viewkeeper.security.operator-token-file",
                "METRICS | viewkeeper.metrics.kpi.index-usage.alert=200 | viewkeeper.metrics.kpi.index-usage.alert",
                "OPTIMIZER | viewkeeper.security.reader-token-file=/none | viewkeeper.security.reader-token-file"
            })
    void aSettingThatMakesNoSense(ServiceKind kind, String settings, String sentence)
            throws IOException, InterruptedException {
        var set = new HashMap<String, String>();
        for (String setting : settings.split(";", -1)) {
            set.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        assertEndsWithOneSentence(kind, set, sentence);
    }

    @ParameterizedTest
    @EnumSource(ServiceKind.class)
    void aDatabaseUrlThatIsRefused(ServiceKind kind) throws IOException, InterruptedException {
        for (String url : List.of(
                "jdbc:postgresql://127.0.0.1:1/none",
                "postgresql://smith:sesame@127.0.0.1:1/none",
                "postgresql://127.0.0.1:1/none?sslmode=verify-full")) {
            assertThat(assertEndsWithOneSentence(
                            kind, Map.of("quarkus.datasource.reactive.url", url), "quarkus.datasource.reactive.url"))
                    .doesNotContain("sesame");
        }
    }

    @ParameterizedTest
    @EnumSource(ServiceKind.class)
    void aPortThatIsTakenEndsItBeforeTheDatabaseHearsOfIt(ServiceKind kind) throws IOException, InterruptedException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"));
                var database = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            for (String setting : List.of("quarkus.http.port", "quarkus.management.port")) {
                var set = Map.of(
                        setting,
                        port,
                        "quarkus.datasource.reactive.url",
                        "postgresql://127.0.0.1:" + database.getLocalPort() + "/none");
                assertEndsWithOneSentence(kind, set, setting + "=" + port);
            }
            database.setSoTimeout(1);
            assertThat(catchAccept(database)).isFalse();
        }
    }

    private static boolean catchAccept(ServerSocket socket) throws IOException {
        try (var _ = socket.accept()) {
            return true;
        } catch (SocketTimeoutException nobody) {
            return false;
        }
    }

    private String assertEndsWithOneSentence(ServiceKind kind, Map<String, String> settings, String sentence)
            throws IOException, InterruptedException {
        Path log = directory.resolve("log");
        Files.deleteIfExists(log);
        var all = new HashMap<>(Map.of(
                "quarkus.datasource.reactive.url", "postgresql://127.0.0.1:1/none",
                "quarkus.datasource.password", "none",
                "kafka.bootstrap.servers", "127.0.0.1:1",
                "quarkus.http.port", "0",
                "quarkus.management.port", "0"));
        all.putAll(settings);
        var command = RunningService.withOptions(
                Packaging.JVM.command(Installation.root().resolve(kind.module())), all);
        try (var process = ChildProcess.start(kind.module(), command, Map.of(), log)) {
            assertThat(process.awaitExit(LIMIT)).isEqualTo(1);
        }
        String said = Files.readString(log);
        assertThat(said.lines().filter(line -> line.contains(sentence)))
                .as(said)
                .hasSize(1);
        assertThat(said).doesNotContain("\tat ", "Exception", "Caused by");
        return said;
    }
}
