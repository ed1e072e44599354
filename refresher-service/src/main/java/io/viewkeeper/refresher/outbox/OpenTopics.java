package io.viewkeeper.refresher.outbox;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where events may be sent now.
 *
 * @param obstacle what is in the way of the other topics; null when nothing is
 */
public record OpenTopics(Set<EventTopic> topics, @Nullable String obstacle) {
    public OpenTopics {
        topics = Set.copyOf(topics);
    }

    /** None. */
    public static OpenTopics none(String obstacle) {
        return new OpenTopics(Set.of(), obstacle);
    }

    /** All. */
    public static OpenTopics all() {
        return new OpenTopics(Set.of(EventTopic.values()), null);
    }
}
