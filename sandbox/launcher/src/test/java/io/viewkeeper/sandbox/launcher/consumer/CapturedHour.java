// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.consumer;

import io.viewkeeper.sandbox.launcher.consumer.SampleConsumers.Held;
import io.viewkeeper.schema.event.ViewName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * An hour of a database whose views are refreshed, changed by hand, re-created, renamed and dropped, and what its events say of it,
 * written with the services' own codec. It begins at random; at its end each view has the fate that its name tells, so that no rule
 * of events.md can be left out and the cache still be right.
 */
final class CapturedHour {
    private static final int BY_CHANCE = 400;
    private static final String RESTORED = "restored";

    private final Random random;
    private final SimulatedEvents events;
    private final List<SimulatedView> views = new ArrayList<>();

    private CapturedHour(long seed) {
        random = new Random(seed);
        events = new SimulatedEvents(random);
    }

    static CapturedHour of(long seed) {
        var hour = new CapturedHour(seed);
        ENDS.keySet().forEach(name -> hour.create("claims", name));
        hour.create(RESTORED, "a");
        hour.create(RESTORED, "b");
        for (int i = 0; i < BY_CHANCE; i++) {
            if (i == BY_CHANCE / 2) {
                hour.restored().forEach(SimulatedView::backUp);
            }
            hour.somethingHappensTo(hour.views.get(hour.random.nextInt(hour.views.size())));
        }
        hour.restored().forEach(CapturedHour::loseToABackup);
        for (var view : List.copyOf(hour.views)) {
            var end = ENDS.get(view.name().name());
            if (end != null) {
                settle(view);
                end.accept(hour, view);
            }
        }
        return hour;
    }

    private static final Map<String, BiConsumer<CapturedHour, SimulatedView>> ENDS = new LinkedHashMap<>();

    static {
        end("changed", view -> {
            view.inputsChange();
            view.refresh();
        });
        end("unchanged", SimulatedView::refresh);
        end("refreshed_plain", SimulatedView::refreshPlain);
        end("of_unknown_age", SimulatedView::refreshOverUnknownAge);
        end("was_of_unknown_age", view -> {
            view.refreshOverUnknownAge();
            view.refresh();
        });
        end("failed", SimulatedView::fail);
        end("recreated_and_announced", view -> {
            view.recreate();
            view.announce();
        });
        end("recreated_and_failed", view -> {
            view.recreate();
            view.fail();
            view.announce();
        });
        end("dropped", SimulatedView::drop);
        end("dropped_and_back", view -> {
            view.drop();
            view.createAgain();
            view.redeliverAll();
        });
        ENDS.put("renamed", (hour, view) -> {
            view.drop();
            hour.views.add(view.under(new ViewName("analytics", "Über.\"nannt\"")));
        });
        end("changed_by_hand", view -> {
            view.changeByHand();
            view.announce();
            view.announce();
        });
        end("suspended", SimulatedView::announce);
        end("poisoned", view -> {
            view.inputsChange();
            view.refreshUnreadably();
        });
        end("poisoned_state", view -> {
            view.changeByHand();
            view.announceUnreadably();
        });
        end("lost", view -> {
            view.inputsChange();
            view.refreshUnheard();
            view.refresh();
        });
        end("lost_before_a_failure", view -> {
            view.inputsChange();
            view.refreshUnheard();
            view.fail();
        });
        end("of_the_future", view -> {
            view.refresh();
            view.unknownType();
        });
        end("redelivered", view -> {
            view.inputsChange();
            view.refresh();
            view.refresh();
            view.redeliverAll();
        });
    }

    private static void end(String name, Consumer<SimulatedView> fate) {
        ENDS.put(name, (hour, view) -> fate.accept(view));
    }

    private static void loseToABackup(SimulatedView view) {
        settle(view);
        view.restore();
        view.announce();
        view.refresh();
    }

    /** Whatever chance has done to it: there, refreshed twice, of known age, nothing lost. */
    private static void settle(SimulatedView view) {
        if (view.isGone()) {
            view.createAgain();
        }
        view.refresh();
        view.refresh();
    }

    private void create(String database, String name) {
        views.add(new SimulatedView(events, database, new ViewName("analytics", name)));
    }

    private List<SimulatedView> restored() {
        return views.stream().filter(view -> view.database().equals(RESTORED)).toList();
    }

    private void somethingHappensTo(SimulatedView view) {
        if (view.isGone()) {
            view.createAgain();
            return;
        }
        switch (random.nextInt(24)) {
            case 0 -> view.refreshPlain();
            case 1 -> view.refreshOverUnknownAge();
            case 2, 3 -> view.fail();
            case 4 -> view.recreate();
            case 5 -> view.drop();
            case 6 -> {
                view.changeByHand();
                view.announce();
            }
            case 7, 8 -> view.announce();
            case 9 -> view.refreshUnreadably();
            case 10 -> view.announceUnreadably();
            case 11 -> view.refreshUnheard();
            case 12 -> view.unknownType();
            case 13 -> events.noise();
            case 14, 15, 16, 17 -> {
                view.inputsChange();
                view.refresh();
            }
            default -> view.refresh();
        }
    }

    /** In the order in which they lie on the topics, with what came twice. */
    List<ProducerRecord<byte[], byte[]>> records() {
        return events.sent();
    }

    /** By source and key: what a cache holds after the last record. */
    Map<String, Held> recomputed() {
        var held = new TreeMap<String, Held>();
        views.forEach(view -> view.tellHeld(held));
        return held;
    }

    /** Views whose result, read at the moment of this stamp, is not what a query gives after the hour. */
    List<ViewName> wrongUnder(Map<String, Held> cache) {
        return views.stream()
                .filter(view -> view.isWrongUnder(cache))
                .map(SimulatedView::name)
                .toList();
    }
}
