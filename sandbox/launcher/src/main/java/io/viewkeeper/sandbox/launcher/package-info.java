/**
 * What {@code ./viewkeeper} runs: the demo, which starts servers and the three packaged services as processes and shows
 * what they do, and the benchmarks. The end-to-end tests of the packaged services live beside it and start them the same way.
 *
 * <p>Does not belong here: tables, sample data and reports (package {@code claims}), how a server is started (package
 * {@code server}), code of a service: the launcher knows the services as anybody does, by settings, HTTP, tables and topics.
 */
@NullMarked
package io.viewkeeper.sandbox.launcher;

import org.jspecify.annotations.NullMarked;
