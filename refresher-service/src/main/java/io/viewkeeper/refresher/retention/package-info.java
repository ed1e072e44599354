/**
 * Deletes what is older than anybody needs. Belongs here: for how long each table keeps its rows. Does not: what is in
 * them.
 */
@NullMarked
package io.viewkeeper.refresher.retention;

import org.jspecify.annotations.NullMarked;
