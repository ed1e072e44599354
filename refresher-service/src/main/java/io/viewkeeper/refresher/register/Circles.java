// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.register;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Views that would wait for each other for ever. CREATE OR REPLACE VIEW looks at no materialized view behind the plain one, so two
 * may come to read each other, or one itself; and two consistent groups may each read a view of the other. Pure.
 *
 * @param byOid the number of its circle, of each view that is in one
 * @param reasons one line for each circle
 */
public record Circles(Map<Long, Integer> byOid, Set<String> reasons) {

    static final Circles NONE = new Circles(Map.of(), Set.of());

    /** @param reads of each view that reads others, or itself: their oids */
    static Circles of(List<Wanted> views, Map<Long, List<Long>> reads) {
        var names = new HashMap<Long, String>();
        var units = new HashMap<Long, Object>();
        views.forEach(one -> {
            names.put(one.view().oid(), one.view().name().toString());
            units.put(one.view().oid(), one.unit());
        });
        var ofViews = new HashMap<Long, Set<Long>>();
        var ofUnits = new HashMap<Object, Set<Object>>();
        reads.forEach((reader, inputs) -> inputs.forEach(input -> {
            Object waits = units.get(reader);
            Object first = units.get(input);
            if (waits != null && first != null) {
                ofViews.computeIfAbsent(reader, _ -> new HashSet<>()).add(input);
                if (!waits.equals(first)) {
                    ofUnits.computeIfAbsent(waits, _ -> new HashSet<>()).add(first);
                }
            }
        }));
        Map<Long, Integer> readThemselves = numbered(ofViews);
        Map<Object, Integer> waitForThemselves = numbered(ofUnits);
        var byOid = new HashMap<Long, Integer>();
        units.forEach((oid, unit) -> {
            Integer circle = waitForThemselves.get(unit);
            if (circle != null) {
                byOid.put(oid, circle);
            }
        });
        var reasons = new TreeSet<String>();
        names(readThemselves, names)
                .forEach((_, circle) -> reasons.add("views=\"" + circle
                        + "\" state=circular reason=\"through plain views that were replaced, what each of them shows comes from"
                        + " itself: none waits for another, and no refresh makes their data younger\""));
        Set<Integer> said = readThemselves.keySet().stream().map(byOid::get).collect(Collectors.toSet());
        names(byOid, names).forEach((number, circle) -> {
            if (!said.contains(number)) {
                reasons.add(
                        "views=\"" + circle
                                + "\" state=circular reason=\"consistent groups read from each other: none waits for another\"");
            }
        });
        return new Circles(byOid, reasons);
    }

    /** Whether the reader must not wait for its input, for that one waits for the reader. */
    public boolean isClosedBy(long reader, long input) {
        Integer circle = byOid.get(reader);
        return circle != null && circle.equals(byOid.get(input));
    }

    /** Those that reach themselves; two that reach each other have one number. */
    private static <N> Map<N, Integer> numbered(Map<N, Set<N>> edges) {
        // What reads nothing that is left is in no circle: of most databases nothing stays.
        boolean fewer = true;
        while (fewer) {
            fewer = edges.values().removeIf(inputs -> inputs.stream().noneMatch(edges::containsKey));
        }
        var reached = new HashMap<N, Set<N>>();
        edges.keySet().forEach(node -> reached.put(node, reachedFrom(node, edges)));
        var numbers = new HashMap<N, Integer>();
        reached.forEach((node, its) -> {
            if (its.contains(node) && !numbers.containsKey(node)) {
                int number = numbers.size();
                reached.forEach((other, others) -> {
                    if (its.contains(other) && others.contains(node)) {
                        numbers.put(other, number);
                    }
                });
            }
        });
        return numbers;
    }

    private static <N> Set<N> reachedFrom(N start, Map<N, Set<N>> edges) {
        var reached = new HashSet<N>();
        var next = new ArrayDeque<N>(edges.getOrDefault(start, Set.of()));
        while (!next.isEmpty()) {
            N node = next.pop();
            if (reached.add(node)) {
                next.addAll(edges.getOrDefault(node, Set.of()));
            }
        }
        return reached;
    }

    private static Map<Integer, String> names(Map<Long, Integer> circles, Map<Long, String> names) {
        var members = new TreeMap<Integer, Set<String>>();
        circles.forEach((oid, circle) ->
                members.computeIfAbsent(circle, _ -> new TreeSet<>()).add(names.getOrDefault(oid, "?")));
        var text = new TreeMap<Integer, String>();
        members.forEach((circle, its) -> text.put(circle, String.join(", ", its)));
        return text;
    }
}
