// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.consumer;

import io.viewkeeper.sandbox.launcher.consumer.SampleConsumers.Held;
import io.viewkeeper.sandbox.launcher.consumer.SimulatedEvents.Attributes;
import io.viewkeeper.schema.codec.EventWriter;
import io.viewkeeper.schema.codec.Timestamps;
import io.viewkeeper.schema.codec.ViewStateWriter;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshError;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.RefreshRun;
import io.viewkeeper.schema.event.RefreshTrigger;
import io.viewkeeper.schema.event.Topics;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.event.ViewState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A view of an invented hour: what it shows (a number), and what was told of it. */
final class SimulatedView {
    private static final String FUTURE_TYPE = "io.viewkeeper.view-analysed.v1";

    private final SimulatedEvents events;
    private final String database;
    private final ViewName name;

    private long oid;
    private boolean gone;
    /** What a query gives now, and what one would give after a refresh. */
    private long contents;

    private long inputs;
    private @Nullable Instant dataAsOf;
    private @Nullable Instant noticedAt;
    /** What the last good refresh left behind. */
    private long refreshedOid;

    private long refreshedContents;

    private long sequence;
    private long version;
    private @Nullable Backup backup;

    /** What each event that was sent left: the contents at its moment, in the order of the moments. */
    private final LinkedHashMap<String, Long> contentsAt = new LinkedHashMap<>();

    /** Of each topic what the last event that was heard has told, and the last of which a cache must learn. */
    private Told refreshes = Told.NOTHING;

    private Told states = Told.NOTHING;
    private @Nullable Instant toldDataAsOf;

    private record Told(long oid, boolean missed, @Nullable Instant noticedAt, String stamp) {
        static final Told NOTHING = new Told(0, false, null, "");
    }

    private record Backup(long oid, long contents, @Nullable Instant dataAsOf, long sequence, long version) {}

    SimulatedView(SimulatedEvents events, String database, ViewName name) {
        this.events = events;
        this.database = database;
        this.name = name;
        createAgain();
    }

    ViewName name() {
        return name;
    }

    String database() {
        return database;
    }

    boolean isGone() {
        return gone;
    }

    // ------------------------------------------------------------------------------------------- what happens to it

    void createAgain() {
        gone = false;
        recreate();
        announce();
        refresh();
    }

    void recreate() {
        oid = 16_384 + events.number(1_000_000);
        showNew();
        dataAsOf = null;
        noticedAt = null;
    }

    void inputsChange() {
        inputs = contents + 1 + events.number(1_000_000);
    }

    void changeByHand() {
        showNew();
        noticedAt = events.tick();
    }

    private void showNew() {
        inputsChange();
        contents = inputs;
    }

    void drop() {
        gone = true;
        dataAsOf = null;
        noticedAt = null;
        var id = events.send(stateAttributes(), (String) null);
        contentsAt.put(id, contents);
        states = new Told(0, false, null, id);
        toldDataAsOf = null;
    }

    /** The same view under another name. */
    SimulatedView under(ViewName other) {
        var renamed = new SimulatedView(events, database, other);
        renamed.oid = oid;
        renamed.refresh();
        return renamed;
    }

    void backUp() {
        backup = new Backup(oid, contents, dataAsOf, sequence, version);
    }

    void restore() {
        var kept = Objects.requireNonNull(backup);
        oid = kept.oid();
        contents = kept.contents();
        inputs = contents;
        dataAsOf = kept.dataAsOf();
        noticedAt = null;
        refreshedOid = oid;
        refreshedContents = contents;
        sequence = kept.sequence();
        version = kept.version();
        events.forgetAll(database);
        refreshes = missed(refreshes);
        states = missed(states);
    }

    // ---------------------------------------------------------------------------------------------- what is told of it

    void refresh() {
        refresh(RefreshMethod.CONCURRENT, events.tick(), true);
    }

    void refreshPlain() {
        refresh(RefreshMethod.PLAIN, events.tick(), true);
    }

    void refreshOverUnknownAge() {
        refresh(RefreshMethod.CONCURRENT, null, true);
    }

    /** Its event is lost: the consumer was away for longer than the topic keeps. */
    void refreshUnheard() {
        refresh(RefreshMethod.CONCURRENT, events.tick(), false);
    }

    private void refresh(RefreshMethod method, @Nullable Instant age, boolean heard) {
        var readAt = events.tick();
        boolean changed = method == RefreshMethod.PLAIN
                || contents != inputs
                || contents != refreshedContents
                || oid != refreshedOid;
        var previous = dataAsOf;
        showInputs(age);
        var event = new RefreshCompleted(
                run(method, readAt, age), changed, null, null, null, null, 8_192, previous, List.of());
        if (heard) {
            tell(event, changed || previous == null);
        } else {
            refreshes = missed(refreshes);
        }
        announce();
    }

    private void showInputs(@Nullable Instant age) {
        contents = inputs;
        refreshedContents = contents;
        refreshedOid = oid;
        dataAsOf = age;
        noticedAt = null;
        sequence++;
    }

    void refreshUnreadably() {
        showInputs(events.tick());
        var id = events.sendUnreadable(new Attributes(
                database, name.toString(), RefreshCompleted.TYPE, RefreshCompleted.DATA_SCHEMA, sequence));
        contentsAt.put(id, contents);
        // Of an oid it told nothing.
        refreshes = new Told(refreshes.oid(), false, null, id);
        announce();
    }

    void fail() {
        sequence++;
        var error =
                new RefreshError(ErrorCategory.LOCK_TIMEOUT, "55P03", "canceling statement due to lock timeout", true);
        tell(
                new RefreshFailed(run(RefreshMethod.SKIPPED, null, null), error, 1, events.tick(), false, dataAsOf),
                false);
    }

    private void tell(RefreshEvent event, boolean differs) {
        var id = events.send(
                new Attributes(database, name.toString(), event.type(), event.dataSchema(), sequence),
                EventWriter.json(event));
        contentsAt.put(id, contents);
        boolean learn = differs || refreshes.missed() || oid != refreshes.oid();
        refreshes = new Told(oid, false, null, learn ? id : refreshes.stamp());
    }

    /** A type that version 1 does not know yet. */
    void unknownType() {
        events.send(
                new Attributes(database, name.toString(), FUTURE_TYPE, "urn:later", sequence + 1),
                "{\"changed\":true}");
    }

    void announce() {
        var id = events.send(stateAttributes(), ViewStateWriter.json(state()));
        contentsAt.put(id, contents);
        boolean noticed = noticedAt != null && !noticedAt.equals(states.noticedAt());
        boolean learn = noticed || states.missed() || oid != states.oid();
        states = new Told(oid, false, noticedAt, learn ? id : states.stamp());
        toldDataAsOf = dataAsOf;
    }

    void announceUnreadably() {
        var id = events.sendUnreadable(stateAttributes());
        contentsAt.put(id, contents);
        states = new Told(states.oid(), false, states.noticedAt(), id);
    }

    void redeliverAll() {
        events.redeliver(new Attributes(database, name.toString(), "", RefreshCompleted.DATA_SCHEMA, 0));
        events.redeliver(new Attributes(database, name.toString(), "", ViewState.DATA_SCHEMA, 0));
    }

    private static Told missed(Told told) {
        return new Told(told.oid(), true, told.noticedAt(), told.stamp());
    }

    private Attributes stateAttributes() {
        version++;
        return new Attributes(database, name.toString(), ViewState.TYPE, ViewState.DATA_SCHEMA, version);
    }

    private RefreshRun run(RefreshMethod method, @Nullable Instant readAt, @Nullable Instant age) {
        var finished = events.tick();
        return new RefreshRun(
                events.uuid(),
                database,
                name,
                oid,
                "daily",
                sequence,
                1,
                RefreshTrigger.SCHEDULE,
                method,
                finished,
                finished,
                readAt,
                age,
                finished,
                12,
                0,
                "refresher-0");
    }

    private ViewState state() {
        return new ViewState(
                database,
                name,
                oid,
                version,
                "daily",
                ViewState.State.SCHEDULED,
                null,
                null,
                false,
                new ViewState.Plan("every 5m", 600_000L, null, null),
                dataAsOf,
                noticedAt,
                null,
                8_192L,
                0,
                null,
                sequence,
                events.tick());
    }

    // --------------------------------------------------------------------------------------------- what is to be held

    void tellHeld(Map<String, Held> held) {
        held.put(
                key(),
                gone
                        ? new Held(null, null)
                        : new Held(
                                refreshes.stamp() + "/" + states.stamp(),
                                toldDataAsOf == null ? null : Timestamps.format(toldDataAsOf)));
    }

    /** Whether a result that was read at the moment of the stamp is not what a query gives now. */
    boolean isWrongUnder(Map<String, Held> cache) {
        var held = cache.get(key());
        if (held == null || held.stamp() == null) {
            return !gone;
        }
        var stamps = List.of(held.stamp().split("/", -1));
        Long then = null;
        for (var moment : contentsAt.entrySet()) {
            if (stamps.contains(moment.getKey())) {
                then = moment.getValue();
            }
        }
        return gone || then == null || then != contents;
    }

    private String key() {
        return SimulatedEvents.source(database) + " " + Topics.key("sandbox", database, name.toString());
    }
}
