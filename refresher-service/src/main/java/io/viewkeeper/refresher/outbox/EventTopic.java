// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.outbox;

import io.viewkeeper.schema.event.Topics;

/** Where an event of the outbox goes; its {@code aggregatetype} tells. */
public enum EventTopic {
    /** Every refresh that ended. */
    REFRESH("refresh"),
    /** The latest state of each view. */
    VIEW_STATE("view-state");

    private final String aggregateType;

    EventTopic(String aggregateType) {
        this.aggregateType = aggregateType;
    }

    String aggregateType() {
        return aggregateType;
    }

    String name(String prefix) {
        return switch (this) {
            case REFRESH -> Topics.refresh(prefix);
            case VIEW_STATE -> Topics.viewState(prefix);
        };
    }

    static EventTopic of(String aggregateType) {
        for (EventTopic topic : values()) {
            if (topic.aggregateType.equals(aggregateType)) {
                return topic;
            }
        }
        throw new IllegalArgumentException("no topic for the aggregatetype " + aggregateType);
    }
}
