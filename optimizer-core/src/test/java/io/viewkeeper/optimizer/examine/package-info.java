@NullMarked
package io.viewkeeper.optimizer.examine;

import org.jspecify.annotations.NullMarked;
