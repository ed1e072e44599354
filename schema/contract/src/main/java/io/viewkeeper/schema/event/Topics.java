// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

/** Names of topics. The prefix is configurable, so that two installations can share a Kafka cluster. */
public final class Topics {
    /** What {@code viewkeeper.topic-prefix} is by default. */
    public static final String DEFAULT_PREFIX = "viewkeeper";

    private Topics() {}

    /** Every finished refresh, keyed by {@link #key}. */
    public static String refresh(String prefix) {
        return prefix + ".refresh.v1";
    }

    /** The latest state of each view, keyed by {@link #key}; compacted. */
    public static String viewState(String prefix) {
        return prefix + ".view-state.v1";
    }

    /** Records of {@link #refresh} that one of our consumers could not read. */
    public static String refreshDeadLetters(String prefix, String consumer) {
        return refresh(prefix) + "." + consumer + ".dlq";
    }

    /**
     * The key of a view's records on every topic: {@code cluster/database/schema.view}, so that databases that share a topic keep
     * their records apart. In the first two parts a slash is {@code %2F} and a percent sign {@code %25}.
     *
     * @param view {@code schema.view}, as {@link ViewName#toString} spells it
     */
    public static String key(String cluster, String database, String view) {
        return escaped(cluster) + "/" + escaped(database) + "/" + view;
    }

    private static String escaped(String part) {
        return part.replace("%", "%25").replace("/", "%2F");
    }
}
