// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.chaos.Integrity.LoggedRun;
import io.viewkeeper.sandbox.launcher.workbench.EventWatch.Event;
import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshFailed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The check after chaos finds what it is there to find. */
class IntegrityTest {
    private final List<LoggedRun> runs = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();

    IntegrityTest() {
        for (int sequence = 1; sequence <= 3; sequence++) {
            for (String view : List.of("s.a", "s.b")) {
                boolean completed = sequence != 2;
                runs.add(new LoggedRun("run " + view + sequence, view, sequence, completed));
                events.add(event("id " + view + sequence, "run " + view + sequence, view, sequence, completed));
            }
        }
    }

    @Test
    void findsNothingWhereNothingIsWrong() {
        assertThat(faults()).isEmpty();
    }

    @Test
    void anEventMayBeReadAgainWithItsId() {
        events.addAll(events.subList(2, 6));
        assertThat(faults()).isEmpty();
    }

    @Test
    void findsARowThatIsMissingInTheHistory() {
        runs.remove(2);
        assertThat(faults())
                .anyMatch(fault -> fault.contains("run s.a2, which is not in the history"))
                .anyMatch(fault -> fault.contains("the history of s.a has no run with sequence 2"));
    }

    @Test
    void findsASecondRow() {
        runs.add(runs.getFirst());
        assertThat(faults()).anyMatch(fault -> fault.contains("a second row in the history"));
    }

    @Test
    void findsTwoRunsWithOneSequence() {
        runs.add(new LoggedRun("another run", "s.a", 3, true));
        assertThat(faults()).anyMatch(fault -> fault.contains("a sequence that another run has"));
    }

    @Test
    void findsAnEventThatIsMissing() {
        events.remove(2);
        assertThat(faults())
                .anyMatch(fault -> fault.contains("no event tells of run run s.a2"))
                .anyMatch(fault -> fault.contains("sequence 3 came after sequence 1"));
    }

    @Test
    void findsAMissingLastEvent() {
        events.removeLast();
        assertThat(faults()).containsExactly("no event tells of run run s.b3 of s.b, sequence 3");
    }

    @Test
    void findsAnEventWithoutARun() {
        events.add(event("id", "run of nobody", "s.a", 4, true));
        assertThat(faults()).anyMatch(fault -> fault.contains("run of nobody, which is not in the history"));
    }

    @Test
    void findsASecondIdOfOneRun() {
        events.add(event("another id", "run s.a3", "s.a", 3, true));
        assertThat(faults()).anyMatch(fault -> fault.contains("is the second event of its run"));
    }

    @Test
    void findsOneIdOfTwoRuns() {
        events.set(4, event("id s.a1", "run s.a3", "s.a", 3, true));
        assertThat(faults()).anyMatch(fault -> fault.contains("has the id of the event of run run s.a1"));
    }

    @Test
    void findsDisorder() {
        events.add(2, events.remove(4));
        assertThat(faults()).anyMatch(fault -> fault.contains("sequence 3 came after sequence 1"));
    }

    @Test
    void findsAnOutcomeThatIsNotTheHistorys() {
        events.set(4, event("id s.a3", "run s.a3", "s.a", 3, false));
        assertThat(faults()).anyMatch(fault -> fault.contains("says otherwise how it ended"));
    }

    private List<String> faults() {
        return Integrity.faults(runs, events);
    }

    private static Event event(String id, String runId, String view, long sequence, boolean completed) {
        return new Event(
                "sandbox/claims/" + view,
                Map.of(
                        EventHeaders.SUBJECT,
                        view,
                        EventHeaders.ID,
                        id,
                        EventHeaders.SEQUENCE,
                        Long.toString(sequence),
                        EventHeaders.TYPE,
                        completed ? RefreshCompleted.TYPE : RefreshFailed.TYPE),
                "{\"runId\": \"%s\"}".formatted(runId),
                Instant.EPOCH);
    }
}
