// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Values of statements are marked, and looked for in whatever comes out. */
@Tag("server")
class RedactionTest {
    private static final String MARK = "zzmark";

    private static final List<String> TEXTS = List.of(
            "select * from customer where name = 'zzmark1'",
            "select 'zzmark2' as x, name from customer where email like 'zzmark3%' or name in ('zzmark4', 'zzmark5')",
            "select * from customer where profile @> '{\"a\": \"zzmark6\"}' and profile ->> 'zzmark7' = $$zzmark8$$",
            "select * from customer where name = e'zzmark9\\n' and id = 47114711 order by name || 'zzmark10'",
            "select 1 'zzmark11'",
            "selec 'zzmark12'",
            "select * from customer where id = 'zzmark13'",
            "select date 'zzmark14'",
            "select * from customer where born > 'zzmark15' -- zzmark16",
            "select * from customer where name = 'zzmark17' /* zzmark18 */ limit 'zzmark19'",
            "select 'zzmark20",
            "select * from customer where 'zzmark21",
            "select 'zzmark22\nzzmark23' 'zzmark24'",
            "select 5 zzzz 'zzmark25'",
            "select mood 'zzmark26'",
            "select '{zzmark27'::jsonb",
            "update purchase set note = 'zzmark28' where status = 'zzmark29'",
            "insert into diary values ('zzmark30')",
            "select * from unnest(array['zzmark31', 'zzmark32']) as u (x) where x <> 'zzmark33'",
            "select case when name = 'zzmark34' then 'zzmark35' else 'zzmark36' end, count(*) from customer group by 1 having count(*) > 1",
            "select to_date('zzmark37', 'YYYY')",
            "select 'zzmark38'::int",
            "select raises()",
            "select 'zzmark39'; select 'zzmark40'",
            // Names that are values: the server complains of them as it does of names.
            "select nextval('zzmark43')",
            "select 'zzmark44'::regclass",
            "select 'zzmark45'::regtype",
            "select 'zzmark46.zzmark47'::regclass",
            "select '\"ZZmark.zzmark48\"'::regclass",
            "select 'a\".zzmark49\"c'::regclass",
            "select 'zzmark50'::regproc",
            "select 'zzmark51(integer)'::regprocedure",
            "select '=zzmark52(int, int)'::regoperator",
            "select 'zzmark53'::regrole",
            "select 'zzmark54'::regnamespace",
            "select to_tsvector('zzmark55', 'x')",
            "select current_setting('zzmark.zzmark56')",
            "select now() at time zone 'zzmark57'",
            "select has_table_privilege('zzmark58', 'select')",
            "select looks_up('zzmark59')",
            // What functions say while they are planned: at all levels, INFO at any setting.
            "select tells('zzmark60')",
            "select tells_all_the_same('zzmark61')");

    @Test
    void nothingThatIsToldHoldsAValue() throws Exception {
        var where = HostileShop.on(PostgresVersion.V18);
        where.execute(
                Role.SUPERUSER,
                """
                create function shop.looks_up(text) returns regclass immutable language plpgsql as $$ begin return $1::regclass; end $$;
                create function shop.tells(text) returns int immutable language plpgsql as $$
                  begin raise notice 'zzmark %', $1; raise info 'zzmark %', $1; raise warning 'zzmark %', $1; return 1; end $$;
                create function shop.tells_all_the_same(text) returns int immutable language plpgsql set client_min_messages = debug as $$
                  begin raise log 'zzmark %', $1; raise notice 'zzmark %', $1; return 1; end $$;
                """ + "update shop.customer set name = 'zzmarkname' where id % 2 = 0; analyze shop.customer;");
        var pool = Pools.pool(where, Role.OPTIMIZER);
        var explainer = new Explainer(Pools.database(pool), Protection.of(Pools.PATIENT));
        var logged = new ArrayList<String>();
        var listener = listener(logged);
        Logger.getLogger("").addHandler(listener);
        // Without our gateway the client logs what it is told.
        pool.withConnection(connection -> connection
                        .query("do $$ begin raise notice 'not through the gateway'; end $$")
                        .execute())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        assertThat(logged).anyMatch(message -> message.contains("not through the gateway"));
        for (String text : TEXTS) {
            for (boolean execute : new boolean[] {false, true}) {
                var request = new ExplainRequest(text, List.of(), execute, null, null);
                assertThat(request.toString()).doesNotContain(MARK);
                assertThat(explainer.explain(request).toString().toLowerCase(Locale.ROOT))
                        .as(text)
                        .doesNotContain(MARK)
                        .doesNotContain("47114711");
            }
        }
        for (List<@Nullable String> values : List.<List<@Nullable String>>of(
                List.of("zzmark41"), Arrays.asList((String) null), List.of("zzmarkname"))) {
            var request = new ExplainRequest("select * from customer where name = $1", values, true, null, null);
            assertThat(request.toString()).doesNotContain(MARK);
            assertThat(explainer.explain(request).toString()).doesNotContain(MARK);
        }
        var wrong = new ExplainRequest("select * from customer where id = $1", List.of("zzmark42"), true, null, null);
        assertThat(explainer.explain(wrong).toString()).doesNotContain(MARK);
        var guessed = explainer.explain(ExplainRequest.plain("select * from customer where name = $1"));
        assertThat(guessed.toString()).contains("STATISTICS").doesNotContain(MARK);
        Logger.getLogger("").removeHandler(listener);
        assertThat(logged).noneMatch(message -> message.toLowerCase(Locale.ROOT).contains(MARK));
        assertThat(kept(where)).noneMatch(text -> text.contains(MARK));
        pool.close();
    }

    /** What the server keeps of our statements for everybody to see. */
    private static List<String> kept(io.viewkeeper.sandbox.server.SandboxDatabase where) throws Exception {
        var kept = new ArrayList<String>();
        try (var connection = where.connect(Role.SUPERUSER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select query from pg_stat_statements s join pg_roles r on r.oid = s.userid where r.rolname = 'viewkeeper_optimizer'")) {
            while (rows.next()) {
                kept.add(rows.getString(1));
            }
        }
        return kept;
    }

    private static Handler listener(List<String> messages) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                messages.add(record.getMessage() + Arrays.toString(record.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }
}
