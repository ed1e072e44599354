// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

/** A statement, and what somebody has left in the schema {@code trap} for whoever explains it. */
record Trap(String objects, String statement) {}
