// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeLabelTest {
    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '`', textBlock = """
            "Node Type": "Seq Scan", "Relation Name": "t", "Alias": "t"                       ¦ Seq Scan on t
            "Node Type": "Seq Scan", "Relation Name": "t", "Alias": "x"                       ¦ Seq Scan on t x
            "Node Type": "Seq Scan", "Relation Name": "t", "Schema": "s", "Alias": "t"        ¦ Seq Scan on s.t
            "Node Type": "Seq Scan", "Relation Name": "t", "Parallel Aware": true             ¦ Parallel Seq Scan on t
            "Node Type": "Index Scan", "Relation Name": "t", "Index Name": "i", "Scan Direction": "Forward" ¦ Index Scan using i on t
            "Node Type": "Index Only Scan", "Relation Name": "t", "Index Name": "i", "Scan Direction": "Backward" ¦ Index Only Scan Backward using i on t
            "Node Type": "Bitmap Index Scan", "Index Name": "i"                               ¦ Bitmap Index Scan on i
            "Node Type": "Bitmap Index Scan"                                                  ¦ Bitmap Index Scan
            "Node Type": "CTE Scan", "CTE Name": "c", "Alias": "c"                            ¦ CTE Scan on c
            "Node Type": "Function Scan", "Function Name": "f", "Alias": "g"                  ¦ Function Scan on f g
            "Node Type": "Values Scan", "Alias": "*VALUES*"                                   ¦ Values Scan on *VALUES*
            "Node Type": "Nested Loop", "Join Type": "Inner"                                  ¦ Nested Loop
            "Node Type": "Nested Loop", "Join Type": "Left"                                   ¦ Nested Loop Left Join
            "Node Type": "Hash Join", "Join Type": "Anti"                                     ¦ Hash Anti Join
            "Node Type": "Merge Join", "Join Type": "Full"                                    ¦ Merge Full Join
            "Node Type": "Aggregate", "Strategy": "Plain", "Partial Mode": "Simple"           ¦ Aggregate
            "Node Type": "Aggregate", "Strategy": "Hashed", "Partial Mode": "Partial"         ¦ Partial HashAggregate
            "Node Type": "Aggregate", "Strategy": "Sorted", "Partial Mode": "Finalize"        ¦ Finalize GroupAggregate
            "Node Type": "Aggregate", "Strategy": "Mixed"                                     ¦ MixedAggregate
            "Node Type": "Group"                                                              ¦ Group
            "Node Type": "ModifyTable", "Operation": "Update", "Relation Name": "t", "Alias": "t" ¦ Update on t
            "Node Type": "ModifyTable"                                                        ¦ ModifyTable
            "Node Type": "SetOp", "Command": "Except", "Strategy": "Hashed"                   ¦ HashSetOp Except
            "Node Type": "SetOp", "Command": "Intersect All", "Strategy": "Sorted"            ¦ SetOp Intersect All
            "Node Type": "Foreign Scan", "Operation": "Select", "Relation Name": "t"          ¦ Foreign Scan on t
            "Node Type": "Foreign Scan", "Operation": "Delete", "Relation Name": "t"          ¦ Foreign Delete on t
            "Node Type": "Foreign Scan"                                                       ¦ Foreign Scan
            "Node Type": "Quantum Scan"                                                       ¦ Quantum Scan
            """)
    void namesNodesAsExplainDoes(String fields, String expected) throws MalformedPlanException {
        PlanNode node = PlanReader.read("{" + fields + "}").getFirst().root();
        assertThat(NodeLabel.withAlias(node)).isEqualTo(expected);
    }
}
