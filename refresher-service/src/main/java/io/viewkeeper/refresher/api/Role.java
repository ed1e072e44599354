package io.viewkeeper.refresher.api;

/** What somebody may do. */
enum Role {
    /** May change things. */
    OPERATOR(Role.OPERATOR_NAME),
    /** Is known, and may do no more than anybody: read. */
    READER("reader");

    static final String OPERATOR_NAME = "operator";

    private final String wireName;

    Role(String wireName) {
        this.wireName = wireName;
    }

    /** As tokens spell it. */
    String wireName() {
        return wireName;
    }
}
