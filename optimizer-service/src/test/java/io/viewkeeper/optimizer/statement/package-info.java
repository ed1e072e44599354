@NullMarked
package io.viewkeeper.optimizer.statement;

import org.jspecify.annotations.NullMarked;
