// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

/** A finished refresh. Version 1; within it changes are additive, and a stored record can be read for ever. */
public sealed interface RefreshEvent permits RefreshCompleted, RefreshFailed {
    /** What happened, apart from how it ended. */
    RefreshRun run();

    /** The {@code ce_type}. */
    String type();

    /** The {@code ce_dataschema}: identifier of the payload's JSON Schema, which ships beside these classes. */
    String dataSchema();
}
