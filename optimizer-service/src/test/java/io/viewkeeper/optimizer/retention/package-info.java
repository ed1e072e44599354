@NullMarked
package io.viewkeeper.optimizer.retention;

import org.jspecify.annotations.NullMarked;
