// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.launcher.process.ChildProcess;
import io.viewkeeper.sandbox.launcher.process.Http;
import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.launcher.process.Poll;
import io.viewkeeper.sandbox.launcher.process.Tool;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import io.viewkeeper.sandbox.server.FreePort;
import io.viewkeeper.sandbox.server.Role;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Debian's postgres_exporter on a site's database, as a role of its own that is a member of {@code pg_monitor}. */
final class PostgresExporter implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String EXAMPLE_QUERIES = "doc/prometheus-postgres-exporter/examples/queries.yaml";

    private final ChildProcess process;
    private final int port;

    private PostgresExporter(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** The queries that come with it as an example, if they do: figures of each table and each statement. */
    static Optional<Path> exampleQueries(Tool program) {
        return program.shared(EXAMPLE_QUERIES);
    }

    static void createRole(Workbench.Site site) {
        try (var superuser = site.session(Role.SUPERUSER)) {
            superuser.run("""
                    /* viewkeeper:bench */
                    do $role$
                    begin
                      if not exists (select from pg_catalog.pg_roles where rolname = 'bench_exporter') then
                        create role bench_exporter login password '%s' in role pg_monitor;
                      end if;
                    end
                    $role$
                    """.formatted(site.database().password()));
        }
    }

    /** Started with its defaults, and ready. */
    static PostgresExporter start(Tool program, Workbench.Site site) throws InterruptedException {
        return start(program, site, List.of());
    }

    /** As {@link #start(Tool, Workbench.Site)}, and with these queries besides. */
    static PostgresExporter start(Tool program, Workbench.Site site, Path queries) throws InterruptedException {
        return start(program, site, List.of("--extend.query-path=" + queries));
    }

    private static PostgresExporter start(Tool program, Workbench.Site site, List<String> options)
            throws InterruptedException {
        int port = FreePort.choose();
        var command = new ArrayList<>(
                List.of(program.file().toString(), "--web.listen-address=127.0.0.1:" + port, "--log.level=warn"));
        command.addAll(options);
        var database = site.database();
        var source = "postgresql://bench_exporter:%s@%s:%d/%s?sslmode=disable"
                .formatted(database.password(), database.host(), database.port(), database.name());
        var exporter = new PostgresExporter(
                ChildProcess.start(
                        "postgres_exporter",
                        command,
                        Map.of("DATA_SOURCE_NAME", source),
                        site.surroundings().logs().resolve("postgres-exporter.log")),
                port);
        exporter.awaitReady();
        return exporter;
    }

    private void awaitReady() throws InterruptedException {
        boolean ready = new Poll(LIMIT).until(() -> {
            if (!process.isAlive()) {
                throw new LauncherException(process.obituary());
            }
            return Http.status(URI.create("http://127.0.0.1:" + port + "/")) == Http.OK;
        });
        if (!ready) {
            throw new LauncherException(
                    "postgres_exporter does not answer; the end of its log:%n%s".formatted(process.endOfLog()));
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port + "/metrics");
    }

    ChildProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }
}
