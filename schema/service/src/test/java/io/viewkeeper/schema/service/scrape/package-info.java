// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.schema.service.scrape;

import org.jspecify.annotations.NullMarked;
