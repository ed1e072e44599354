// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.schema.database.DatabaseException;

/** What the server's refusals mean to a reader. Its own words go along: the gateway has taken values out of them. */
final class Failures {
    private Failures() {}

    /** @param text of the statement, of which no literal comes back */
    static TextCheck.Verdict sentence(DatabaseException failure, String text) {
        String said = "The server refuses it: " + KnownNames.in(text).keptIn(failure.serverMessage()) + ".";
        return switch (failure.sqlState().code()) {
            case "42601" ->
                new TextCheck.Verdict(
                        said,
                        "The text may be cut short, or normalisation took out what the grammar needs; send it with values.");
            case "42P01", "3F000", "42704" ->
                new TextCheck.Verdict(
                        said,
                        "It is gone, or in a schema that is in no search_path that is known for it: alter role or alter database ... set search_path.");
            case "42703" ->
                new TextCheck.Verdict(
                        said, "A column is not there: the table may have changed since the statement was executed.");
            case "42501" ->
                new TextCheck.Verdict(
                        said, "Grant pg_read_all_data, or select on what it reads and usage on its schema.");
            case "42725", "42P18", "42883", "42804", "42P08", "42803" ->
                new TextCheck.Verdict(
                        said, "The types of its parameters cannot be told from the text; send it with values.");
            case "54001", "54000", "54023" ->
                new TextCheck.Verdict(
                        "The statement is nested too deeply, or too large, for the server.", "Shorten it.");
            case "57014" ->
                new TextCheck.Verdict(
                        "Planning took too long and was stopped.",
                        "Raise viewkeeper.optimizer.analysis.plan-timeout, total or budget.");
            case "55P03" ->
                new TextCheck.Verdict(
                        "A relation is locked by somebody who changes it.", "Try again when that is over.");
            case "26000", "0A000" -> new TextCheck.Verdict(said, "Statements of this kind have no plan.");
            default -> new TextCheck.Verdict(said, "Try it in psql: explain (generic_plan) from PostgreSQL 16 on.");
        };
    }
}
