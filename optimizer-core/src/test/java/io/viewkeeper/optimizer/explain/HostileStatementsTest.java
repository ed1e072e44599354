// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.explain.Explanation.Planned;
import io.viewkeeper.optimizer.explain.Explanation.Refused;
import io.viewkeeper.optimizer.explain.Explanation.Unexplained;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What somebody may send, or leave in pg_stat_statements, to have it executed by us. EXPLAIN ANALYZE is asked for each. */
@Tag("server")
class HostileStatementsTest {
    private static final ExplainLimits LIMITS = Pools.limits(Duration.ofSeconds(1), Duration.ofMillis(300));

    private static final List<String> STATEMENTS = List.of(
            "select 1; drop table diary",
            "select 1; commit; insert into diary values ('x')",
            "select 1 /* ; */ ; -- \n insert into diary values ('x')",
            "select 'a\\'; insert into diary values (''x''); --'",
            "select e'a\\''; insert into diary values ('x'); --'",
            "select $a$;$a$; insert into diary values ('x')",
            "select $$ $a$ $$ ; delete from diary; select $$ $a$ $$",
            "select 1); commit; insert into diary values ('x'); --",
            "select 1 as \"a\"\"; commit; insert into diary values ('x'); --\"",
            "select 1 /* /* nested */ ; commit; insert into diary values ('x') */",
            "select 1 /* /* nested */ */ ; commit; insert into diary values ('x')",
            "select u&'\\0027; commit; delete from diary; --'",
            "select 1; deallocate all; begin; insert into diary values ('x'); commit",
            "begin; insert into diary values ('x'); commit",
            "with x as (insert into diary values ('x') returning entry) select * from x",
            "with x as (delete from diary returning entry) select * from x",
            "with x as (update diary set entry = 'y' returning entry) select * from x",
            "insert into diary values ('x')",
            "insert into diary select name from customer",
            "update diary set entry = 'z'",
            "delete from diary",
            "merge into diary d using (select 'x' as e) s on d.entry = s.e when not matched then insert values (s.e)",
            "truncate diary",
            "select * into stolen from customer",
            "create table stolen as select * from customer",
            "select * from diary for update",
            "select * from diary for share nowait",
            "lock table diary in access exclusive mode",
            "select writes()",
            "select n from diarist limit 1",
            "select (customer).of_row from customer limit 1",
            "select customer.of_row from customer limit 1",
            "select of_row(c) from customer c limit 1",
            "select odd_sum(id) from customer",
            "select * from customer where id === 5",
            "select 'ok'::mood::int",
            "select 'x'::checked",
            "select nextval('number')",
            "select setval('number', 100)",
            "select sleeps()",
            "select pg_sleep(60)",
            "select owner_reloads()",
            "select owner_reloads_volatile()",
            "select owner_in_truth()",
            "select * from owners_view",
            "select * from customer where active = owner_in_truth()",
            "select false_lock()",
            "select false_write()",
            "select false_dynamic()",
            "select false_setting()",
            "select false_standard()",
            "select false_behind_view()",
            "select false_reload()",
            "select false_nested()",
            "select false_sleep()",
            "select endless()",
            "select raises()",
            "select ends()",
            "select U&\"\\0066alse_lock\"()",
            "select U&\"!0066alse_lock\" uescape '!' ()",
            "select FALSE_LOCK()",
            "select shop . /* x */ false_lock ()",
            "select \"Größe\"()",
            "select pg_advisory_lock(1)",
            "select pg_try_advisory_lock(2)",
            "select * from locker",
            "select set_config('work_mem', '1GB', false)",
            "select set_config('transaction_read_only', 'off', false)",
            "set transaction read write",
            "set role postgres",
            "reset all",
            "select pg_notify('a', 'b')",
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user",
            "select pg_cancel_backend(pid) from pg_stat_activity where usename = current_user",
            "select pg_reload_conf()",
            "select pg_stat_reset()",
            "select pg_read_file('PG_VERSION')",
            "select * from pg_ls_dir('.')",
            "select pg_stat_file('PG_VERSION')",
            "select lo_import('/etc/passwd')",
            "select lo_create(0)",
            "select dblink_exec('drop table diary')",
            "select query_to_xml('delete from diary', true, true, '')",
            "select * from ts_stat('select to_tsvector(entry) from diary')",
            "copy diary to '/tmp/stolen'",
            "copy diary from program 'true'",
            "copy (select 1) to stdout",
            "do $$ begin insert into diary values ('x'); end $$",
            "call something()",
            "explain analyze insert into diary values ('x')",
            "prepare viewkeeper_explain as select 1",
            "execute viewkeeper_explain",
            "declare c cursor with hold for select * from customer",
            "vacuum diary",
            "create function f() returns int language sql as 'select 1'",
            "create temp table t as select 1",
            "notify a",
            "select count(*) from generate_series(1, 100000000000)",
            "select * from customer a, customer b, customer c",
            "select repeat('x', 1000000) from generate_series(1, 100000)",
            "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r",
            "select g from generate_series(1, 50000000) g order by md5(g::text)",
            "select array_agg(repeat('x', 1000)) from generate_series(1, 10000000)",
            "select " + "(".repeat(20_000) + "1" + ")".repeat(20_000),
            "select " + "1+".repeat(100_000) + "1",
            "select 1 where 1 in (" + "1,".repeat(200_000) + "1)",
            "select '" + "x".repeat(999_000) + "'",
            "select '" + "x".repeat(1_100_000) + "'",
            "select 'a\0b'",
            "select '\ud800'",
            "\udc00",
            "",
            " ; ; ",
            "-- nothing",
            "select 'unterminated",
            "select \"unterminated",
            "select 1 /* unterminated",
            "select $x$ unterminated",
            "<insufficient privilege>",
            "\u0000\u0001\u0002",
            "sélect 1",
            "select '" + "\u202e\ufffe\ud83d\ude00" + "'");

    @Test
    void nothingChangesWhateverIsSent() throws Exception {
        nothingChangesWhateverIsSent(PostgresVersion.V18);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"V18"})
    @Tag("release")
    void nothingChangesWhateverIsSentOnOlderVersions(PostgresVersion version) throws Exception {
        nothingChangesWhateverIsSent(version);
    }

    private void nothingChangesWhateverIsSent(PostgresVersion version) throws Exception {
        var where = HostileShop.on(version);
        var pool = Pools.pool(where, Role.OPTIMIZER);
        var database = Pools.database(pool);
        var explainer = new Explainer(database, Protection.of(LIMITS));
        var patient = new Explainer(database, Protection.of(Pools.PATIENT));
        var outcomes = new EnumMap<Layer, Integer>(Layer.class);
        var others = new LinkedHashMap<String, Integer>();
        var changed = new ArrayList<String>();
        try (var superuser = where.connect(Role.SUPERUSER);
                var bystander = Fingerprint.bystander(where)) {
            assertThat(bystander.isValid((int) Await.PATIENCE.toSeconds())).isTrue();
            Map<String, String> before = Fingerprint.of(where, superuser, database);
            for (String statement : STATEMENTS) {
                boolean creates = statement.contains(" into stolen");
                var explanation = (creates ? patient : explainer)
                        .explain(new ExplainRequest(statement, List.of(), true, null, null));
                switch (explanation) {
                    case Refused refused -> outcomes.merge(refused.layer(), 1, Integer::sum);
                    case Unexplained none -> others.merge("unexplained", 1, Integer::sum);
                    case Planned planned -> others.merge(planned.executed() ? "executed" : "planned", 1, Integer::sum);
                }
                if (creates) {
                    assertThat(told(explanation)).contains("creates a table");
                }
                assertThat(patient.explain(ExplainRequest.plain("select * from customer where id = $1")))
                        .as("after %s", shortened(statement))
                        .isInstanceOf(Planned.class);
                Map<String, String> after = Fingerprint.of(where, superuser, database);
                if (!after.equals(before)) {
                    var differing = new LinkedHashMap<>(after);
                    differing.entrySet().removeAll(before.entrySet());
                    changed.add(shortened(statement) + " changed " + differing);
                }
                before = after;
            }
        }
        System.out.printf(
                "PostgreSQL %d: %d hostile statements: refused by %s, %s%n",
                version.major(), STATEMENTS.size(), outcomes, others);
        assertThat(changed).isEmpty();
        pool.close();
    }

    private static String told(Explanation explanation) {
        return switch (explanation) {
            case Refused refused -> "REFUSED " + refused.layer() + " " + refused.reason();
            case Unexplained none -> "UNEXPLAINED " + none.sqlState() + " " + none.reason();
            case Planned planned -> (planned.executed() ? "EXECUTED " : "PLANNED ") + planned.notes();
        };
    }

    private static String shortened(String text) {
        return text.length() <= 300 ? text : text.substring(0, 120) + "…";
    }
}
