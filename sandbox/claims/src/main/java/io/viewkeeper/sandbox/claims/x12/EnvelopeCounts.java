// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

/** How many envelopes of each kind, and segments in all, a file holds. */
public record EnvelopeCounts(int interchanges, int groups, int transactionSets, int segments) {}
