// SPDX-License-Identifier: Apache-2.0
/**
 * Real servers for tests, benchmarks and the demo: PostgreSQL and Kafka as child processes of this JVM (or as containers
 * where that is asked for), and databases migrated as in production, with a connection string for each role.
 *
 * <p>Belongs here: starting, stopping, killing and restarting a server; making a database. Does not: sample data, the
 * services, anything that imitates a server.
 */
@NullMarked
package io.viewkeeper.sandbox.server;

import org.jspecify.annotations.NullMarked;
