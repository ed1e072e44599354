// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.launcher.workbench.EventWatch.Event;
import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.RefreshCompleted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds the history in the database against what a plain consumer has read: each run has one row and at least one event
 * with one id, no event lacks its run, and each view's sequence grows by one.
 */
final class Integrity {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, LoggedRun> runs = new HashMap<>();
    private final Map<String, String> eventIdOfRun = new HashMap<>();
    private final Map<String, String> runOfEventId = new HashMap<>();
    private final Map<String, Long> lastSequence = new HashMap<>();
    private final List<String> faults = new ArrayList<>();

    private Integrity() {}

    /** One row of the history. */
    record LoggedRun(String runId, String view, long sequence, boolean completed) {
        @Override
        public String toString() {
            return "run %s of %s, sequence %d".formatted(runId, view, sequence);
        }
    }

    /** What is wrong, in sentences; empty when nothing is. Events are in the order of reading. */
    static List<String> faults(List<LoggedRun> logged, List<Event> events) {
        var integrity = new Integrity();
        integrity.checkHistory(logged);
        events.forEach(integrity::checkEvent);
        integrity.checkThatEachRunHasItsEvent();
        return List.copyOf(integrity.faults);
    }

    private void checkHistory(List<LoggedRun> logged) {
        var sequences = new HashMap<String, Set<Long>>();
        for (var run : logged) {
            if (runs.putIfAbsent(run.runId(), run) != null) {
                faults.add("a second row in the history: " + run);
            }
            if (!sequences.computeIfAbsent(run.view(), _ -> new HashSet<>()).add(run.sequence())) {
                faults.add("a sequence that another run has, too: " + run);
            }
        }
        sequences.forEach((view, its) -> {
            for (long sequence = 1; sequence <= its.size(); sequence++) {
                if (!its.contains(sequence)) {
                    faults.add("the history of %s has no run with sequence %d".formatted(view, sequence));
                }
            }
        });
    }

    private void checkEvent(Event event) {
        var runId = runId(event);
        var what =
                "event %s of %s, sequence %d".formatted(event.header(EventHeaders.ID), event.view(), event.sequence());
        var run = runs.get(runId);
        if (run == null) {
            faults.add(what + " tells of run " + runId + ", which is not in the history");
            return;
        }
        if (!run.view().equals(event.view()) || run.sequence() != event.sequence()) {
            faults.add(what + " tells of " + run);
        }
        if (run.completed() != event.header(EventHeaders.TYPE).equals(RefreshCompleted.TYPE)) {
            faults.add(what + " says otherwise how it ended: " + run);
        }
        checkIds(event.header(EventHeaders.ID), runId, what);
        checkOrder(event, what);
    }

    private void checkIds(String id, String runId, String what) {
        var idBefore = eventIdOfRun.putIfAbsent(runId, id);
        if (idBefore != null && !idBefore.equals(id)) {
            faults.add(what + " is the second event of its run; the first has the id " + idBefore);
        }
        var runBefore = runOfEventId.putIfAbsent(id, runId);
        if (runBefore != null && !runBefore.equals(runId)) {
            faults.add(what + " has the id of the event of run " + runBefore);
        }
    }

    /** Seen for the first time, a sequence is the one after the last; seen again, it says nothing. */
    private void checkOrder(Event event, String what) {
        long last = lastSequence.getOrDefault(event.view(), 0L);
        if (event.sequence() > last + 1) {
            faults.add("%s came after sequence %d".formatted(what, last));
        }
        lastSequence.put(event.view(), Math.max(last, event.sequence()));
    }

    private void checkThatEachRunHasItsEvent() {
        runs.values().stream()
                .filter(run -> !eventIdOfRun.containsKey(run.runId()))
                .forEach(run -> faults.add("no event tells of " + run));
    }

    private static String runId(Event event) {
        try {
            return JSON.readTree(event.value()).path("runId").asText();
        } catch (JsonProcessingException e) {
            throw new LauncherException("The value of a record is no JSON: " + e);
        }
    }
}
