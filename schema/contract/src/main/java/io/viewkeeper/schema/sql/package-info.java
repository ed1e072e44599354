/** SQL as tokens: where a name, a literal or a comment begins and ends. Pure; it does not know what a text means. */
@NullMarked
package io.viewkeeper.schema.sql;

import org.jspecify.annotations.NullMarked;
