// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

/** A relation as pg_catalog spells it. */
public record RelationName(String schema, String name) {}
