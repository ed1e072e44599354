// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plans of one statement in all formats: what JSON says is right. What TEXT cannot tell is in {@link ComparablePlan}. */
@Tag("server")
class PlanFormatsTest {
    private static final List<String> OTHER_FORMATS = List.of("TEXT", "YAML", "XML");

    @Test
    void everyFormatIsReadAsJsonIs() throws SQLException, MalformedPlanException {
        compare(PostgresVersion.V18, Corpus.moreEntries());
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    @Tag("release")
    void everyFormatIsReadAsJsonIsWhateverIsExecuted(PostgresVersion version)
            throws SQLException, MalformedPlanException {
        compare(version, entries());
    }

    private static List<Corpus.Entry> entries() {
        return Stream.concat(Corpus.entries().stream(), Corpus.moreEntries().stream())
                .toList();
    }

    private static void compare(PostgresVersion version, List<Corpus.Entry> executed)
            throws SQLException, MalformedPlanException {
        var database = PostgresServer.shared(version).createUnmigratedDatabase("formats_" + UUID.randomUUID());
        try (var connection =
                DriverManager.getConnection(database.jdbcUrl(Role.SUPERUSER) + "&preferQueryMode=simple")) {
            Corpus.setUp(connection);
            Corpus.setUpMore(database, connection);
            keepTheEstimates(connection);
            List<Corpus.Entry> entries = entries().stream()
                    .filter(entry -> entry.since() <= version.major())
                    .toList();
            assertThat(entries).hasSizeGreaterThan(135);
            for (Corpus.Entry entry : entries) {
                planned(connection, entry);
                if (entry.options().contains("ANALYZE") && executed.contains(entry)) {
                    executed(connection, entry);
                }
            }
        }
    }

    /** Autovacuum would change them between one format and the next. */
    private static void keepTheEstimates(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("""
                    do $$
                      declare t regclass;
                      begin
                        for t in
                          select c.oid
                          from pg_class c
                          where c.relkind = 'r' and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
                        loop
                          execute format('alter table %s set (autovacuum_enabled = false)', t);
                        end loop;
                      end
                    $$""");
        }
    }

    private static void planned(Connection connection, Corpus.Entry entry) throws SQLException, MalformedPlanException {
        String options = Arrays.stream(entry.options().split(", ", -1))
                .filter(option -> !option.matches("ANALYZE|TIMING OFF|WAL|SERIALIZE TEXT"))
                .map(option -> ", " + option)
                .collect(Collectors.joining());
        String json = Corpus.explain(connection, entry, "FORMAT JSON" + options);
        for (String format : OTHER_FORMATS) {
            String text = Corpus.explain(connection, entry, "FORMAT " + format + options);
            boolean asText = format.equals("TEXT");
            var told = new ComparablePlan(entry, asText, false, PlanReader.parse(text)).plan();
            var right = new ComparablePlan(entry, asText, false, PlanReader.parse(json)).plan();
            same(entry.name() + " as " + format, told, right);
        }
    }

    /** Executed twice: what differs from one execution to the next is left out. */
    private static void executed(Connection connection, Corpus.Entry entry)
            throws SQLException, MalformedPlanException {
        String text = Corpus.explain(connection, entry, "FORMAT TEXT, " + entry.options());
        var told = new ComparablePlan(entry, true, true, PlanReader.parse(text)).plan();
        var right = new ComparablePlan(entry, true, true, PlanReader.parse(Corpus.explain(connection, entry))).plan();
        same(entry.name() + ", executed", told, right);
    }

    private static void same(String name, Plan told, Plan right) {
        List<List<Object>> nodes = nodes(right);
        assertThat(nodes(told)).as(name).hasSameSizeAs(nodes);
        for (int i = 0; i < nodes.size(); i++) {
            assertThat(nodes(told).get(i)).as(name).isEqualTo(nodes.get(i));
        }
        assertThat(told).as(name).isEqualTo(right);
    }

    /** One by one, since a difference between trees is hard to read. */
    private static List<List<Object>> nodes(Plan plan) {
        var nodes = new ArrayList<List<Object>>();
        for (PlanNode node : plan.nodes()) {
            nodes.add(List.of(
                    node.path(),
                    node.typeName(),
                    node.placement(),
                    String.valueOf(node.estimate()) + node.actual() + node.buffers(),
                    node.target(),
                    node.conditions(),
                    node.removals(),
                    node.detail(),
                    node.workers(),
                    node.other().entrySet().stream()
                            .map(PlanFormatsTest::field)
                            .sorted()
                            .toList()));
        }
        return nodes;
    }

    private static String field(Map.Entry<String, JsonNode> field) {
        return field.getKey() + "=" + field.getValue();
    }
}
