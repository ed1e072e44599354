// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.survey;

import io.viewkeeper.schema.statement.Notice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the database lets us see.
 *
 * @param source empty when pg_stat_statements cannot be read; then a notice says why
 * @param statsReset when all its counters were last set to zero; null where it does not say
 */
public record Survey(Optional<Source> source, @Nullable Instant statsReset, List<Notice> notices) {
    public Survey {
        notices = List.copyOf(notices);
    }

    public Survey with(List<Notice> more) {
        var all = new ArrayList<>(notices);
        all.addAll(more);
        return new Survey(source, statsReset, all);
    }

    /**
     * Where pg_stat_statements is.
     *
     * @param name of the view and of its function, qualified and quoted
     * @param tellsSince whether it says since when each entry was counted (extension 1.11, PostgreSQL 17)
     */
    public record Source(String name, boolean tellsSince) {}
}
