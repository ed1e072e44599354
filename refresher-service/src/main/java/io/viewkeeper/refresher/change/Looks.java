// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.change;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The newest looks of this process at one run of the server: they turn numbers of transactions into times. */
public final class Looks {
    /** Of a refresh that began before all of them, nobody knows when. */
    private static final int KEPT = 360;

    private static final long NUMBERS = 1L << 32;

    private final Deque<Look> looks = new ArrayDeque<>();

    /** Another server counts its own transactions. */
    void add(Look look) {
        if (!looks.isEmpty() && !looks.getLast().server().equals(look.server())) {
            looks.clear();
        }
        looks.addLast(look);
        if (looks.size() > KEPT) {
            looks.removeFirst();
        }
    }

    /**
     * How old what a view shows is at most: that transaction wrote its newest row. Empty where nobody knows. Rows keep their numbers,
     * so once these have begun anew, one that looks new may be of 2^32 transactions ago, unless the view's changed row has it, too.
     *
     * @param before the mark before the change
     * @param now the view's mark
     */
    Optional<Instant> ageOf(int writer, Mark before, Mark now, List<Long> inputs) {
        boolean recent = now.oid() == before.oid() && writer == now.xid();
        if (looks.isEmpty()
                || !now.cluster().equals(before.cluster())
                || !(recent || looks.getLast().nextXid() < NUMBERS)) {
            return Optional.empty();
        }
        var newestFirst = looks.descendingIterator();
        while (newestFirst.hasNext()) {
            Look look = newestFirst.next();
            if (look.isBefore(writer, now.oid())) {
                return look.ageOf(inputs);
            }
        }
        return Optional.empty();
    }
}
