// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.explain.Explanation.Planned;
import io.viewkeeper.optimizer.explain.Explanation.Refused;
import io.viewkeeper.optimizer.explain.Explanation.Unexplained;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Statements as an application executes them, explained as pg_stat_statements has them. */
@Tag("server")
class NormalisedStatementsTest {
    private static final List<String> STATEMENTS = List.of(
            "select * from customer where id = 7",
            "select name from customer where email like 'c1%' and active = true limit 10 offset 5",
            "select * from purchase where placed = date '2025-03-01'",
            "select * from purchase where placed between date '2025-03-01' and date '2025-03-01' + interval '1' month",
            "select count(*) from purchase where placed_at >= timestamp '2025-02-01 00:00:00' - interval '90' day",
            "select count(*) from purchase where shipped_at > now() - interval '2 days'",
            "select count(*) from purchase where shipped_at > timestamp with time zone '2025-01-01 00:00:00+00'",
            "select count(*) from purchase where duration > interval '90.5' second (3)",
            "select count(*) from purchase where duration > interval '1 10:00' day to minute",
            "select count(*) from purchase where duration > interval(3) '3 hours'",
            "select count(*) from purchase where placed_at::time > time '10:00'",
            "select id from purchase where status in ('open', 'paid', 'sent')",
            "select id from purchase where id in (1, 2, 3, 4, 5, 6)",
            "select id from purchase where id = any (array[1, 2, 3])",
            "select id from purchase where status not in ('open', 'x') and quantity > 3",
            "with recent as (select * from purchase where placed > '2025-06-01') select customer_id, count(*) from recent group by customer_id having count(*) > 2",
            "with recent as materialized (select * from purchase where total > 100.5) select * from recent r join customer c on c.id = r.customer_id where c.mood = 'happy'",
            "select id, row_number() over (partition by customer_id order by placed desc) from purchase where quantity = 3",
            "select id, lag(total, 2, 0.0) over w, ntile(4) over w from purchase where customer_id = 12 window w as (partition by customer_id order by placed rows between 3 preceding and current row)",
            "select sum(total) over (order by placed_at range between interval '1 day' preceding and current row) from purchase where customer_id < 50",
            "select c.name, p.total from customer c cross join lateral (select * from purchase p where p.customer_id = c.id order by total desc limit 3) p where c.id < 10",
            "select \"Maß\", \"select\" from \"Größe \"\"x\"\"\" as \"größe\" where \"größe\".\"Maß\" > 10 and \"select\" <> 'x''y'",
            "select count(*) from event where happened >= '2026-01-01' and happened < '2026-02-01'",
            "select kind, count(*) from event where happened = date '2025-05-05' and payload ->> 'n' = '5' group by kind",
            "update purchase set status = 'sent', total = total * 1.1 where id = 7",
            "update purchase p set note = c.name || ' x' from customer c where c.id = p.customer_id and c.email = 'c5@example.org'",
            "update purchase as p set (note, quantity) = (select i.title, 5 from item i where i.id = 3) where p.id = 9 returning p.id",
            "update purchase set quantity = quantity + 1, note = default where placed < date '2024-01-01' and status = 'x'",
            "delete from line where purchase_id = 999999",
            "delete from line l using purchase p where p.id = l.purchase_id and p.status = 'gone' and p.placed < date '2020-01-01' returning l.*",
            "insert into line (purchase_id, item_id, pieces, discount) select id + 1000000, 1, 2, 0.5 from purchase where status = 'nothing'",
            "insert into line select id + 2000000, 5, 1, 0.0 from purchase where id = 5 on conflict (purchase_id, item_id) do update set pieces = line.pieces + 1",
            "merge into line as t using (select id, 3 as n from purchase where id < 5) as s on t.purchase_id = s.id and t.item_id = 100000 when matched then update set pieces = s.n when not matched and s.n > 100 then insert values (s.id, 9, 9, 0.9)",
            "with gone as (delete from line where purchase_id = -1 returning purchase_id, pieces) insert into event select purchase_id, date '2025-01-01', 'gone', null from gone",
            "select status, placed, sum(total) from purchase where quantity > 2 group by grouping sets ((status), (placed), ()) having sum(total) > 1000",
            "select status, extract(month from placed), sum(total) from purchase group by rollup (status, extract(month from placed))",
            "select count(*) filter (where total > 100), avg(total) filter (where status = 'open') from purchase",
            "select profile -> 'city', profile ->> 'level' from customer where profile @> '{\"level\": 1}' and profile ? 'city'",
            "select id from customer where jsonb_path_exists(profile, '$.level ? (@ > 1)') and profile #>> '{a,b}' is null",
            "select jsonb_build_object('id', id, 'n', name), json_agg(name order by id) from customer where id < 5 group by id, name",
            "select id from customer where tags && array['t1', 't2'] and tags[1] = 't1' and 't3' <> all (tags)",
            "select id, unnest(tags || array['more']) from customer where array_length(tags, 1) = 1 limit 5",
            "select id, ts_rank(words, to_tsquery('simple', 'item & number')) from item where words @@ to_tsquery('simple', 'item & number') order by 2 desc limit 3",
            "with recursive tree as (select id, parent, 1 as depth from category where id = 1 union all select c.id, c.parent, t.depth + 1 from category c join tree t on c.parent = t.id where t.depth < 5) select * from tree",
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20) select * from n",
            "select id, name from customer where id = 1 union all select id, title from item where id = 2 order by 1 limit 5",
            "select 1 as k, name from customer where id < 3 union select id, title from item where id > 190",
            "select customer_id from purchase where total > 400 intersect select id from customer where mood = 'ok' except select 5",
            "select * from customer c where exists (select 1 from purchase p where p.customer_id = c.id and p.total > 450) and c.id not in (select customer_id from purchase where status = 'open')",
            "select d::date, count(p.id) from generate_series(date '2025-01-01', date '2025-01-31', interval '1 day') d left join purchase p on p.placed = d::date group by 1",
            "select g, g * 2 from generate_series(1, 100, 5) g where g % 3 = 0",
            "select sum(case when status = 'open' then 1 else 0 end), sum(case status when 'paid' then total else 0 end) from purchase",
            "select sum(case when c.active then 1 else 2 end * p.total) from purchase p join customer c on c.id = p.customer_id where p.placed > '2025-05-05'",
            "select extract(year from placed) as y, extract(dow from shipped_at), sum(total) from purchase where extract(year from placed) = 2025 group by 1, 2",
            "select date_trunc('month', placed_at), count(*) from purchase group by date_trunc('month', placed_at) order by date_trunc('month', placed_at)",
            "select date_trunc('day', shipped_at at time zone 'UTC') as d, to_char(shipped_at, 'YYYY-MM') from purchase where id < 100 group by 1, to_char(shipped_at, 'YYYY-MM')",
            "select coalesce(note, 'none'), coalesce(status, 'x') || ' - ' || id, nullif(quantity, 0) from purchase where coalesce(total, 0) > 5",
            "select * from purchase where (placed, id) > (date '2025-06-01', 100) order by placed, id fetch first 10 rows only",
            "select substring(name from 2 for 3), position('a' in name), trim(both 'n' from name), overlay(name placing 'xx' from 2 for 1), left(name, 3) from customer where upper(substring(name, 1, 1)) = 'N'",
            "select placed + 7, placed - 30, placed_at + interval '3' hour, shipped_at - interval '10 minutes' * 3, 2 * interval '1 day' from purchase where placed + 10 > current_date - 365",
            "select 1 + 2, 'a' || 'b', -5, round(2.567, 1), greatest(1, 2), abs(-3), power(2, 3)",
            "select null, true, 'x', array[1, 2], row(1, 'a'), '2025-01-01'::date, cast('5' as int), 1.5::float8",
            "select * from purchase tablesample system (10) repeatable (5) where total > 10",
            "select * from open_purchase where total > 300 and name <> 'x' order by placed limit 20",
            "select * from totals where total > 1000 order by total desc limit 10",
            "select * from purchase where id = 5 for update skip locked",
            "select p.id from purchase p join customer c on c.id = p.customer_id where c.id = 5 for no key update of p nowait",
            "select v.id, v.label, p.total from (values (1, 'one'), (2, 'two')) as v (id, label) join purchase p on p.id = v.id",
            "select percentile_cont(0.5) within group (order by total), mode() within group (order by status), string_agg(status, ', ') from purchase where placed > '2025-01-05'",
            "select distinct on (customer_id) customer_id, placed from purchase where status = 'paid' order by customer_id, placed desc",
            "select distinct date_trunc('month', placed_at) from purchase where total > 10 order by date_trunc('month', placed_at)",
            "select c.name from customer c left join purchase p on p.customer_id = c.id and p.status = 'open' where p.id is null and c.born > date '1990-01-01' and age(c.born) > interval '1 year'",
            "select mood, count(*) from customer where mood in ('sad', 'happy') and mood = mood 'happy' group by mood",
            "select item_id, sum(pieces * (1 - discount)) as revenue from line group by item_id order by revenue desc nulls last limit 5",
            "select float8 '1.5' * pieces, numeric '2' + discount::numeric from line where purchase_id < 10 and double precision '0.1' <= discount",
            "select c.id from customer c where (select count(*) from purchase p where p.customer_id = c.id and p.quantity between 2 and 4) > 3",
            "select name collate \"C\" from customer where name collate \"C\" > 'n' order by name collate \"C\" limit 3",
            "select to_timestamp(1735689600), make_interval(days => 10), to_date('20250101', 'YYYYMMDD')",
            "select concat('a', id, 'b'), format('%s-%s', id, 'x'), lpad(id::text, 8, '0') from customer where id % 10 = 3",
            "values (1, 'a'), (2, 'b')",
            "table category",
            "insert into line values (5000000, 1, 1, 0.1)",
            "select bool_and(active), every(id > 0), array_agg(distinct mood) filter (where id > 5) from customer where regexp_replace(name, '[0-9]+', 'x', 'g') ~ '^name' and name ilike 'N%'",
            "select id from purchase where total = (select max(total) from purchase where status = 'open') or (quantity, status) in ((1, 'open'), (2, 'paid'))",
            "select case when total > 100 then 'big' when total > 50 then 'middle' else 'small' end as size, count(*) from purchase group by case when total > 100 then 'big' when total > 50 then 'middle' else 'small' end",
            "select width_bucket(total, 0, 500, 10) as bucket, count(*) from purchase group by bucket order by bucket",
            "select * from unnest(array['a', 'b'], array[1, 2]) as u (x, y) where y > 1");

    /** Many rows at once, as programs change them; values that are made JSON. */
    private static final List<String> OF_PARAMETERS = List.of(
            "update purchase as p set total = d.t, status = d.s from (select unnest(array[1, 2]) as id, unnest(array[1.5, 2.5]) as t, unnest(array['a', 'b']) as s) as d where p.id = d.id",
            "update purchase as p set total = d.t from unnest(array[1, 2], array[1.5, 2.5]) as d(id, t) where p.id = d.id",
            "select p.* from purchase p join unnest(array[1, 2, 3]) as u(id) on u.id = p.id",
            "update customer set profile = jsonb_set(profile, '{a}', to_jsonb('x'::text)) where id = 5",
            "select to_jsonb(5), to_json('x'::text)");

    @ParameterizedTest
    @EnumSource(
            value = PostgresVersion.class,
            names = {"V15", "V18"})
    void nearlyEveryStatementGetsAPlanAndTheOthersAReason(PostgresVersion version) throws Exception {
        var database = Shop.on(version);
        var pool = Pools.pool(database, Role.OPTIMIZER);
        var explainer = new Explainer(Pools.database(pool), Protection.of(Pools.PATIENT));
        var without = new ArrayList<String>();
        var repairs = EnumSet.noneOf(Repair.class);
        int planned = 0;
        for (String normalised : normalised(database, STATEMENTS)) {
            Explanation explanation = explainer.explain(ExplainRequest.plain(normalised));
            switch (explanation) {
                case Planned plan -> {
                    planned++;
                    repairs.addAll(plan.repairs());
                    assertThat(plan.plan().nodes()).isNotEmpty();
                }
                case Unexplained none -> {
                    assertThat(none.reason()).isNotBlank();
                    without.add(normalised + " -> " + none);
                }
                case Refused refused -> without.add(normalised + " -> " + refused);
            }
        }
        System.out.printf(
                "PostgreSQL %d: %d of %d statements have a plan; without: %n    %s%n",
                version.major(), planned, STATEMENTS.size(), String.join("\n    ", without));
        assertThat(planned).as("without a plan: %s", without).isGreaterThanOrEqualTo((int)
                Math.ceil(STATEMENTS.size() * 0.95));
        assertThat(repairs)
                .contains(
                        Repair.LITERAL_CASTS,
                        Repair.PARAMETER_TYPES,
                        Repair.GROUPED_CONSTANTS,
                        Repair.READ_SIDE,
                        Repair.GENERIC_PLAN);
        assertThat(repairs.contains(Repair.LIST_LENGTHS)).isEqualTo(version == PostgresVersion.V18);
        assertThat(explainer.explain(ExplainRequest.plain("select count(*) from purchase")))
                .isInstanceOfSatisfying(
                        Planned.class, plan -> assertThat(plan.repairs()).isEmpty());
        pool.close();
    }

    @Test
    void arraysAndJsonMadeOfParametersHaveAPlan() throws Exception {
        var database = Shop.on(PostgresVersion.newest());
        var pool = Pools.pool(database, Role.OPTIMIZER);
        var explainer = new Explainer(Pools.database(pool), Protection.of(Pools.PATIENT));
        for (String normalised : normalised(database, OF_PARAMETERS)) {
            assertThat(explainer.explain(ExplainRequest.plain(normalised)))
                    .as(normalised)
                    .isInstanceOf(Planned.class);
        }
        pool.close();
    }

    /** What pg_stat_statements makes of them. */
    private static List<String> normalised(SandboxDatabase database, List<String> statements) throws SQLException {
        var normalised = new ArrayList<String>();
        try (var administration = database.connect(Role.SUPERUSER);
                var application = database.connect(Role.OWNER);
                var statistics = administration.createStatement();
                var execution = application.createStatement()) {
            application.setAutoCommit(false);
            for (String statement : statements) {
                statistics.execute(
                        "select pg_stat_statements_reset((select oid from pg_roles where rolname = 'viewkeeper_owner'), (select oid from pg_database where datname = current_database()), 0)");
                execution.execute(statement);
                application.rollback();
                try (var rows = statistics.executeQuery("""
                        select query from pg_stat_statements s join pg_roles r on r.oid = s.userid join pg_database d on d.oid = s.dbid
                        where r.rolname = 'viewkeeper_owner' and d.datname = current_database() and query !~* '^(begin|rollback|set|show|select current_schema)'
                        """)) {
                    assertThat(rows.next()).as(statement).isTrue();
                    normalised.add(rows.getString(1));
                }
            }
        }
        return normalised;
    }
}
