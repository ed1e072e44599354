// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.usage;

import io.viewkeeper.metrics.freshness.Freshness;
import io.viewkeeper.metrics.freshness.RefreshWork;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.Set;
import org.jboss.logging.Logger;

/** The views that are refreshed for nobody: said in the log when one becomes so, and when it is no longer. */
@Singleton
class UnreadViews {
    private static final Logger LOG = Logger.getLogger(UnreadViews.class);

    private final Freshness freshness;
    private final Readers readers;
    private final UsageSettings settings;
    private final Set<ViewName> told = new HashSet<>();

    UnreadViews(Freshness freshness, Readers readers, UsageSettings settings) {
        this.freshness = freshness;
        this.readers = readers;
        this.settings = settings;
    }

    /** Refreshed since statements are counted, not read for the time that the settings give, and no input of another view. */
    boolean isUnread(ViewReads reads, long refreshes) {
        return refreshes > 0 && reads.feeds().isEmpty() && reads.notReadFor().compareTo(settings.unreadAfter()) >= 0;
    }

    void tell() {
        var refreshes = freshness.refreshWork();
        for (var reads : readers.reads(freshness.viewsWithSeries())) {
            var work = refreshes.getOrDefault(reads.view(), RefreshWork.NONE);
            boolean unread = isUnread(reads, work.completed());
            if (unread && told.add(reads.view())) {
                LOG.warnf(
                        "view=%s action=usage outcome=unread refreshes=%d hint=\"no statement has read it for %s: is it still"
                                + " needed?\"",
                        reads.view(), work.completed(), settings.unreadAfter());
            } else if (!unread && told.remove(reads.view())) {
                LOG.infof("view=%s action=usage outcome=read", reads.view());
            }
        }
    }
}
