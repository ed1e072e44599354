// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.examine;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.explain.Pools;
import io.viewkeeper.optimizer.finding.TableFacts.Index;
import io.viewkeeper.optimizer.plan.PlanReader;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class FactsTest {
    /** Of others nobody knows by their columns what they serve. */
    @Test
    void knowsTheIndexesOfPlainColumns() throws Exception {
        var database = PostgresServer.shared().migratedDatabase();
        database.execute(Role.OWNER, """
                create schema shop;
                create table shop."Orders, old" (id int primary key, "a ""b" text, at date, open boolean);
                create index two on shop."Orders, old" ("a ""b", at desc) include (open);
                create index nulls on shop."Orders, old" (at nulls first, id desc nulls last);
                create index part on shop."Orders, old" (at) where open;
                create index expression on shop."Orders, old" (lower("a ""b"));
                create index patterns on shop."Orders, old" ("a ""b" text_pattern_ops);
                create index hashed on shop."Orders, old" using hash (at);
                """);
        var plan = PlanReader.read("Seq Scan on shop.\"Orders, old\"  (cost=0.00..1.00 rows=1 width=4)\n")
                .getFirst();
        var pool = Pools.pool(database, Role.OPTIMIZER);
        var facts = new Facts(Pools.database(pool)).tables(plan);
        assertThat(Objects.requireNonNull(facts.get("shop.Orders, old")).indexes())
                .containsExactly(
                        new Index("Orders, old_pkey", "\"id\""),
                        new Index("nulls", "\"at\" nulls first, \"id\" desc nulls last"),
                        new Index("two", "\"a \"\"b\", \"at\" desc"));
    }
}
