// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.viewkeeper.metrics.exposition.Family;
import io.viewkeeper.metrics.exposition.Family.Kind;
import io.viewkeeper.metrics.exposition.Family.Point;
import io.viewkeeper.metrics.exposition.FamilySource;
import io.viewkeeper.metrics.freshness.Freshness;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** What a scrape shows of the views' blocks: of those views that exist by the last reading of the views. */
@Singleton
@Priority(50)
final class ViewBufferFamilies implements FamilySource {
    private final ViewBuffers viewBuffers;
    private final Freshness freshness;

    ViewBufferFamilies(ViewBuffers viewBuffers, Freshness freshness) {
        this.viewBuffers = viewBuffers;
        this.freshness = freshness;
    }

    @Override
    public List<Family> families() {
        String database = freshness.database();
        var points = new ArrayList<Point>();
        for (var view : freshness.viewsWithSeries()) {
            viewBuffers
                    .hitRatio(view)
                    .ifPresent(ratio -> points.add(new Point(List.of(database, view.schema(), view.name()), ratio)));
        }
        return List.of(new Family(
                "viewkeeper_view_buffer_hit_ratio",
                Kind.GAUGE,
                "Blocks of the view, its indexes and TOAST found in shared buffers divided by all that were asked for,"
                        + " refreshes included, over the last minutes (viewkeeper.metrics.statistics.window, default 5)",
                Family.VIEW_LABELS,
                points,
                freshness.viewsOverLimit()));
    }
}
