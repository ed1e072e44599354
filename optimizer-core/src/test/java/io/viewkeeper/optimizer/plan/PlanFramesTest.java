// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands around a plan does not change it, whatever its format. */
class PlanFramesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static final String JOIN = """
            Sort  (cost=120.50..121.00 rows=200 width=44) (actual time=3.100..3.200 rows=180 loops=1)
              Output: o.id, (concat(o.note, '; ', "Odd Name".name)), o.total
              Sort Key: o.total DESC, o.id
              Sort Method: quicksort  Memory: 40kB
              Buffers: shared hit=12 read=3
              InitPlan 1
                ->  Result  (cost=0.00..0.01 rows=1 width=4) (actual time=0.010..0.011 rows=1 loops=1)
                      Output: 5
              ->  Hash Left Join  (cost=10.00..110.00 rows=200 width=44) (actual time=0.500..2.500 rows=180 loops=1)
                    Hash Cond: (o.customer_id = "Odd Name".id)
                    Filter: (("Odd Name".name <> 'it''s, (a'::text) AND (o.total > (InitPlan 1).col1))
                    Rows Removed by Filter: 20
                    Buffers: shared hit=12 read=3
                    ->  Index Scan Backward using "Orders By Day" on shop.orders o  (cost=0.29..80.00 rows=200 width=30) (actual time=0.020..1.000 rows=200 loops=1)
                          Index Cond: (o.placed_on > '2024-01-01'::date)
                          Buffers: shared hit=10 read=3
                    ->  Hash  (cost=5.00..5.00 rows=50 width=20) (actual time=0.200..0.200 rows=50 loops=1)
                          Buckets: 1024  Batches: 1  Memory Usage: 11kB
                          Buffers: shared hit=2
                          ->  Seq Scan on shop."Customers" "Odd Name"  (cost=0.00..5.00 rows=50 width=20) (actual time=0.010..0.100 rows=50 loops=1)
                                Buffers: shared hit=2
            Settings: work_mem = '64kB', jit = 'off'
            Planning Time: 0.250 ms
            Execution Time: 3.500 ms
            """;

    static final String SCAN = """
            Bitmap Heap Scan on orders  (cost=4.00..40.00 rows=12 width=8)
              Recheck Cond: (customer_id = 7)
              Filter: (status = 'open'::text)
              ->  Bitmap Index Scan on orders_by_customer  (cost=0.00..4.00 rows=12 width=0)
                    Index Cond: (customer_id = 7)
            """;

    static final String BARE = """
            Limit
              ->  Nested Loop Semi Join
                    Join Filter: (a.id = b.id)
                    ->  Seq Scan on a
                    ->  Materialize
                          ->  Seq Scan on b
            """;

    static final String YAML = """
            - Plan:\s
                Node Type: "Aggregate"
                Strategy: "Plain"
                Partial Mode: "Simple"
                Parallel Aware: false
                Startup Cost: 35.50
                Total Cost: 35.51
                Plan Rows: 1
                Plan Width: 8
                Output:\s
                  - "count(*)"
                  - "'a: \\"b\\"'::text"
                Plans:\s
                  - Node Type: "Seq Scan"
                    Parent Relationship: "Outer"
                    Parallel Aware: false
                    Relation Name: "orders"
                    Alias: "o"
                    Startup Cost: 0.00
                    Total Cost: 35.50
                    Plan Rows: 2550
                    Plan Width: 0
                    Filter: "(o.total <> '5'::numeric)"
              Settings:\s
                work_mem: "64kB"
              Planning Time: 0.033
              Triggers:\s
              Execution Time: 1.500
            """;

    static final String XML = """
            <explain xmlns="http://www.postgresql.org/2009/explain">
              <Query>
                <Plan>
                  <Node-Type>Seq Scan</Node-Type>
                  <Parallel-Aware>false</Parallel-Aware>
                  <Relation-Name>orders</Relation-Name>
                  <Alias>o</Alias>
                  <Startup-Cost>0.00</Startup-Cost>
                  <Total-Cost>35.50</Total-Cost>
                  <Plan-Rows>2550</Plan-Rows>
                  <Plan-Width>0</Plan-Width>
                  <Actual-Rows>5</Actual-Rows>
                  <Actual-Loops>1</Actual-Loops>
                  <Output>
                    <Item>o.id</Item>
                    <Item>(o.id &lt; 5)</Item>
                  </Output>
                  <Filter>((o.note &lt;&gt; 'a &amp; b'::text) AND (o.id &gt; 5))</Filter>
                  <Index-Name>"i", 'j'</Index-Name>
                  <I-O-Read-Time>1.250</I-O-Read-Time>
                </Plan>
                <Planning-Time>0.033</Planning-Time>
                <Triggers>
                </Triggers>
              </Query>
            </explain>
            """;

    private static final Map<String, String> PLANS = plans();

    private static Map<String, String> plans() {
        var plans = new LinkedHashMap<String, String>();
        plans.put("a join", JOIN);
        plans.put("a scan", SCAN);
        plans.put("without costs", BARE);
        plans.put("YAML", YAML);
        plans.put("XML", XML);
        try {
            plans.put("JSON", JSON.writerWithDefaultPrettyPrinter().writeValueAsString(PlanReader.parse(JOIN)) + "\n");
            plans.put("JSON on one line", JSON.writeValueAsString(PlanReader.parse(SCAN)) + "\n");
        } catch (MalformedPlanException | JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return plans;
    }

    private static final Map<String, UnaryOperator<String>> FRAMES = frames();

    private static Map<String, UnaryOperator<String>> frames() {
        var frames = new LinkedHashMap<String, UnaryOperator<String>>();
        frames.put("nothing", plan -> plan);
        frames.put("lines of Windows", plan -> plan.replace("\n", "\r\n"));
        frames.put("a byte order mark", plan -> "\ufeff" + plan);
        frames.put("blanks that do not break", plan -> plan.replace(' ', '\u00a0'));
        frames.put("a semicolon", plan -> plan.stripTrailing() + ";\n");
        frames.put("prose", plan -> "Hello,\nmy query is slow [see below]: why?\n\n" + plan + "\nThanks.\n");
        frames.put("a fence", plan -> "# Slow\n\n```sql\nselect 1;\n```\n\n```json\n" + plan + "```\n\nWhy?\n");
        frames.put("psql", plan -> aligned(plan, " ", "", "+"));
        frames.put("psql, border 2", plan -> ruled(aligned(plan, "| ", "|", "+")));
        frames.put("psql, Unicode", plan -> ruled(aligned(plan, "\u2502 ", "\u2502", "\u21b5")));
        frames.put("psql, unaligned", plan -> "QUERY PLAN\n" + plan + "(12 rows)\n");
        frames.put(
                "psql, a whole session",
                plan -> "shop=# \\timing\nTiming is on.\nshop=# explain (analyze)\nshop-# select 1;\n"
                        + aligned(plan, " ", "", "+")
                        + "\nTime: 12.345 ms\nshop=# \n");
        frames.put("psql, rows only", plan -> withoutHeading(aligned(plan, " ", "", "+")));
        frames.put("psql, rows only, border 2", plan -> withoutHeading(aligned(plan, "| ", "|", "+")));
        frames.put(
                "psql, expanded", plan -> "-[ RECORD 1 ]------\n" + expanded(plan, "QUERY PLAN | ", "           | "));
        frames.put(
                "psql, expanded, without borders",
                plan -> "* Record 1\n" + expanded(plan, "QUERY PLAN ", "           "));
        frames.put("psql, wrapped", plan -> wrapped(plan, "+", "."));
        frames.put("psql, wrapped, Unicode", plan -> wrapped(plan, "\u21b5", "\u2026"));
        frames.put(
                "psql, HTML",
                plan ->
                        "<table border=\"1\">\n  <tr>\n    <th align=\"center\">QUERY PLAN</th>\n  </tr>\n  <tr valign=\"top\">\n"
                                + "    <td align=\"left\">" + cell(plan)
                                + "</td>\n  </tr>\n</table>\n<p>(1 row)<br />\n</p>\n");
        frames.put(
                "a client's table",
                plan -> "+-----+\n| QUERY PLAN |\n|-----|\n" + indented(plan, "| ", "| ", " |") + "+-----+\nEXPLAIN\n");
        frames.put(
                "auto_explain",
                plan -> "2026-11-27 10:00:00.123 UTC [77] bob@shop LOG:  duration: 3.512 ms  plan:\n"
                        + indented(plan, "\t", "\t")
                        + "2026-11-27 10:00:01.000 UTC [77] bob@shop LOG:  checkpoint starting: time\n");
        frames.put(
                "auto_explain, tabs lost",
                plan -> "< 2026-11-27 10:00:00 UTC >LOG:  duration: 3.512 ms  plan:\n" + plan
                        + "< 2026-11-27 10:00:01 UTC >LOG:  checkpoint starting: time\n");
        frames.put(
                "auto_explain, syslog",
                plan -> "Nov 27 10:00:00 db postgres[77]: [5-1] LOG:  duration: 3.512 ms  plan:\n"
                        + indented(
                                plan,
                                "Nov 27 10:00:00 db postgres[77]: [5-2] #011",
                                "Nov 27 10:00:00 db postgres[77]: [5-2] #011"));
        frames.put(
                "auto_explain, csvlog",
                plan -> "2026-11-27 10:00:00.1 UTC,\"bob\",\"shop\",77,\"[local]\",1.2,LOG,00000,\""
                        + ("duration: 3.512 ms  plan:\n" + plan.stripTrailing()).replace("\"", "\"\"")
                        + "\",,,,,,,,,\"psql\",\"client backend\",,0\n");
        frames.put(
                "auto_explain, jsonlog",
                plan -> "{\"timestamp\":\"2026-11-27\",\"pid\":77,\"message\":\"connection received\"}\n"
                        + "{\"timestamp\":\"2026-11-27\",\"pid\":77,\"message\":"
                        + quoted("duration: 3.5 ms  plan:\n" + plan) + "}\n");
        frames.put(
                "auto_explain, jsonlog of one message",
                plan -> "{\"pid\":77,\"message\":" + quoted("duration: 3.5 ms  plan:\n" + plan) + "}\n");
        frames.put(
                "rows in JSON",
                plan -> plan.lines()
                        .map(line -> "{\"QUERY PLAN\": " + quoted(line) + "}")
                        .collect(Collectors.joining(",\n", "[", "]")));
        frames.put("one row in JSON", plan -> "[{\"QUERY PLAN\": " + quoted(plan) + "}]");
        frames.put(
                "an export with its statement",
                plan -> "{\"explain select 1\": [{\"QUERY PLAN\": " + quoted(plan) + "}]}");
        frames.put("a text in JSON", PlanFramesTest::quoted);
        frames.put(
                "a text of a program",
                plan -> quoted(plan).substring(1, quoted(plan).length() - 1));
        frames.put("CSV", plan -> "QUERY PLAN\n\"" + plan.stripTrailing().replace("\"", "\"\"") + "\"\n");
        frames.put("a page", plan -> "<pre>" + html(plan) + "</pre>");
        frames.put("signs of a page", PlanFramesTest::html);
        frames.put("a comment", plan -> indented(plan, "-- ", "-- "));
        frames.put("a quotation", plan -> indented(plan, "> ", "> "));
        frames.put("a container's name", plan -> indented(plan, "db-1  | ", "db-1  | "));
        frames.put("indented", plan -> indented(plan, "        ", "        "));
        return frames;
    }

    /** Of TEXT, where each line is a row. */
    private static final Map<String, UnaryOperator<String>> FRAMES_OF_LINES = Map.of(
            "quotes around each line",
                    plan -> plan.lines()
                            .map(line -> "\"" + line.replace("\"", "\"\"") + "\"\n")
                            .collect(Collectors.joining()),
            "CSV, quotes where they must be",
                    plan -> "QUERY PLAN\n"
                            + plan.lines()
                                    .map(line -> line.matches(".*[,\"].*")
                                            ? "\"" + line.replace("\"", "\"\"") + "\"\n"
                                            : line + "\n")
                                    .collect(Collectors.joining()),
            "empty lines between", plan -> plan.replace("\n", "\n\n"),
            "one line", plan -> plan.replace("\n", ""),
            "arrows of a word processor", plan -> plan.replace("->  ", "\u2192  "),
            "a program's tuples",
                    plan -> plan.lines()
                            .map(line -> "('" + line + "',),\n")
                            .collect(Collectors.joining("", "[", "]"))
                            .replace(",\n]", "]"));

    private static String aligned(String plan, String left, String right, String newline) {
        int width = plan.lines().mapToInt(String::length).max().orElse(0);
        boolean rows = PlanFramesTest.isText(plan);
        String lines = plan.lines()
                .map(line -> left + line + " ".repeat(width - line.length()) + (rows ? " " : newline) + right + "\n")
                .collect(Collectors.joining());
        return left + "QUERY PLAN" + " ".repeat(width - 9) + right + "\n" + "-".repeat(width + 3) + "\n" + lines
                + "(12 rows)\n";
    }

    private static String withoutHeading(String table) {
        return table.lines().skip(2).map(line -> line + "\n").collect(Collectors.joining());
    }

    /** Of JSON, YAML and XML all lines are one row. */
    private static String expanded(String plan, String first, String others) {
        boolean rows = isText(plan);
        int width = plan.lines().mapToInt(String::length).max().orElse(0);
        return indented(
                plan.lines()
                        .map(line -> line + (rows ? "" : " ".repeat(width - line.length()) + "+") + "\n")
                        .collect(Collectors.joining()),
                first,
                rows ? first : others);
    }

    /** Parts of 60 columns, with a sign where one is cut. */
    private static String wrapped(String plan, String newline, String sign) {
        String end = isText(plan) ? " " : newline;
        var table = new StringBuilder(" QUERY PLAN\n" + "-".repeat(62) + "\n");
        for (String line : plan.lines().toList()) {
            String before = " ";
            String left = line;
            while (left.length() > 60) {
                table.append(before).append(left, 0, 60).append(sign).append('\n');
                before = sign;
                left = left.substring(60);
            }
            table.append(before)
                    .append(left)
                    .append(" ".repeat(60 - left.length()))
                    .append(end)
                    .append('\n');
        }
        return table + "(12 rows)\n";
    }

    /** Blanks at the beginning of what is shown are signs of their own. */
    private static String cell(String plan) {
        String escaped = html(plan).stripTrailing();
        return isText(plan)
                ? escaped.replace("  ", "&nbsp;&nbsp;")
                        .replace("\n", "</td>\n  </tr>\n  <tr valign=\"top\">\n    <td align=\"left\">")
                : escaped.replace("\n", "<br />\n");
    }

    private static boolean isText(String plan) {
        return !plan.contains("Node Type") && !plan.contains("Node-Type");
    }

    private static String ruled(String table) {
        return "+----------+\n" + table.replace("(12 rows)", "+----------+\n(12 rows)");
    }

    private static String indented(String plan, String first, String others) {
        return indented(plan, first, others, "");
    }

    private static String indented(String plan, String first, String others, String end) {
        var lines = plan.lines().toList();
        return first + lines.getFirst() + end + "\n"
                + lines.stream().skip(1).map(line -> others + line + end + "\n").collect(Collectors.joining());
    }

    private static String html(String plan) {
        return plan.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Arguments> framed() {
        Stream<Arguments> all = FRAMES.keySet().stream()
                .flatMap(frame -> PLANS.keySet().stream().map(plan -> Arguments.of(frame, plan)));
        Stream<Arguments> ofLines = FRAMES_OF_LINES.keySet().stream()
                .sorted()
                .flatMap(frame -> Stream.of("a join", "a scan").map(plan -> Arguments.of(frame, plan)));
        return Stream.concat(all, ofLines);
    }

    @ParameterizedTest
    @MethodSource
    void framed(String frame, String name) throws MalformedPlanException {
        String plan = String.valueOf(PLANS.get(name));
        var framed = Objects.requireNonNull(FRAMES.getOrDefault(frame, FRAMES_OF_LINES.get(frame)));
        assertThat(PlanReader.read(framed.apply(plan)))
                .isEqualTo(PlanReader.read(plan))
                .hasSize(1);
    }

    @Test
    void severalPlansAreReadInTheirOrder() throws MalformedPlanException {
        String prompt = "shop=# explain select 1;\n";
        for (String plan : List.of(JOIN, SCAN, BARE, String.valueOf(PLANS.get("JSON")))) {
            Plan right = PlanReader.read(plan).getFirst();
            assertThat(PlanReader.read(
                            prompt + aligned(plan, " ", "", "+") + "\n" + prompt + aligned(plan, " ", "", "+")))
                    .isEqualTo(List.of(right, right));
            UnaryOperator<String> log = Objects.requireNonNull(FRAMES.get("auto_explain"));
            assertThat(PlanReader.read(log.apply(plan) + log.apply(plan) + log.apply(plan)))
                    .isEqualTo(Collections.nCopies(3, right));
        }
    }

    @Test
    void aStatementAboveAPlanIsKeptWithIt() throws MalformedPlanException {
        String statement = "Query Text: select *\n\tfrom orders\n\n\twhere note = 'Sort';\n";
        String logged = Objects.requireNonNull(FRAMES.get("auto_explain")).apply(statement + SCAN);
        Plan plan = PlanReader.read(logged).getFirst();
        assertThat(plan.statementText()).isEqualTo("select *\n\tfrom orders\n\n\twhere note = 'Sort';");
        assertThat(plan.root()).isEqualTo(PlanReader.read(SCAN).getFirst().root());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '`', textBlock = """
            hello                          ¦ at the top: the text holds no plan, neither TEXT nor JSON, YAML or XML
            select * from orders limit 5;  ¦ at the top: the text holds no plan, neither TEXT nor JSON, YAML or XML
            Utility statements have no plan structure ¦ at the top: the text holds no plan, neither TEXT nor JSON, YAML or XML
            `   `                          ¦ at the top: the text is empty
            "a text"                       ¦ at the top: an object was expected, found a text
            <Plan><Node-Type>x</Node-Type> ¦ line 1, column 31: this is not XML as EXPLAIN writes it, or ends too early
            <!DOCTYPE x><Plan><Node-Type>x</Node-Type></Plan> ¦ at the top: this is not XML as EXPLAIN writes it: it has a document type or CDATA
            - Plan: {Node Type: "Seq Scan" ¦ at the top: the text holds no plan, neither TEXT nor JSON, YAML or XML
            """)
    void refusesWhatIsNoPlan(String text, String message) {
        assertThatThrownBy(() -> PlanReader.read(text)).hasMessage(message);
    }

    /** XML names neither the groups of an incremental sort nor the kind of their space. */
    @ParameterizedTest
    @CsvSource(delimiter = '¦', textBlock = """
            quicksort      ¦                ¦ 29 ¦
            external merge ¦                ¦    ¦ 29
            quicksort      ¦ external merge ¦ 29 ¦ 88
            """)
    void tellsTheGroupsOfAnIncrementalSortApart(
            String method, @Nullable String other, @Nullable Long memory, @Nullable Long disk)
            throws MalformedPlanException {
        String space = "<Sort-Space><Average-Sort-Space-Used>28</Average-Sort-Space-Used>"
                + "<Peak-Sort-Space-Used>%d</Peak-Sort-Space-Used></Sort-Space>";
        String groups = "<Incremental-Sort-Groups><Group-Count>%d</Group-Count><Sort-Methods-Used><Item>"
                + (other == null ? method : method + "</Item><Item>" + other) + "</Item></Sort-Methods-Used>"
                + space.formatted(29) + (other == null ? "" : space.formatted(88)) + "</Incremental-Sort-Groups>";
        String plan =
                "<Plan><Node-Type>Incremental Sort</Node-Type>" + groups.formatted(3) + groups.formatted(7) + "</Plan>";
        var sort =
                (Detail.IncrementalSort) PlanReader.read(plan).getFirst().root().detail();
        assertThat(sort.fullSort())
                .isEqualTo(new Detail.SortGroups(
                        3, other == null ? List.of(method) : List.of(method, other), memory, disk));
        assertThat(sort.presorted()).extracting(Detail.SortGroups::groups).isEqualTo(7L);
    }

    @Test
    void framesInFramesAreNotLookedThroughForEver() throws Exception {
        String text = SCAN;
        for (int frames = 1; frames <= 4; frames++) {
            text = JSON.writeValueAsString(List.of(text, frames));
            assertThat(PlanReader.read(text)).hasSize(1);
        }
        String deeper = JSON.writeValueAsString(List.of(text, 5));
        assertThatThrownBy(() -> PlanReader.read(deeper))
                .isInstanceOf(MalformedPlanException.class)
                .hasMessageContaining("a plan stands in more than 4 frames");
    }

    @Test
    void saysThatTheBlanksAreLost() {
        String flat = SCAN.lines().map(String::strip).collect(Collectors.joining("\n"));
        assertThatThrownBy(() -> PlanReader.read(flat))
                .hasMessage("line 4, column 1: the blanks before the lines are lost, which tell what is below what");
    }

    @Test
    void saysWhereJsonInAFrameEnds() {
        String json = String.valueOf(PLANS.get("JSON"));
        String broken = "Hello:\n" + json.substring(0, json.length() / 2);
        assertThatThrownBy(() -> PlanReader.read(broken))
                .hasMessageMatching("line \\d+, column \\d+: this is not JSON, or ends too early");
    }
}
