// SPDX-License-Identifier: Apache-2.0
/** How a service answers Prometheus. Belongs here: formats, and which meters of libraries are shown; ours are where they count. */
@NullMarked
package io.viewkeeper.schema.service.scrape;

import org.jspecify.annotations.NullMarked;
