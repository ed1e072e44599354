// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.statement.Blocks;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Blocks of views within the window. A view that was dropped and made again is another one, for its OID is. Written by one
 * thread at a time, read by any.
 */
final class ViewBlocks {
    private final Duration length;
    private final Map<ViewName, View> views = new ConcurrentHashMap<>();

    ViewBlocks(Duration length) {
        this.length = length;
    }

    private record View(long oid, Baseline<Long, Blocks> baseline, Window<Blocks> window) {}

    /**
     * What the counters of a view were.
     *
     * @param byRelation by OID: the view, its indexes, its TOAST table and that one's index
     */
    record Reading(ViewName name, long oid, ServerMoment moment, Map<Long, Blocks> byRelation) {}

    /** @param asked the views that were looked for; of one that was not found everything is forgotten */
    void take(Collection<ViewName> asked, List<Reading> readings, Instant now) {
        var found = new HashMap<ViewName, Reading>();
        readings.forEach(reading -> found.put(reading.name(), reading));
        for (var name : asked) {
            var reading = found.get(name);
            if (reading == null) {
                views.remove(name);
            } else {
                take(reading, now);
            }
        }
    }

    private void take(Reading reading, Instant now) {
        var known = views.get(reading.name());
        if (known == null || known.oid() != reading.oid()) {
            known = new View(reading.oid(), new Baseline<>(Baseline::rise), new Window<>(length, Blocks::plus));
            views.put(reading.name(), known);
        }
        // An index or a TOAST table that the last sample lacked is new: a plain REFRESH makes another TOAST table.
        var rises = known.baseline().take(reading.moment(), reading.byRelation(), true);
        if (rises.isPresent()) {
            known.window().add(now, rises.get().values().stream().reduce(Blocks.NONE, Blocks::plus));
        }
    }

    void retain(Collection<ViewName> shown) {
        views.keySet().retainAll(shown);
    }

    /** Of the window, 0 to 1; empty when no block of the view was asked for. */
    OptionalDouble hitRatio(ViewName name, Instant now) {
        var view = views.get(name);
        return view == null
                ? OptionalDouble.empty()
                : view.window().sum(now).orElse(Blocks.NONE).hitRatio();
    }
}
