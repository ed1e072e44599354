// SPDX-License-Identifier: Apache-2.0
/**
 * The program behind {@code ./viewkeeper demo}, {@code bench} and {@code chaos}: one package for each command, and three that
 * they share ({@code console}, {@code process}, {@code workbench}). The end-to-end tests of the packaged services live beside
 * it and start them the same way.
 *
 * <p>Does not belong here: tables, sample data and reports (package {@code claims}), how a server is started (package
 * {@code server}), code of a service: the launcher knows the services as anybody does, by settings, HTTP, tables and topics.
 */
@NullMarked
package io.viewkeeper.sandbox.launcher;

import org.jspecify.annotations.NullMarked;
