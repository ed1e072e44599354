// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Planner settings under which no plan can be trusted: kinds of plan switched off, costs and memory far from what servers use.
 * Before:
 *
 * <pre>
 * Nested Loop (actual rows=20000 loops=1)
 *   -&gt; …
 * Settings: enable_hashjoin = 'off', enable_mergejoin = 'off'
 * </pre>
 *
 * After {@code reset all}:
 *
 * <pre>
 * Hash Join (actual rows=20000 loops=1)
 *   -&gt; …
 * </pre>
 */
final class OddSettings implements Rule {
    private static final double KILO = 1_024;
    private static final double MEGA = KILO * KILO;

    private static final String SWITCH = "enable_";
    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?) ?(B|kB|MB|GB|TB)?");

    /** Off by default: switched on they are no oddity, and off they are not told. */
    private static final String OFF = "off";

    /** From and to, both usual; sizes in bytes. */
    private static final Map<String, Bounds> USUAL = usual();

    private record Bounds(double least, double most) {
        boolean holds(double value) {
            return value >= least && value <= most;
        }
    }

    private static Map<String, Bounds> usual() {
        var usual = new LinkedHashMap<String, Bounds>();
        usual.put("work_mem", new Bounds(MEGA, KILO * MEGA));
        usual.put("hash_mem_multiplier", new Bounds(1, 10));
        usual.put("effective_cache_size", new Bounds(128 * MEGA, Double.MAX_VALUE));
        usual.put("random_page_cost", new Bounds(1, 4));
        usual.put("seq_page_cost", new Bounds(0.1, 1));
        usual.put("cpu_tuple_cost", new Bounds(0.001, 0.1));
        usual.put("cpu_index_tuple_cost", new Bounds(0.0005, 0.05));
        usual.put("cpu_operator_cost", new Bounds(0.00025, 0.025));
        usual.put("parallel_setup_cost", new Bounds(10, 100_000));
        usual.put("parallel_tuple_cost", new Bounds(0.001, 1));
        usual.put("join_collapse_limit", new Bounds(2, 20));
        usual.put("from_collapse_limit", new Bounds(2, 20));
        // -1 turns compilation off, which many do.
        usual.put("jit_above_cost", new Bounds(10_000, Double.MAX_VALUE));
        return usual;
    }

    @Override
    public String id() {
        return "odd-settings";
    }

    @Override
    public List<Finding> check(Context context) {
        var odd = new TreeMap<String, String>();
        context.plan().settings().forEach((name, value) -> {
            if (isOdd(name, value)) {
                odd.put(name, value);
            }
        });
        return odd.isEmpty() ? List.of() : List.of(finding(odd));
    }

    static boolean isOdd(String name, String value) {
        if (name.startsWith(SWITCH)) {
            return value.equals(OFF);
        }
        var usual = USUAL.get(name);
        if (usual == null || value.equals("-1")) {
            return false;
        }
        return number(value).stream().anyMatch(number -> !usual.holds(number));
    }

    /** Of a size, its bytes. */
    private static OptionalDouble number(String value) {
        var found = SIZE.matcher(value);
        if (!found.matches()) {
            return OptionalDouble.empty();
        }
        double number = Double.parseDouble(found.group(1));
        String unit = found.group(2);
        return OptionalDouble.of(unit == null ? number : number * bytes(unit.toLowerCase(Locale.ROOT)));
    }

    private static double bytes(String unit) {
        return switch (unit) {
            case "kb" -> KILO;
            case "mb" -> MEGA;
            case "gb" -> MEGA * KILO;
            case "tb" -> MEGA * MEGA;
            default -> 1;
        };
    }

    private Finding finding(Map<String, String> odd) {
        boolean switchedOff = odd.keySet().stream().anyMatch(name -> name.startsWith(SWITCH));
        var told = odd.entrySet().stream()
                .map(setting -> setting.getKey() + " = " + setting.getValue())
                .toList();
        return new Finding(
                id(),
                switchedOff ? Severity.WARNING : Severity.INFO,
                null,
                "The plan was made under unusual settings: %s.".formatted(String.join(", ", odd.keySet())),
                "Find out where they come from (pg_settings, alter role, alter database, the session) and reset them, unless this statement was tried with and without; a plan that needs a switch needs statistics or an index instead.",
                null,
                Map.of("settings", told));
    }
}
