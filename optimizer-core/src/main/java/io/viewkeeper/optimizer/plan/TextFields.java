// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line "Key: value" of EXPLAIN (FORMAT TEXT) as the fields that its JSON has. */
final class TextFields {
    private static final Set<String> LISTS =
            Set.of("Output", "Sort Key", "Presorted Key", "Group Key", "Params Evaluated", "Conflict Arbiter Indexes");

    private static final Pattern COUNT = Pattern.compile("([a-z]{1,20}(?: full)?)= ?(\\d{1,25}(?:\\.\\d{1,25})?)");
    private static final Pattern MEASURE =
            Pattern.compile("([A-Z][A-Za-z -]{0,30}): (\\d{1,25})(?: ?kB)?(?: \\(originally (\\d{1,25})\\))?");
    private static final Pattern SPACE = Pattern.compile("(Memory|Disk): (\\d{1,25}) ?kB");
    private static final Pattern GROUPS = Pattern.compile("(\\d{1,25}) +Sort Methods?: ([^:]*)");
    private static final Pattern GROUP_SPACE =
            Pattern.compile("Average (Memory|Disk): (\\d{1,25}) ?kB +Peak (?:Memory|Disk): (\\d{1,25}) ?kB");
    private static final Pattern STORAGE = Pattern.compile("(\\w+) +Maximum Storage: (\\d{1,25}) ?kB");
    private static final Pattern OPTION = Pattern.compile("([A-Z][a-z]{1,20}) (true|false)");
    private static final Pattern TIME = Pattern.compile("([A-Z][a-z]{1,20}) (\\d{1,25}(?:\\.\\d{1,25})?) ms");

    /** As "Buckets: 1024 (originally 512)  Batches: 1  Memory Usage: 9kB" names them, and as JSON does. */
    private static final Map<String, String> MEASURES = Map.of(
            "Buckets", "Hash Buckets",
            "Batches", "Hash Batches",
            "Memory Usage", "Peak Memory Usage",
            "Hits", "Cache Hits",
            "Misses", "Cache Misses",
            "Evictions", "Cache Evictions",
            "Overflows", "Cache Overflows");

    private TextFields() {}

    static void put(ObjectNode into, String name, String value) {
        switch (name) {
            case "Buffers" -> buffers(into, value);
            case "I/O Timings" -> timings(into, value);
            case "WAL" -> counts(into, value, "WAL ");
            case "Heap Blocks" -> blocks(into, value);
            case "Tuples" -> counts(into, value, "Tuples ");
            case "Memory" -> counts(into, value, "Memory ");
            case "Sort Method" -> sorted(into, value);
            case "Full-sort Groups", "Pre-sorted Groups" -> groups(into.putObject(name), value);
            case "Buckets", "Batches", "Planned Partitions", "Hits" -> measures(into, name + ": " + value);
            case "Storage" -> storage(into, value);
            case "Sampling" -> sampling(into, value);
            case "Settings" -> settings(into.putObject(name), value);
            case "Options" -> options(into.putObject(name), value);
            case "Timing" -> timing(into.putObject(name), value);
            case "Serialization" -> serialization(into.putObject(name), value);
            default -> other(into, name, value);
        }
    }

    private static void other(ObjectNode into, String name, String value) {
        if (LISTS.contains(name)) {
            into.set(name, FieldValues.texts(list(value)));
        } else {
            into.set(name, FieldValues.of(name, value));
        }
    }

    /** "shared hit=1 read=2, local hit=3, temp read=4 written=5" */
    private static void buffers(ObjectNode into, String value) {
        for (String part : value.split(",", -1)) {
            String kind = capital(firstWord(part));
            for (Matcher count = COUNT.matcher(part); count.find(); ) {
                into.set(kind + " " + capital(count.group(1)) + " Blocks", FieldValues.number(count.group(2)));
            }
        }
    }

    /** "read=1.2 write=3" before 15, "shared/local read=1.2, temp read=3" before 17, "shared read=1.2, local read=3" since. */
    private static void timings(ObjectNode into, String value) {
        for (String part : value.split(",", -1)) {
            String kind = firstWord(part);
            String prefix = kind.contains("/") || kind.contains("=") ? "" : capital(kind) + " ";
            for (Matcher count = COUNT.matcher(part); count.find(); ) {
                into.set(prefix + "I/O " + capital(count.group(1)) + " Time", FieldValues.number(count.group(2)));
            }
        }
    }

    private static void counts(ObjectNode into, String value, String prefix) {
        for (Matcher count = COUNT.matcher(value); count.find(); ) {
            String name = count.group(1).equals("fpi") ? "FPI" : capital(count.group(1));
            into.set(prefix + name.replace(" full", " Full"), FieldValues.number(count.group(2)));
        }
    }

    private static void blocks(ObjectNode into, String value) {
        for (Matcher count = COUNT.matcher(value); count.find(); ) {
            into.set(capital(count.group(1)) + " Heap Blocks", FieldValues.number(count.group(2)));
        }
    }

    private static void sorted(ObjectNode into, String value) {
        Matcher space = SPACE.matcher(value);
        if (!space.find()) {
            into.put("Sort Method", value);
            return;
        }
        into.put("Sort Method", value.substring(0, space.start()).strip());
        into.set("Sort Space Used", FieldValues.number(space.group(2)));
        into.put("Sort Space Type", space.group(1));
    }

    private static void groups(ObjectNode into, String value) {
        Matcher groups = GROUPS.matcher(value);
        if (groups.lookingAt()) {
            String methods = groups.group(2);
            int end = methods.indexOf(" Average ");
            into.set("Group Count", FieldValues.number(groups.group(1)));
            into.set("Sort Methods Used", FieldValues.texts(list(end < 0 ? methods : methods.substring(0, end))));
        }
        for (Matcher space = GROUP_SPACE.matcher(value); space.find(); ) {
            var used = into.putObject("Sort Space " + space.group(1));
            used.set("Average Sort Space Used", FieldValues.number(space.group(2)));
            used.set("Peak Sort Space Used", FieldValues.number(space.group(3)));
        }
    }

    private static void measures(ObjectNode into, String text) {
        boolean hashed = into.path("Node Type").asText().equals("Hash");
        for (Matcher measure = MEASURE.matcher(text); measure.find(); ) {
            String told = measure.group(1).strip();
            String name = told.equals("Batches") && !hashed ? "HashAgg Batches" : MEASURES.getOrDefault(told, told);
            into.set(name, FieldValues.number(measure.group(2)));
            if (name.startsWith("Hash B")) {
                String first = measure.group(3) == null ? measure.group(2) : measure.group(3);
                into.set("Original " + name, FieldValues.number(first));
            }
        }
        // Told only where there was one.
        if (into.has("HashAgg Batches") && !into.has("Disk Usage")) {
            into.put("Disk Usage", 0);
        }
    }

    private static void storage(ObjectNode into, String value) {
        Matcher storage = STORAGE.matcher(value);
        into.put("Storage", storage.matches() ? storage.group(1) : value);
        if (storage.matches()) {
            into.set("Maximum Storage", FieldValues.number(storage.group(2)));
        }
    }

    /** "bernoulli ('7.25'::real) REPEATABLE ('42'::double precision)" */
    private static void sampling(ObjectNode into, String value) {
        int open = value.indexOf(" (");
        int seed = value.indexOf(") REPEATABLE (");
        int end = seed < 0 ? value.length() - 1 : seed;
        if (open < 0 || end < open + 2 || !value.endsWith(")")) {
            into.put("Sampling", value);
            return;
        }
        into.put("Sampling Method", value.substring(0, open));
        into.set("Sampling Parameters", FieldValues.texts(list(value.substring(open + 2, end))));
        if (seed >= 0) {
            into.put("Repeatable Seed", value.substring(seed + ") REPEATABLE (".length(), value.length() - 1));
        }
    }

    /** "jit = 'on', work_mem = '64kB'" */
    private static void settings(ObjectNode into, String value) {
        for (String setting : list(value)) {
            int equals = setting.indexOf(" = ");
            if (equals > 0) {
                String text = setting.substring(equals + " = ".length());
                boolean quoted = text.length() > 1 && text.startsWith("'") && text.endsWith("'");
                into.put(setting.substring(0, equals), quoted ? text.substring(1, text.length() - 1) : text);
            }
        }
    }

    private static void options(ObjectNode into, String value) {
        for (Matcher option = OPTION.matcher(value); option.find(); ) {
            into.put(option.group(1), option.group(2).equals("true"));
        }
    }

    /** Of generation a part is told since 17: "Generation 1.2 ms (Deform 0.3 ms), Inlining …". */
    private static void timing(ObjectNode into, String value) {
        boolean parts = value.contains("(Deform");
        for (Matcher time = TIME.matcher(value); time.find(); ) {
            var millis = FieldValues.number(time.group(2));
            switch (time.group(1)) {
                case "Deform" -> into.withObjectProperty("Generation").set("Deform", millis);
                case "Generation" -> {
                    if (parts) {
                        into.withObjectProperty("Generation").set("Total", millis);
                    } else {
                        into.set("Generation", millis);
                    }
                }
                default -> into.set(time.group(1), millis);
            }
        }
    }

    private static void serialization(ObjectNode into, String value) {
        for (Matcher count = COUNT.matcher(value); count.find(); ) {
            into.set(count.group(1).equals("time") ? "Time" : "Output Volume", FieldValues.number(count.group(2)));
        }
        int format = value.indexOf("format=");
        if (format >= 0) {
            into.put("Format", firstWord(value.substring(format + "format=".length())));
        }
    }

    /** A key of an aggregate. Of grouping sets there are several, and JSON has an object for each sort and each hash table. */
    static void key(ObjectNode aggregate, String name, String value) {
        var keys = FieldValues.texts(value.equals("()") ? List.of() : list(value));
        boolean only = name.equals("Group Key") && !keys.isEmpty() && !aggregate.has("Group Key");
        if (only && !aggregate.has("Grouping Sets")) {
            aggregate.set(name, keys);
            return;
        }
        ArrayNode sets = aggregate.withArrayProperty("Grouping Sets");
        if (aggregate.remove("Group Key") instanceof ArrayNode first) {
            sets.addObject().withArrayProperty("Group Keys").add(first);
        }
        if (name.equals("Sort Key")) {
            sets.addObject().set(name, keys);
            return;
        }
        var last = sets.isEmpty() ? null : (ObjectNode) sets.get(sets.size() - 1);
        if (last == null || name.equals("Hash Key") || last.has("Hash Keys")) {
            last = sets.addObject();
        }
        last.withArrayProperty(name + "s").add(keys);
    }

    /** Expressions with commas between them; a comma in brackets or quotes is part of one. */
    static List<String> list(String value) {
        var items = new ArrayList<String>();
        int depth = 0;
        char quote = 0;
        int start = 0;
        for (int i = 0; i < value.length(); i++) {
            char sign = value.charAt(i);
            if (quote != 0) {
                quote = sign == quote ? 0 : quote;
            } else if (sign == '\'' || sign == '"') {
                quote = sign;
            } else if (sign == '(' || sign == '[') {
                depth++;
            } else if (sign == ')' || sign == ']') {
                depth--;
            } else if (sign == ',' && depth <= 0) {
                items.add(value.substring(start, i).strip());
                start = i + 1;
            }
        }
        items.add(value.substring(start).strip());
        return items;
    }

    private static String firstWord(String text) {
        String stripped = text.strip();
        int end = stripped.indexOf(' ');
        return end < 0 ? stripped : stripped.substring(0, end);
    }

    private static String capital(String word) {
        return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
