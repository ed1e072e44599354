package io.viewkeeper.schema.event;

/** Names of topics. The prefix is configurable, so that two installations can share a Kafka cluster. */
public final class Topics {
    /** What {@code viewkeeper.topic-prefix} is by default. */
    public static final String DEFAULT_PREFIX = "viewkeeper";

    private Topics() {}

    /** Every finished refresh, keyed by view. */
    public static String refresh(String prefix) {
        return prefix + ".refresh.v1";
    }

    /** The latest state of each view, keyed by view; compacted. */
    public static String viewState(String prefix) {
        return prefix + ".view-state.v1";
    }

    /** Records of {@link #refresh} that one of our consumers could not read. */
    public static String refreshDeadLetters(String prefix, String consumer) {
        return refresh(prefix) + "." + consumer + ".dlq";
    }
}
