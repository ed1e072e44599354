// SPDX-License-Identifier: Apache-2.0
/**
 * What consumers of Viewkeeper's events may rely on: the records, their topics, types and headers, and beside them (as
 * resources) their JSON Schemas and the AsyncAPI document. Belongs here: data. Does not: reading, writing, deciding.
 */
@NullMarked
package io.viewkeeper.schema.event;

import org.jspecify.annotations.NullMarked;
