@NullMarked
package io.viewkeeper.optimizer.sql;

import org.jspecify.annotations.NullMarked;
