// SPDX-License-Identifier: Apache-2.0
/** What the packaged services do together, on PostgreSQL and Kafka. Does not belong here: the launcher itself. */
@NullMarked
package io.viewkeeper.sandbox.launcher.installation;

import org.jspecify.annotations.NullMarked;
