/** SQL as tokens: where a literal begins and ends, and how a text looks without any. Pure; it does not know what a text means. */
@NullMarked
package io.viewkeeper.optimizer.sql;

import org.jspecify.annotations.NullMarked;
