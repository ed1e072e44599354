// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.access;

/** What somebody may do. */
public enum Role {
    /** May change things. */
    OPERATOR(Role.OPERATOR_NAME),
    /** Is known, and may do no more than anybody: read. */
    READER(Role.READER_NAME);

    public static final String OPERATOR_NAME = "operator";
    public static final String READER_NAME = "reader";

    private final String wireName;

    Role(String wireName) {
        this.wireName = wireName;
    }

    /** As tokens spell it. */
    String wireName() {
        return wireName;
    }
}
