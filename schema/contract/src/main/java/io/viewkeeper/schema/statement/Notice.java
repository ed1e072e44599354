// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.statement;

/**
 * Something about the database that makes the answers poorer than they could be.
 *
 * @param code stable, in lower case with hyphens
 * @param message what is so, what follows from it, and what to do
 */
public record Notice(String code, String message) {}
